"""Which disputes are learned from, and which are then predicted."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mcescalate.errors import UsageError
from mcescalate.importing.datasets.disputes import Dispute
from mcescalate.scenario.wording import quoted

_MOST_FOLDS = 100
_TENTHS, _TEST_TENTHS = 10, 3


@dataclass(frozen=True)
class Part:
    """One division of the disputes.

    Parameters
    ----------
    train : (dispute) whether its outcome may be learned from
    test : (dispute) whether its prediction is scored
    """

    train: np.ndarray
    test: np.ndarray


def divide(disputes: Sequence[Dispute], split: str) -> list[Part]:
    """The parts of a split: `hash`, `forward:YEAR` or `folds:K`.

    `hash` holds out three tenths of the disputes by a checksum of their numbers. `folds:K` makes K
    parts by it and predicts each from all others. `forward:YEAR` predicts disputes that began in
    the year or later from those that had ended before it.

    Raises
    ------
    UsageError
        There is no such split.
    """
    name, _, value = split.partition(":")
    checksums = np.array([zlib.crc32(str(dispute.number).encode()) for dispute in disputes], int)
    if split == "hash":
        test = checksums % _TENTHS < _TEST_TENTHS
        return [Part(~test, test)]
    if name == "folds" and re.fullmatch("[0-9]{1,3}", value) and 2 <= int(value) <= _MOST_FOLDS:
        folds = checksums % int(value)
        return [Part(folds != k, folds == k) for k in range(int(value))]
    if name == "forward" and re.fullmatch("[0-9]{4}", value):
        year = int(value)
        ends = [(dispute.ended or dispute.day).year for dispute in disputes]
        return [
            Part(
                np.array([end < year for end in ends], bool),
                np.array([dispute.day.year >= year for dispute in disputes], bool),
            )
        ]
    raise UsageError(
        f"split: expected hash, forward:YEAR such as forward:1960, or folds:K with K from 2 to "
        f"{_MOST_FOLDS}, found {quoted(split)}"
    )
