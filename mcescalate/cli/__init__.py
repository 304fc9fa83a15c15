"""The command line: one file per subcommand, and what they share.

`main` is the program. `commands` lists the subcommands, `options` the arguments that
several of them take, `terminal` what reaches the streams. Nothing below this package
prints or ends the process.
"""

from mcescalate.cli.program import main

__all__ = ["main"]
