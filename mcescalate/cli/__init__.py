"""The command line: one file per subcommand, and what they share.

`main` is the program. `commands` lists the subcommands, `options` the arguments that
several of them take, `terminal` what reaches the streams. Nothing below this package
prints or ends the process.
"""

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(tokens: Sequence[str] | None = None) -> int:
    """Run the command line `tokens` (default: the process's own) and return its exit code.

    Signals are heeded before anything large is imported.
    """
    from mcescalate.cli.terminal import signals

    previous = signals.heed()
    code = signals.INTERRUPTED
    try:
        from mcescalate.cli.program import run

        code = run(sys.argv[1:] if tokens is None else tokens)
    except (KeyboardInterrupt, signals.Stopped) as stop:
        signals.tell_stopped()
        code = signals.exit_code(stop)
    finally:
        signals.remove_drafts()
        if tokens is None:
            signals.end_at_once_with(code)
        else:
            signals.restore(previous)
    return code
