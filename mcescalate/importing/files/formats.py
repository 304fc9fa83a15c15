"""Files in other formats than CSV: what they are, and how to convert them."""

from dataclasses import dataclass
from pathlib import Path

_CSV = "export it as CSV"


@dataclass(frozen=True)
class Format:
    """A format that is not read.

    Parameters
    ----------
    name : e.g. "a Stata file"
    marks : bytes at the start of its content
    suffixes : ends of file names
    advice : what to do
    """

    name: str
    marks: tuple[bytes, ...]
    suffixes: tuple[str, ...]
    advice: str


FORMATS = (
    Format("a Stata file", (b"<stata_dta>",), (".dta",), f"{_CSV} (Stata: export delimited)"),
    Format(
        "an R file",
        (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"X\n\0\0\0"),
        (".rds", ".rda", ".rdata"),
        f"{_CSV} (R: write.csv)",
    ),
    Format(
        "an SPSS file",
        (b"$FL2@(#)", b"$FL3@(#)"),
        (".sav", ".zsav", ".por"),
        f"{_CSV} (SPSS: save as, or R: haven::read_sav and write.csv)",
    ),
    Format(
        "a SAS file",
        (b"HEADER RECORD*******LIB",),
        (".sas7bdat", ".xpt"),
        f"{_CSV} (SAS: proc export)",
    ),
    Format(
        "an Excel workbook",
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        (".xlsx", ".xls", ".xlsm", ".xlsb"),
        "save the sheet as CSV UTF-8, with commas",
    ),
    Format("an OpenDocument sheet", (), (".ods",), "save the sheet as CSV, with commas"),
    Format("a Parquet file", (b"PAR1",), (".parquet",), f"{_CSV} (pandas: to_csv)"),
    Format(
        "an Arrow file",
        (b"ARROW1", b"FEA1"),
        (".feather", ".arrow", ".ipc"),
        f"{_CSV} (pandas: to_csv)",
    ),
    Format("a SQLite database", (b"SQLite format 3\0",), (".sqlite", ".db"), f"{_CSV}"),
    Format("a MATLAB file", (b"MATLAB 5.0",), (".mat",), f"{_CSV}"),
    Format("an HDF5 or netCDF file", (b"\x89HDF", b"CDF\x01", b"CDF\x02"), (".h5", ".nc"), _CSV),
    Format("a Python pickle", (), (".pkl", ".pickle"), f"{_CSV} (pandas: to_csv)"),
    Format("a tar archive", (), (".tar", ".tar.gz", ".tgz"), "unpack it"),
    Format("a zip archive", (b"PK\x03\x04", b"PK\x05\x06"), (".zip",), "unzip it"),
    Format("a 7-Zip archive", (b"7z\xbc\xaf\x27\x1c",), (".7z",), "unpack it"),
    Format("a RAR archive", (b"Rar!\x1a\x07",), (".rar",), "unpack it"),
    Format("a file packed with bzip2", (b"BZh",), (".bz2",), "unpack it, or pack it with gzip"),
    Format("a file packed with xz", (b"\xfd7zXZ\0",), (".xz",), "unpack it, or pack it with gzip"),
    Format(
        "a file packed with zstd",
        (b"\x28\xb5\x2f\xfd",),
        (".zst",),
        "unpack it, or pack it with gzip",
    ),
)
"""Formats in which data are distributed."""

_PAGES = (
    Format("a web page", (b"<!doctype html", b"<html"), (), "download the file itself"),
    Format("an XML file", (b"<?xml",), (), "download the CSV file"),
    Format("a PDF document", (b"%PDF",), (), "download the CSV file"),
)
"""What a failed download may save under the name of a data file."""
_LONGEST_MARK = 64


def format_by_name(path: Path) -> Format | None:
    """The format of a file by the end of its name, if known."""
    name = path.name.lower()
    ends = (name, name.removesuffix(".gz"))
    return next(
        (kind for kind in FORMATS if any(end.endswith(kind.suffixes) for end in ends)), None
    )


def format_by_content(start: bytes) -> Format | None:
    """The format of a file by its first bytes, unpacked if gzipped; None if it may be text."""
    start = start[:_LONGEST_MARK].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next(
        (
            kind
            for kind in (*FORMATS, *_PAGES)
            if any(start.startswith(mark.lower()) for mark in kind.marks)
        ),
        None,
    )
