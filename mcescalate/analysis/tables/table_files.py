"""Long tables as files: CSV, and Parquet with the package pyarrow."""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.tables.export import harmless
from mcescalate.analysis.tables.long_table import (
    Labels,
    Piece,
    columns_of,
    dataset_table,
    long_table,
)
from mcescalate.arguments import file_name
from mcescalate.errors import ExtraMissing
from mcescalate.results.arrays import Arrays
from mcescalate.results.files.atomic import atomic_file
from mcescalate.results.files.kinds import PARQUET, TABLE, check_ending

if TYPE_CHECKING:
    import pyarrow
    import xarray as xr

__all__ = ["save_table"]

Columns = Mapping[str, type]
"""Names of columns in their order, and what is in them: str, int, float or bool."""


def save_table(
    data: "Arrays | xr.Dataset", path: str | os.PathLike[str], force: bool = False
) -> None:
    """Write the counts of a result, or a dataset of estimates, as one long table.

    Parameters
    ----------
    data
        A result, of which each count is written as by `long_table.long_table`; or a dataset of
        estimates, such as `compare.differences` returns, a row for each combination of labels.
    path
        File to write; a name that ends in .parquet is written as Parquet, others as CSV.
    force
        Whether to replace a file of this name.

    Raises
    ------
    ExtraMissing
        Parquet is asked for, and pyarrow is not installed.
    OutputError
        The file exists, or its folder cannot take it.
    ResourceError
        The disk is full.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.analysis.table_files.save_table(result, "july.csv")
    >>> with open("july.csv") as table:
    ...     "probability" in table.readline()
    True
    """
    file = Path(file_name(path, "save_table"))
    columns: Columns
    pieces: Iterable[Piece]
    if "provenance" in data.attrs:
        columns, pieces = columns_of(data), long_table(data)
    else:
        estimates = data.to_dataset() if isinstance(data, Arrays) else data
        columns, pieces = dataset_table(estimates)
    write = write_parquet if file.suffix.casefold() in PARQUET.endings else write_csv
    write(file, columns, pieces, force=force)


def check_parquet() -> None:
    """Check that Parquet can be written.

    Raises
    ------
    ExtraMissing
        The package pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise ExtraMissing(
            'Parquet needs the extra "parquet": pip install "mcescalate[parquet]"'
        ) from error


def write_csv(path: Path, columns: Columns, pieces: Iterable[Piece], *, force: bool) -> None:
    """Write a table as CSV; a cell without a value is empty.

    Texts that a spreadsheet would run as a formula begin with an apostrophe.
    """
    check_ending(path, TABLE)
    with atomic_file(path, force=force) as file:
        file.write(_csv_rows([[harmless(name) for name in columns]]))
        for piece in pieces:
            cells = [_csv_cells(piece.get(name), _length(piece)) for name in columns]
            file.write(_csv_rows(zip(*cells, strict=True)))


def write_parquet(path: Path, columns: Columns, pieces: Iterable[Piece], *, force: bool) -> None:
    """Write a table as Parquet, a row group for each piece; a cell without a value is null.

    Raises
    ------
    ExtraMissing
        The package pyarrow is not installed.
    """
    check_parquet()
    check_ending(path, PARQUET)
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {
        str: pa.dictionary(pa.int32(), pa.string()),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
    }
    schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
    with atomic_file(path, force=force) as file, pq.ParquetWriter(file, schema) as writer:
        for piece in pieces:
            n = _length(piece)
            arrays = [_arrow(piece.get(field.name), n, field.type) for field in schema]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _length(piece: Piece) -> int:
    column = next(iter(piece.values()))
    return len(column.places if isinstance(column, Labels) else column)


def _csv_rows(rows: Iterable[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _csv_cells(column: Labels | np.ndarray | None, n: int) -> list[Any]:
    if column is None:
        return [""] * n
    if isinstance(column, Labels):
        labels = [harmless(label) for label in column.labels.tolist()]
        return [labels[place] for place in column.places.tolist()]
    cells = [harmless(cell) for cell in column.tolist()]
    return ["" if cell != cell else cell for cell in cells]  # NaN: no value


def _arrow(column: Labels | np.ndarray | None, n: int, kind: Any) -> "pyarrow.Array":
    import pyarrow as pa

    if column is None:
        return pa.nulls(n, kind)
    if isinstance(column, Labels):
        if not pa.types.is_dictionary(kind):
            return pa.array(column.labels[column.places], kind)
        return pa.DictionaryArray.from_arrays(
            pa.array(column.places, pa.int32()), pa.array(column.labels.tolist(), pa.string())
        )
    if pa.types.is_dictionary(kind):
        return pa.array(column.tolist(), pa.string()).dictionary_encode()
    return pa.array(column, kind, from_pandas=True)
