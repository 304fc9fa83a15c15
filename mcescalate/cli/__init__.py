"""The command line.

`main` is the program, `registry` lists the subcommands, `commands` holds their functions,
`options` the arguments that several of them take, `views` the tables that they print, and
`terminal` writes to the streams. No other package prints or ends the process.
"""

import gc
import sys
from collections.abc import Sequence

__all__ = ["main"]

COLLECT_AFTER = 100_000
"""New objects after which Python looks for unreachable ones.

Imports make a million that stay. Looking through them after every 700, as is usual, and once more
when Python shuts down, takes a third of the time of a short run.
"""


def main(tokens: Sequence[str] | None = None) -> int:
    """Run the command line `tokens` (default: the process's own) and return its exit code.

    Signal handlers are installed before anything large is imported.
    """
    if tokens is None:
        gc.set_threshold(COLLECT_AFTER)
    from mcescalate.cli.terminal import signals

    previous = signals.install_handlers()
    code = signals.INTERRUPTED
    try:
        from mcescalate.cli.program import run

        code = run(sys.argv[1:] if tokens is None else tokens)
    except (KeyboardInterrupt, signals.Stopped) as stop:
        signals.print_stopped()
        code = signals.exit_code(stop)
    finally:
        signals.remove_drafts()
        if tokens is None:
            signals.exit_on_signals_with(code)
            gc.freeze()  # what is left goes with the process
        else:
            signals.restore_handlers(previous)
    return code
