"""Ways in which data files are damaged, each by the numbers of a random generator."""

import gzip
import random
from collections.abc import Callable

Rows = list[list[str]]


def _rows(text: str) -> Rows:
    return [line.split(",") for line in text.splitlines()]


def _text(rows: Rows) -> str:
    return "".join(",".join(row) + "\n" for row in rows)


def _by_columns(change: Callable[[Rows, int, random.Random], None]) -> Callable:
    def damage(text: str, rng: random.Random) -> bytes:
        rows = _rows(text)
        change(rows, rng.randrange(len(rows[0])), rng)
        return _text(rows).encode()

    return damage


def _delete_column(rows: Rows, column: int, rng: random.Random) -> None:
    for row in rows:
        del row[column]


def _rename_column(rows: Rows, column: int, rng: random.Random) -> None:
    name = rows[0][column]
    rows[0][column] = rng.choice([name[:-1], f"{name}_x", f"X.{name}", name[::-1] + "q", "V1", ""])


def _rename_all(rows: Rows, column: int, rng: random.Random) -> None:
    mark = rng.choice([".", "-", " ", "x"])
    rows[0] = [name.replace("_", mark) + ("" if mark != "x" else "x") for name in rows[0]]


def _blank_column(rows: Rows, column: int, rng: random.Random) -> None:
    for row in rows[1:]:
        row[column] = rng.choice(["", "NA", "-9"])


def _name_twice(rows: Rows, column: int, rng: random.Random) -> None:
    rows[0][column] = rows[0][column - 1]


def _turn_columns(rows: Rows, column: int, rng: random.Random) -> None:
    order = rng.sample(range(len(rows[0])), len(rows[0]))
    rows[:] = [[row[place] for place in order] for row in rows]


def _shift_row(rows: Rows, column: int, rng: random.Random) -> None:
    del rng.choice(rows[1:])[column]


def _cut(text: str, rng: random.Random) -> bytes:
    """Within a line: nobody can see that whole rows are gone."""
    data = text.encode()
    end = rng.randrange(2, len(data))
    while b"\n" in data[end - 1 : end + 1]:
        end -= 1
    return data[:end]


def _lose_bytes(text: str, rng: random.Random) -> bytes:
    data = text.encode()
    first = rng.randrange(len(data))
    return data[:first] + data[first + rng.randint(1, 40) :]


def _zeros(text: str, rng: random.Random) -> bytes:
    data = bytearray(text.encode())
    first = rng.randrange(len(data))
    length = len(data[first : first + 16])
    data[first : first + 16] = bytes(length)
    return bytes(data)


def _bit(text: str, rng: random.Random) -> bytes:
    """A flip of a mark or digit that does not make one digit of another: nobody can see that."""
    data = bytearray(text.encode())
    while True:
        place, bit = rng.randrange(len(data)), 1 << rng.randrange(8)
        old, new = bytes([data[place]]), bytes([data[place] ^ bit])
        if not old.isalpha() and not (old.isdigit() and new.isdigit()):
            return bytes(data[:place]) + new + bytes(data[place + 1 :])


def _other_marks(text: str, rng: random.Random) -> bytes:
    return text.replace(",", rng.choice(";\t|: ")).encode()


def _some_other_marks(text: str, rng: random.Random) -> bytes:
    lines = text.splitlines(keepends=True)
    first = rng.randrange(len(lines))
    lines[first:] = [line.replace(",", ";") for line in lines[first:]]
    return "".join(lines).encode()


def _encode(text: str, rng: random.Random) -> bytes:
    code = rng.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"])
    return text.encode(code)


def _accents(text: str, rng: random.Random) -> bytes:
    code = rng.choice(["cp1252", "cp1251", "cp850", "mac-roman", "shift-jis"])
    letter = {"cp1251": "\u042f", "shift-jis": "\u30a2"}.get(code, "\u00e9")
    return text.replace("land", f"l{letter}nd").encode(code)


def _mixed(text: str, rng: random.Random) -> bytes:
    text = text.replace("land", "l\u00e9nd")
    half = len(text) // 2
    return text[:half].encode() + text[half:].encode("cp1252")


def _twice(text: str, rng: random.Random) -> bytes:
    header, *rows = text.splitlines(keepends=True)
    some = [row for row in rows if rng.random() < 0.3]
    return "".join([header, *rows, *some]).encode()


def _shuffle(text: str, rng: random.Random) -> bytes:
    header, *rows = text.splitlines(keepends=True)
    rng.shuffle(rows)
    return "".join([header, *rows]).encode()


def _joined(text: str, rng: random.Random) -> bytes:
    """Two copies one below the other, with both headers."""
    return (text + text).encode()


def _nothing(text: str, rng: random.Random) -> bytes:
    return rng.choice([b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"   ", b",,,\n,,,\n"])


def _no_rows(text: str, rng: random.Random) -> bytes:
    return text.splitlines(keepends=True)[0].encode()


def _no_header(text: str, rng: random.Random) -> bytes:
    return text.partition("\n")[2].encode()


def _title_line(text: str, rng: random.Random) -> bytes:
    return rng.choice(["Data, version 5\n", "sep=,\n", "\n\n", ",,\n"]).encode() + text.encode()


def _quote(text: str, rng: random.Random) -> bytes:
    place = rng.randrange(len(text))
    return (text[:place] + '"' + text[place:]).encode()


def _other_ends(text: str, rng: random.Random) -> bytes:
    return text.replace("\n", rng.choice(["\r\n", "\r", "\n\n", " \n", ",\n"])).encode()


def _page(text: str, rng: random.Random) -> bytes:
    return rng.choice([b"<!DOCTYPE html>\n<html>404</html>", b"PK\3\4", b"<stata_dta>", b"%PDF-1"])


def _noise(text: str, rng: random.Random) -> bytes:
    return rng.randbytes(len(text))


PLAIN = {
    "cut": _cut,
    "bytes lost": _lose_bytes,
    "zeros": _zeros,
    "bit": _bit,
    "column deleted": _by_columns(_delete_column),
    "column renamed": _by_columns(_rename_column),
    "all columns renamed": _by_columns(_rename_all),
    "column blank": _by_columns(_blank_column),
    "name twice": _by_columns(_name_twice),
    "columns turned": _by_columns(_turn_columns),
    "cell lost": _by_columns(_shift_row),
    "other marks": _other_marks,
    "some other marks": _some_other_marks,
    "other encoding": _encode,
    "accents": _accents,
    "mixed encodings": _mixed,
    "rows twice": _twice,
    "rows shuffled": _shuffle,
    "joined": _joined,
    "nothing": _nothing,
    "no rows": _no_rows,
    "no header": _no_header,
    "title line": _title_line,
    "quote": _quote,
    "other ends": _other_ends,
    "other content": _page,
    "noise": _noise,
}
"""Damage to a file that is not packed, by name."""


def _flip_packed(data: bytes, rng: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
    return bytes(flipped)


def _cut_packed(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _more_packed(data: bytes, rng: random.Random) -> bytes:
    return data + rng.choice([b"\0" * 9, b"\n", b"tail", data, data[:-3]])


PACKED = {"packed, flipped": _flip_packed, "packed, cut": _cut_packed, "packed, more": _more_packed}
"""Damage to a gzipped file, by name."""


def damaged(kind: str, text: str, rng: random.Random) -> bytes:
    """A file with such damage."""
    if kind in PACKED:
        return PACKED[kind](gzip.compress(text.encode(), mtime=0), rng)
    return PLAIN[kind](text, rng)
