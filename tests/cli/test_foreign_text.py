"""Whatever files and arguments hold, a terminal gets lines of visible text."""

import json

import pytest
import xarray as xr
from made_up_data import FILES, write_files
from unchecked import write_unchecked

import mcescalate as mc
from mcescalate.errors import McEscalateError
from mcescalate.hidden import escape_hidden
from mcescalate.results.files.canonical import DIGEST

EVIL = "x\x1b[31m\x9b2J\x1b]0;t\x07\rA\nFORGED: valid\tq\u202e\u200b\u2028\ufeff[bold]m[/bold]y"
"""Colours, a window's title, a bell, another line, reversed text, and rich's markup."""
IN_TOML = json.dumps(EVIL)  # its escapes are TOML's too
WORD = EVIL.replace("\n", " ")
"""The same where lines end the thing."""
FEW = ("-n", 30, "--seed", 7)


def check_clean(done, *codes):
    """Streams that no terminal obeys, without a line that others wrote, nor a traceback."""
    assert done.returncode in codes, done.stderr
    for stream in (done.stdout, done.stderr):
        for line in stream.split("\n"):
            assert escape_hidden(line) == line
            assert not line.startswith(("FORGED", "Traceback"))
    assert "internal error" not in done.stderr


ROWS = (
    *(f"[[actors]]\nid = {text}\ncapability = 1\nname = {text}" for text in [IN_TOML] * 2),
    f"[[ties]]\nfrom = {IN_TOML}\nto = {IN_TOML}\nkind = {IN_TOML}\ntreaty = {IN_TOML}",
    f"[[ties]]\nfrom = {IN_TOML}\nto = {IN_TOML}\nkind = 'defence'\nagainst = [{IN_TOML}]",
    f"[[dyads]]\na = {IN_TOML}\nb = {IN_TOML}\nrivalry = {IN_TOML}",
    f"[trigger]\ninitiator = {IN_TOML}\ntarget = {IN_TOML}\nsource = {IN_TOML}\n{IN_TOML} = 1",
    f"[[trigger.domains]]\nname = {IN_TOML}",
    f"[ladder]\nrungs = [{IN_TOML}, {IN_TOML}, 'c']\nmobilised = 1\ncasus = 1\nmid = [1, 2, 3]",
    f"[response]\nnote = {IN_TOML}\ngap = {IN_TOML}\n{IN_TOML} = 1",
    f"[{IN_TOML}.{IN_TOML}]\na = 1",
)
TABLES = f"schema_version = 1\ntitle = {IN_TOML}\ndescription = {IN_TOML}\n" + "\n".join(ROWS)
BROKEN = {
    "all fields": TABLES,
    "a raw byte": "schema_version = 1\ntitle = 'a\x1b[31mb'\n",
    "a key twice": f"[{IN_TOML}]\n[{IN_TOML}]\n",
    "a key that is a value": f"{IN_TOML} = 1\n{IN_TOML}.a = 2\n",
    "no TOML": WORD,
    "raw text in a key": "\u202e\u200b\x9b = 1\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_files_that_are_no_scenario(mcescalate, scenario_file, tmp_path, text):
    (tmp_path / "evil.toml").write_text(text, encoding="utf-8")
    for command in ("check", "run", "exact", "levers"):
        check_clean(mcescalate(command, "evil.toml"), 2)
    check_clean(mcescalate("trace", "evil.toml", "--chain", 0), 2)
    check_clean(mcescalate("compare", scenario_file, "evil.toml"), 2)
    check_clean(mcescalate("sweep", "evil.toml", "-o", "out"), 2)
    check_clean(mcescalate("check", scenario_file, "--overlay", "evil.toml"), 2)


@pytest.mark.parametrize(
    "plan",
    [
        f"title = {IN_TOML}\n[[bases]]\nscenario = {IN_TOML}\nname = {IN_TOML}",
        f"[[bases]]\nscenario = 'small.toml'\noverlays = [{json.dumps(WORD)}]",
        "[[bases]]\nscenario = 'small.toml'\nsettings = ['\\u001b=1']",
        f"[[bases]]\nscenario = 'small.toml'\n[[axes]]\naddress = {IN_TOML}\nvalues = [{IN_TOML}]",
        f"[[bases]]\nscenario = 'small.toml'\n[precision]\nof = {IN_TOML}\nmax_chains = 5",
        "[[bases]]\nscenario = 'small.toml'\n[design]\nkind = 'table'\nfile = 'evil.csv'",
    ],
)
def test_plans_and_their_tables(mcescalate, scenario_file, tmp_path, plan):
    (tmp_path / "evil.csv").write_text(f'"{EVIL}",response.gap\n{WORD},1\n', encoding="utf-8")
    text = f"schema_version = 1\nchains = 5\nseed = 1\n{plan}\n"
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    check_clean(mcescalate("sweep", "plan.toml", "-o", "out"), 2)


def test_names_of_files(mcescalate, scenario_file, tmp_path):
    name = EVIL.replace("/", "")
    scenario = tmp_path / f"{name}.toml"
    scenario.write_bytes(scenario_file.read_bytes())
    check_clean(mcescalate("check", scenario.name), 0)
    check_clean(mcescalate("check", scenario.name, "--json"), 0)
    check_clean(mcescalate("run", scenario.name, *FEW), 0)
    result = f"{name}-7.h5"
    assert (tmp_path / result).is_file()
    for words in (("show", result), ("show", result, "--json"), ("report", result)):
        check_clean(mcescalate(*words), 0)
    check_clean(mcescalate("merge", result, result, "-o", f"{name}2.h5"), 2)
    check_clean(mcescalate("run", scenario.name, *FEW), 2)
    check_clean(mcescalate("sweep", scenario.name, "-o", name), 2)
    (tmp_path / f"{name}.csv").write_text("a,b\n1,2\n")
    check_clean(mcescalate("import", f"{name}.csv", "--date", "1931-06-01"), 2, 3)


REPORTED = ("title", "title in the provenance")


def attacked(result: xr.Dataset) -> dict[str, xr.Dataset]:
    """A result with foreign text in each attribute, coordinate and name, one at a time."""
    cases = {key: result.assign_attrs({key: EVIL}) for key in result.attrs if key != DIGEST}
    cases["an attribute more"] = result.assign_attrs({"note": EVIL, "kind": EVIL})
    for name in result.coords:
        labels = result[name].values
        if labels.dtype.kind in "OUT":
            cases[str(name)] = result.assign_coords({name: [EVIL, *labels[1:]]})
    cases["a variable more"] = result.assign({WORD.replace("/", ""): 1})
    origin = result.attrs["provenance"].replace('"Two rivals and an ally"', json.dumps(EVIL))
    cases["title in the provenance"] = result.assign_attrs(provenance=origin)
    return cases


@pytest.mark.filterwarnings("default:.*added since it was written:UserWarning")
def test_results(mcescalate, scenario_file, tmp_path):
    result = mc.simulate(mc.load_scenario(scenario_file), n_chains=30, seed=7)
    path = tmp_path / "evil.h5"
    for what, case in attacked(result).items():
        try:
            mc.save(case, path, force=True)
        except McEscalateError:
            write_unchecked(case, path)
        check_clean(mcescalate("show", path), 0, 2, 3)
        if what in REPORTED:
            check_clean(mcescalate("merge", path, path, "-o", "m.h5"), 2, 3)
            check_clean(mcescalate("show", path, "--json"), 0, 2, 3)
            check_clean(mcescalate("report", path, "--force"), 0, 2, 3)


@pytest.mark.parametrize("name", FILES)
def test_data_files(mcescalate, tmp_path, name):
    """Foreign text in the header of a data file, and in its first cells."""
    lines = FILES[name].splitlines()
    n_columns = lines[0].count(",")
    quoted = '"' + EVIL + '"'
    cells = lines[1].split(",")
    for text in (
        "\n".join([f"{lines[0]},{quoted}", *(f"{line},1" for line in lines[1:])]),
        "\n".join([lines[0].replace("ccode", WORD).replace("state", WORD), *lines[1:]]),
        "\n".join([lines[0], ",".join([WORD, *cells[1:]]), *lines[2:]]),
        "\n".join([lines[0], ",".join([quoted] * (n_columns + 1)), *lines[2:]]),
    ):
        folder = tmp_path / "data"
        folder.mkdir(exist_ok=True)
        write_files(folder, FILES | {name: text})
        for more in ((), ("--json",)):
            words = ("--date", "1931-06-01", "-o", "s.toml", "--force", *more)
            check_clean(mcescalate("import", folder, *words), 0, 2, 3)


LONG_OPTIONS = (
    *("--set", "--overlay", "--out", "--seed", "-n", "--workers", "--backend", "--first-chain"),
    *("--without", "--with", "--of", "--kind", "--top", "--precision", "--part", "--executor"),
    *("--scheduler", "--status-file", "--prune", "--chain", "--date", "--actors", "--around"),
    *("--within", "--through", "--missing", "--mapping", "--initiator", "--target", "--title"),
)
COMMANDS = ("run", "check", "show", "exact", "trace", "sweep", "merge", "import", "compare")


@pytest.mark.parametrize("command", [*COMMANDS, "levers", "report", "schema", "info"])
def test_arguments(mcescalate, scenario_file, command):
    for words in (
        (EVIL,),
        (scenario_file, EVIL),
        (scenario_file, f"--{EVIL}"),
        (scenario_file, f"--{EVIL}={EVIL}"),
        (scenario_file, f"-{EVIL}"),
        (scenario_file, "--json=" + EVIL),
        (scenario_file, "--debug", EVIL, EVIL),
        (scenario_file, b"\xff\x9b".decode("utf-8", "surrogateescape")),
    ):
        done = mcescalate(command, *words)
        if "--debug" not in words:
            check_clean(done, 2, 3)
    check_clean(mcescalate(EVIL), 2)
    check_clean(mcescalate(EVIL, command), 2)


WITH_OPTIONS = (
    ("run", FEW[:4]),
    ("levers", FEW),
    ("compare", (*FEW, "--without", "mediator")),
    ("sweep", ("-o", "out")),
    ("trace", ()),
    ("exact", ()),
)


@pytest.mark.parametrize(
    "step", [3, pytest.param(1, marks=pytest.mark.slow)], ids=["in turn", "all"]
)
@pytest.mark.parametrize("option", LONG_OPTIONS)
def test_values_of_options(mcescalate, scenario_file, tmp_path, option, step):
    """Each option with every third command in turn, or with all; `exact` solves but for its own."""
    first = LONG_OPTIONS.index(option) % step
    for command, more in WITH_OPTIONS[first::step]:
        if command != "exact" or option in ("--prune", "--set"):
            check_clean(mcescalate(command, scenario_file, option, EVIL, *more), 2)
    if step == 1 or first == 0:
        check_clean(mcescalate("import", tmp_path, "--date", "1931-06-01", option, EVIL), 2, 3)


@pytest.mark.parametrize("name", ["MCESCALATE_WORKERS", "MCESCALATE_BACKEND"])
def test_settings_of_the_environment(mcescalate, scenario_file, name):
    check_clean(mcescalate("run", scenario_file, **{name: EVIL}), 2)
    check_clean(mcescalate("run", "--help", **{name: EVIL}), 0)
    check_clean(mcescalate("info", **{name: EVIL}), 0)
    check_clean(mcescalate("info", "--json", **{name: EVIL}), 0)


def test_titles_of_every_script_come_through(mcescalate, scenario_file):
    title = "Кризис 危機 أزمة می\u200cشود संकट"
    text = scenario_file.read_text(encoding="utf-8").replace("Two rivals and an ally", title)
    scenario_file.write_text(text, encoding="utf-8")
    assert title in mcescalate("check", scenario_file).stdout
    assert title in mcescalate("run", scenario_file, *FEW).stdout
    assert json.loads(mcescalate("show", "small-7.h5", "--json").stdout)["title"] == title


def test_markup_of_rich_is_text(mcescalate, scenario_file):
    text = scenario_file.read_text().replace("Two rivals", "[bold red]Two[/] :bomb: rivals")
    scenario_file.write_text(text)
    assert "[bold red]Two[/] :bomb: rivals" in mcescalate("check", scenario_file).stdout
    assert "[bold]x" in mcescalate("check", "[bold]x.toml").stderr
