"""CSV files as text: packings, line ends, marks, missing cells; and what is refused where."""

import datetime
import gzip

import pytest

from mcescalate.errors import DataError, UsageError
from mcescalate.importing.files.csv_files import header_of, read_table
from mcescalate.importing.files.raw_text import head_of, read_start

GZIP = gzip.compress(b"a,b\n1,2\n" * 50, mtime=0)
TEXT = 'Code,name,year\n2,"A, or not",1914\n-9, ,1915\n'


def table_of(tmp_path, data, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return read_table(path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("packed", [False, True])
def test_packings_are_all_the_same(tmp_path, end, mark, packed):
    data = (mark + TEXT.replace("\n", end)).encode("utf-8")
    table = table_of(tmp_path, gzip.compress(data) if packed else data)
    assert table.columns == {
        "code": ("2", "-9"),
        "name": ("A, or not", ""),
        "year": ("1914", "1915"),
    }
    assert table.lines == (2, 3)
    head = head_of(tmp_path / "file.csv", read_start(tmp_path / "file.csv"))
    assert header_of(head).columns == ("code", "name", "year")


@pytest.mark.parametrize(
    "encoding, remark",
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("cp1252", ["read as Windows-1252: it is not UTF-8 (line 2, byte 0xc9)"]),
        ("utf-16", ["read as UTF-16"]),
    ],
)
def test_encodings_are_reported(tmp_path, encoding, remark):
    table = table_of(tmp_path, "a,b\nÉlysée,2\n".encode(encoding))
    assert table.columns == {"a": ("Élysée",), "b": ("2",)}
    assert table.remarks == remark


@pytest.mark.parametrize(
    "text, n_remarks",
    [("a,b\n1,14\n2,1", 1), ("a,b\n1,14\n2,14", 0), ("a,b\n1,14\n2,1\n", 0)],
)
def test_a_last_line_that_may_have_been_cut_off_is_reported(tmp_path, text, n_remarks):
    remarks = table_of(tmp_path, text).remarks
    assert remarks == ["line 3 has no line end: the file may be truncated there"][:n_remarks]


@pytest.mark.parametrize(
    "text, n_remarks",
    [
        ("a,b\n20,x\n2 ,x\n20,x\n", 1),
        ("a,b\n20 ,x\n2 ,x\n20 ,x\n", 0),
        ("a,b\n20,x \n2,x\n20,x\n", 0),
        ("a,b\n20,x\n 2,x\n20,x\n", 0),
        ('a,b\n20,x\n2,x"x\n20,x\n', 1),
        ('a,b\n20,"x"\n2,"x""x"\n20,x\n', 0),
    ],
)
def test_what_may_be_a_lost_digit_or_quote_is_reported(tmp_path, text, n_remarks):
    assert len(table_of(tmp_path, text).remarks) == n_remarks


def test_blank_rows_are_passed_over_and_lines_stay_right(tmp_path):
    table = table_of(tmp_path, "\n,\na,b\n\n1,2\n, \n3,4\n")
    assert table.columns["a"] == ("1", "3")
    assert table.lines == (5, 7)


def test_minus_nine_and_blanks_are_missing(tmp_path):
    table = table_of(tmp_path, 'a\n5\n-9\n-9.0\nNA\n.\n""\n')
    assert table.known("a", 0, 9) == [5, None, None, None, None]
    assert table.numbers("a", 0.0, 9.0) == [5.0, None, None, None, None]
    assert table.known("absent", 0, 9) == [None] * 5


def test_minus_nine_counts_where_it_can_stand(tmp_path):
    assert table_of(tmp_path, "a\n-9\n").known("a", -10, 10) == [-9]


def test_days_unknown_in_part_are_the_first_or_last_possible(tmp_path):
    table = table_of(tmp_path, "y,m,d\n1900,2,-9\n1904,-9,-9\n0,0,0\n")
    assert table.days("y", "m", "d", last=False) == [
        datetime.date(1900, 2, 1),
        datetime.date(1904, 1, 1),
        None,
    ]
    assert table.days("y", "m", "d", last=True) == [
        datetime.date(1900, 2, 28),
        datetime.date(1904, 12, 31),
        None,
    ]


@pytest.mark.parametrize(
    "data, place",
    [
        ("a,b\n1,2\n3\n", "line 3, column a: expected 2 cells"),
        ("a,b\n1,2,3\n", "line 2, column b: expected 2 cells"),
        ("a,a\n1,2\n", "line 1, column a: appears twice"),
        ("a;b\n1;2\n", "line 1: columns are separated by semicolons"),
        ("a,b\n", "line 1: expected rows"),
        ("", "line 1: expected column names"),
        (b"a,b\n1,2\n\x81,3\n", "line 3: byte 0x81 is neither UTF-8 nor Windows-1252"),
        ("a,b\né,2\n".encode() + b"\xe9,3\n", "line 3: byte 0xe9 is not UTF-8, as the file is"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "is not UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "line 1: a zero byte"),
        ("a|b\n1|2\n", "line 1: columns are separated by bars"),
        (b"a,b\n1,\x002\n", "line 2: a zero byte"),
        ('a,b\n"1,2\n', "line 2: unexpected end of data"),
        (",".join(f"c{i}" for i in range(100_000)) + "\n1\n", "line 1: more than 2000 columns"),
        ("a,b\n1," + "x" * 200_000 + "\n", "line 2: field larger than field limit"),
        ("a,b\n" + "x" * 200_000, "line 2: field larger than field limit"),
        (GZIP[:-9], "the gzip data are damaged or end too early"),
        (GZIP[:-5] + b"xxxxx", "the gzip data are damaged"),
    ],
)
def test_damage_is_reported_with_its_place(tmp_path, data, place):
    with pytest.raises(DataError) as caught:
        table_of(tmp_path, data)
    assert str(caught.value).startswith(str(tmp_path / "file.csv"))
    assert place in str(caught.value)


@pytest.mark.parametrize(
    "cell, text",
    [
        ("x", 'expected a whole number from 1 to 9, found "x"'),
        ("10", "expected a whole number from 1 to 9"),
        ("2.5", "expected a whole number"),
        ("1_0", "expected a whole number"),
        ("inf", "expected a whole number"),
        ("nan", "expected a whole number"),
        ("-9", "expected a whole number"),
    ],
)
def test_cells_that_are_no_such_number(tmp_path, cell, text):
    table = table_of(tmp_path, f"a\n1\n{cell}\n")
    with pytest.raises(DataError) as caught:
        table.whole("a", 1, 9)
    assert f"line 3, column a: {text}" in str(caught.value)


@pytest.mark.parametrize("cells", ["1900,2,30", "1900,13,1", "12,1,1"])
def test_days_that_are_none(tmp_path, cells):
    with pytest.raises(DataError, match=r"line 2, column [ymd]"):
        table_of(tmp_path, f"y,m,d\n{cells}\n").days("y", "m", "d", last=False)


def test_two_versions_in_one_file(tmp_path):
    with pytest.raises(DataError, match=r"line 3, column version: .* two versions"):
        _ = table_of(tmp_path, "a,version\n1,5\n2,6\n").version


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(UsageError, match="there is no such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="found a folder"):
        read_table(tmp_path)
