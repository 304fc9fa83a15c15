"""The subcommands, by name. Their modules are imported when they are called.

A new command is a row in `COMMANDS` and a function in `commands`, which does the work and returns
nothing, or an exit code other than 0.
"""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from cyclopts import App, Parameter

from mcescalate import __version__


@dataclass(frozen=True)
class Command:
    """A subcommand: its name, its function as "module:function" and its line of help."""

    name: str
    function: str
    help: str


COMMANDS = (
    Command(
        "run", "chains.run:run", "Simulate chains of one scenario and write the counts to a file."
    ),
    Command("check", "scenario_files:check", "Check a scenario and summarise what it contains."),
    Command("describe", "scenario_files:describe", "List what a scenario contains."),
    Command("show", "results:show", "Print the probabilities in a result file."),
    Command("exact", "chains.exact:exact", "Solve a small scenario exactly, without sampling."),
    Command(
        "trace", "chains.trace:trace", "Describe one chain of a run, or branch off it at a turn."
    ),
    Command(
        "rare", "chains.rare:rare", "Estimate the probability of an event too rare to be counted."
    ),
    Command(
        "sweep", "chains.sweep:sweep", "Simulate all points of a plan; resumes where it stopped."
    ),
    Command("merge", "results:merge", "Combine result files, or the shards of a sweep."),
    Command("import", "data.import_data:import_data", "Make a scenario from published data files."),
    Command("backtest", "data.backtest:backtest", "Predict recorded disputes; score the result."),
    Command("calibrate", "data.calibrate:calibrate", "Fit coefficients to recorded disputes."),
    Command(
        "compare", "effects.compare:compare", "Compare two scenarios on the same random numbers."
    ),
    Command(
        "levers", "effects.levers:levers", "Rank ties, hotlines and other levers by their effect."
    ),
    Command(
        "explore", "effects.explore:explore", "Change values on a local page and see the effect."
    ),
    Command(
        "inadvertence", "effects.inadvertence:inadvertence", "Count the wars due to misperception."
    ),
    Command("report", "results:report", "Write an HTML page on a result, with figures and tables."),
    Command("cases", "scenario_files:cases", "List the cases, overlays and plans of the package."),
    Command("schema", "scenario_files:schema", "Print the JSON Schema of scenario files."),
    Command("info", "info:info", "Print versions, backends, limits and settings in force."),
)

ABOUT = "Monte Carlo escalation engine: chains of misperception and response on alliance networks."


def build_app() -> App:
    """The command line as a cyclopts app; parse errors are raised, results returned."""
    app = App(
        name="mcescalate",
        help=ABOUT,
        version=__version__,
        help_formatter="plain",
        result_action="return_value",
        print_error=False,
        exit_on_error=False,
        suppress_keyboard_interrupt=False,
    )
    for order, command in enumerate(COMMANDS):
        path = f"{__package__}.commands.{command.function}"
        app.command(path, name=command.name, help=command.help, sort_key=order)
    app.register_install_completion_command()

    @app.meta.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        no_color: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
        debug: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
    ) -> object:
        """Monte Carlo escalation engine.

        Parameters
        ----------
        no_color
            Never use colour; so does the variable NO_COLOR.
        debug
            Show the traceback of any error.
        """
        return app(tokens)

    return app


def show_full_help(app: App, words: Sequence[str]) -> None:
    """Let the help of the command in `words`, if they ask for it, say all that its function says.

    The list of commands has a line for each, so that it need not import their modules.
    """
    asked = _HELP.intersection(words) and [word for word in words if word in _NAMES]
    if asked:
        command = app[asked[0]]
        command.help = inspect.getdoc(command.default_command) or command.help


_NAMES = {command.name for command in COMMANDS}
_HELP = {"--help", "-h"}
