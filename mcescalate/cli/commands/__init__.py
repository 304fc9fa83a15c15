"""The subcommands; `mcescalate.cli.registry` names them."""
