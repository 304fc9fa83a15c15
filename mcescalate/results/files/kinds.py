"""Kinds of output files: a name whose ending promises another kind is refused before any work."""

import re
from dataclasses import dataclass
from pathlib import Path

from mcescalate.errors import OutputError


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is written.

    Parameters
    ----------
    noun : what is in it
    form : how it is written
    endings : of its name, the usual one first
    instead : where other kinds come from
    """

    noun: str
    form: str
    endings: tuple[str, ...]
    instead: str = ""


RESULT = FileKind(
    "a result",
    "netCDF4 (HDF5)",
    (".h5", ".hdf5", ".nc", ".nc4"),
    "; mcescalate report makes an HTML page of a result, --json prints its numbers",
)
TABLE = FileKind("a table", "CSV", (".csv",), "; --parquet writes Parquet, --json prints JSON")
PARQUET = FileKind("a table", "Parquet", (".parquet",), "; --csv writes CSV")
PAGE = FileKind("a report", "HTML", (".html", ".htm"), "; browsers print it to PDF")
PICTURE = FileKind("a figure", "SVG, PNG or PDF", (".svg", ".png", ".pdf"))
SCENARIO = FileKind("a scenario", "TOML", (".toml",))
STATUS = FileKind("a status file", "JSON", (".json",))

_KINDS = (RESULT, TABLE, PARQUET, PAGE, PICTURE, SCENARIO, STATUS)
_OTHERS = (
    *("xlsx", "xls", "ods", "txt", "tsv", "feather", "dta", "rds", "zarr"),
    *("jpg", "zip", "gz", "tar", "md", "docx", "tex", "npy", "npz"),
)
_OF_FILES = {
    *(ending for kind in _KINDS for ending in kind.endings),
    *(f".{other}" for other in _OTHERS),
}
"""Endings that say of a name that it is a file's and no folder's."""


def check_ending(path: Path, kind: FileKind) -> None:
    """Check that the ending of a name fits the content; a name without an ending is allowed.

    Raises
    ------
    OutputError
        It promises another kind of file; says which endings there are.
    """
    ending = path.suffix.casefold()
    if ending in ("", *kind.endings) or re.fullmatch(r"\.[0-9]+", ending):
        return
    raise OutputError(
        f"{path}: {kind.noun} is written as {kind.form}; expected a name ending in "
        f"{' or '.join(kind.endings)}, found {path.suffix}{kind.instead}"
    )


def check_folder_name(path: Path) -> None:
    """Check that the name of a new folder is not that of a file.

    Raises
    ------
    OutputError
        It is.
    """
    if path.suffix.casefold() in _OF_FILES:
        raise OutputError(
            f"{path}: a sweep is written into a folder, with its result in it; "
            f"expected the name of a folder, found one ending in {path.suffix}"
        )
