"""What pyproject.toml cannot say: `configs/` goes into a wheel as `mcescalate/cases/`."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
CASES = "configs"
ENDINGS = (".csv", ".toml")


class BuildWithCases(build_py):
    """Copy the cases beside the modules; an editable installation uses the checkout's own."""

    def run(self):
        super().run()
        if self.editable_mode:
            return
        # What an earlier build left there may be of a case that has gone since.
        shutil.rmtree(self._target(), ignore_errors=True)
        for source, target in self._copies().items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def get_outputs(self, include_bytecode=True):
        copies = [] if self.editable_mode else map(str, self._copies().values())
        return [*super().get_outputs(include_bytecode), *copies]

    def _target(self) -> Path:
        return Path(self.build_lib, "mcescalate", "cases")

    def _copies(self) -> dict[Path, Path]:
        """Where each file of the cases goes."""
        sources = (it for it in (ROOT / CASES).rglob("*") if it.suffix in ENDINGS)
        return {it: self._target() / it.relative_to(ROOT / CASES) for it in sorted(sources)}


setup(cmdclass={"build_py": BuildWithCases})
