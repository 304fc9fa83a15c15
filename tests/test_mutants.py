"""The faults that `scripts/mutants.py` plants still fit the code; that each is caught, it shows."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def mutants():
    spec = importlib.util.spec_from_file_location("mutants", ROOT / "scripts" / "mutants.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["mutants"]


def test_every_fault_still_applies(mutants):
    """If this fails, the code has moved on: so must `old` and `new` in scripts/mutants.toml."""
    faults = mutants.read_faults("")
    assert len(faults) >= 20
    for fault in faults:
        text = (ROOT / fault.file).read_text(encoding="utf-8")
        compile(fault.planted(text), fault.file, "exec")
        assert fault.planted(text) != text


def test_a_fault_that_does_not_apply_is_an_error(mutants):
    fault = mutants.Fault("a sign", "rules.py", "a - b", "a + b")
    assert fault.planted("x = a - b\n") == "x = a + b\n"
    for text in ("x = a * b\n", "x = a - b\ny = a - b\n"):
        with pytest.raises(ValueError, match="expected the old text once"):
            fault.planted(text)


def test_faults_are_chosen_by_their_description(mutants):
    reused = mutants.read_faults("reused draw")
    assert reused
    assert all("reused draw" in fault.what for fault in reused)
