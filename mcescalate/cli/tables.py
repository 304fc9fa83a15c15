"""Tables of an answer, as the options `--csv` and `--parquet` ask for them."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from mcescalate.cli.options import TableOptions
from mcescalate.cli.output_file import check_output
from mcescalate.cli.terminal.printing import say
from mcescalate.results.files.kinds import PARQUET, TABLE

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.analysis.tables.long_table import Piece
    from mcescalate.results.arrays import Arrays


def check_tables(options: TableOptions, *, force: bool) -> None:
    """Check, before any work, that the tables can be written.

    Raises
    ------
    OutputError, ResourceError
        The place is taken, closed or full, or the name promises another kind of file.
    ExtraMissing
        Parquet is asked for, and the package for it is not installed.
    """
    if options.csv is not None:
        check_output(options.csv, TABLE, force=force)
    if options.parquet is not None:
        from mcescalate.analysis.tables.table_files import check_parquet

        check_parquet()
        check_output(options.parquet, PARQUET, force=force)


def write_table_of(
    result: "Arrays | xr.Dataset", options: TableOptions, *, force: bool, quiet: bool
) -> None:
    """Write the counts of a result, if asked for, and say so."""
    if options:
        from mcescalate.analysis.tables.long_table import columns_of, long_table

        write_tables(
            options, lambda: (columns_of(result), long_table(result)), force=force, quiet=quiet
        )


def write_tables(
    options: TableOptions,
    table: "Callable[[], tuple[Mapping[str, type], Iterable[Piece]]]",
    *,
    force: bool,
    quiet: bool,
) -> None:
    """Write the table that `table` makes to each file that was asked for, and say so."""
    from mcescalate.analysis.tables.table_files import write_csv, write_parquet

    for path, write in ((options.csv, write_csv), (options.parquet, write_parquet)):
        if path is not None:
            columns, pieces = table()
            write(path, columns, pieces, force=force)
            if not quiet:
                say(f"written to {path}")
