"""Amounts as people read them."""

BYTES = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
SPANS = ((31_557_600, "years"), (86_400, "days"), (3_600, "hours"), (60, "minutes"))


def grouped(number: int) -> str:
    """A whole number with its digits in threes."""
    return f"{number:,}".replace(",", " ")


def counted(number: int, plural: str) -> str:
    """A number with the name of what it counts, given as a regular plural."""
    return f"{grouped(number)} {plural.removesuffix('s') if number == 1 else plural}"


def in_bytes(n_bytes: float) -> str:
    """An amount of bytes in the unit that suits it."""
    for size, unit in BYTES:
        if n_bytes >= size:
            return f"{n_bytes / size:.1f} {unit}"
    return f"{n_bytes:.0f} bytes"


def in_time(seconds: float) -> str:
    """A time span in the unit that suits it, in whole units."""
    for size, unit in SPANS:
        if seconds >= 2 * size:
            return f"{grouped(round(seconds / size))} {unit}"
    return f"{seconds:.0f} s" if seconds >= 1 else "under 1 s"
