"""`mcescalate cases`: what comes with the package and can be named without a file."""

from mcescalate.cli.options import Json, Quiet


def cases(*, as_json: Json = False, quiet: Quiet = False) -> None:
    """List the cases, overlays and plans that come with mcescalate, with a line on each.

    Each name stands for its file, from any folder: `mcescalate run july-1914`. A file of that
    name in the current folder goes first.
    """
    from mcescalate.cli.terminal import print_json, print_lines, say, stacked
    from mcescalate.scenario.library import KINDS, library_folder, list_entries

    entries = {f"{kind.word}s": list(list_entries(kind)) for kind in KINDS}
    if as_json:
        rows = {
            heading: [{"name": it.name, "line": it.line, "file": it.path} for it in listed]
            for heading, listed in entries.items()
        }
        print_json({"schema_version": 1, **rows})
        return
    width = max((len(entry.name) for listed in entries.values() for entry in listed), default=0)
    blocks = [
        [heading, *(f"  {it.name:<{width}}  {it.line}" for it in listed)]
        for heading, listed in entries.items()
    ]
    print_lines(*stacked(blocks))
    if not quiet:
        say(f"their files are in {library_folder()}")
