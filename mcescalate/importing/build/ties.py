"""Rows of ties from promises: one for each kind and pair, or one for each direction."""

from collections.abc import Callable, Iterable
from typing import Any

from mcescalate.importing.datasets.alliances.promises import Promise
from mcescalate.importing.evidence.report import Ledger

KINDS = ("defence", "offence", "support", "consultation", "neutrality", "nonaggression")
"""In the order in which a scenario lists them."""
_LIMITED = ("defence", "offence")
_MOST_NAMED = 3
_DIGITS = 4
NUMBERS = "numbers: assumption"
"""The end of the source of a row whose numbers come from the mapping."""

Row = dict[str, Any]
Key = tuple[str, int, int]


def tie_rows(
    promises: Iterable[Promise],
    ids: dict[int, str],
    can_help: Callable[[int, int], bool],
    ledger: Ledger,
) -> list[Row]:
    """The rows of the promises among the actors.

    Where several treaties contain the same promise, the strongest sets the terms and their
    adversaries are joined, as the model merges rows.

    Parameters
    ----------
    ids : the actors' ids by COW country code
    can_help : whether the first state reaches a rival of the second, by their codes
    """
    offers: dict[Key, list[tuple[Promise, Row]]] = {}
    for promise in promises:
        if promise.giver not in ids or promise.to not in ids:
            continue
        against = [ids[code] for code in promise.terms.against if code in ids]
        if promise.terms.against and not against:
            ledger.left_out["promises against adversaries who are not among the actors"] += 1
            continue
        is_idle = (
            promise.terms.wide
            and promise.kind in _LIMITED
            and not can_help(promise.giver, promise.to)
        )
        row = _terms(promise, against, is_idle, ledger)
        if row["strength"] == 0.0:
            why = ", where all rivals are out of reach" if is_idle else ""
            ledger.left_out[f"promises of {promise.kind} in wide treaties{why}"] += 1
            continue
        offers.setdefault((promise.kind, promise.giver, promise.to), []).append((promise, row))
    merged = {key: _merged(rows) for key, rows in offers.items()}
    rows = []
    for kind, giver, to in sorted(merged, key=lambda key: (KINDS.index(key[0]), key[1:])):
        row, back = merged[kind, giver, to], merged.get((kind, to, giver))
        if back == row and to < giver:
            continue
        ends: Row = {"from": ids[giver], "to": ids[to]}
        if back != row:
            ends["mutual"] = False
        rows.append({**ends, "kind": kind, **_without_defaults(row)})
    return rows


def _terms(promise: Promise, against: list[str], is_idle: bool, ledger: Ledger) -> Row:
    """The terms of a promise as numbers of the mapping."""
    terms = promise.terms
    kind = promise.kind if promise.form == "treaty" else promise.form
    strength = ledger.take(f"strength.{kind}")
    if terms.wide:
        strength *= ledger.take("wide.idle" if is_idle else f"wide.{promise.kind}")
    row: Row = {"strength": round(strength, _DIGITS)}
    if strength > 0.0 and promise.kind in _LIMITED:
        limits = ("base", *terms.limits)
        ambiguity = sum(ledger.take(f"ambiguity.{limit}") for limit in limits)
        row["ambiguity"] = round(min(1.0, ambiguity), _DIGITS)
        if promise.kind == "defence":
            row["conditional"] = ledger.take(f"conditional.{terms.conditions.value}")
        row["credibility"] = ledger.take(f"credibility.{terms.secrecy.value}")
        row["against"] = against
    return row


def _merged(offers: list[tuple[Promise, Row]]) -> Row:
    """One row for all promises of a kind from one actor to another."""
    ranked = sorted(offers, key=lambda offer: (-_effective_strength(offer[1]), offer[0].treaty))
    strongest, row = ranked[0]
    merged = dict(row)
    if "against" in row:
        lists = [other["against"] for _, other in ranked]
        joined = dict.fromkeys(name for names in lists for name in names)
        merged["against"] = sorted(joined) if all(lists) else []
    labels = list(dict.fromkeys(promise.treaty for promise, _ in ranked if promise.treaty))
    more = len(labels) - _MOST_NAMED
    merged["treaty"] = "; ".join(labels[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
    merged["since"] = strongest.since
    sources = list(dict.fromkeys(promise.source for promise, _ in ranked if promise.source))
    merged["source"] = "; ".join([*sources, NUMBERS])
    return merged


def _effective_strength(row: Row) -> float:
    """The strength that is left under the terms."""
    left = (1.0 - 0.5 * row.get("ambiguity", 0.0)) * (1.0 - 0.5 * row.get("conditional", 0.0))
    return row["strength"] * left


def _without_defaults(row: Row) -> Row:
    """The values that differ from the defaults of a tie."""
    usual = {"strength": 1.0, "ambiguity": 0.0, "conditional": 0.0, "credibility": 1.0}
    return {
        key: value
        for key, value in row.items()
        if value not in (None, "", []) and usual.get(key) != value
    }
