"""What is counted: a row for each variable of a result, and a row for each dim.

The rows say all that is to be known of a count but when it goes up, which `scoring.score` says.
From them come the tally's arrays, the labels of results, what counts add up to, the rows of
numbers that sweeps store, and what the exact solver has to deliver.
"""

import math
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np

from mcescalate.model import aligned
from mcescalate.model.codes import (
    ABANDONED,
    BETRAYED,
    BYSTANDER,
    CAUSES,
    CREDIBILITY_CLASSES,
    FOUGHT,
    GENERAL_WAR,
    LIMITED_WAR,
    MISREAD_CLASSES,
    OUTCOMES,
    RECURRENCES,
    SIDES,
    STOOD_BY,
    TREATY,
    WAR_ENDS,
    WINNERS,
)
from mcescalate.model.world import is_sequence

if TYPE_CHECKING:
    from mcescalate.model.world import World

BLOCKS = 32
"""Blocks of chains whose outcomes are counted apart: they show the noise that results share."""


# ------------------------------------------------------------ dims


class Scope(NamedTuple):
    """What a scenario has of its own to count by; texts, or places where no names are wanted."""

    rungs: Sequence[Any]
    horizon: int
    actors: Sequence[Any]
    ties: Sequence[Any]
    domains: Sequence[Any]
    crises: int = 0
    """Periods of a chain; 0 where chains are one crisis each."""


def scope_of(world: "World") -> Scope:
    """The scope of a `World`, which knows no names."""
    return Scope(
        rungs=range(world.top + 1),
        horizon=world.horizon,
        actors=range(world.n_actors),
        ties=range(len(world.ties)),
        domains=range(len(world.domains)),
        crises=world.crises if is_sequence(world) else 0,
    )


@dataclass(frozen=True)
class Dim:
    """What counts are counted by.

    Parameters
    ----------
    name : of the dim
    meaning : what its labels are
    labels : those of the model, or a function that gives those of a scope; a range is numbers
    is_actor : its places are actors: a tally has them in the order of the world, a result in
        that of the file
    is_masked : in a sweep, points say which of its labels they have
    since : for labels that results of the first format do not have, the first one that does
    """

    name: str
    meaning: str
    labels: Sequence[Any] | Callable[[Scope], Sequence[Any]]
    is_actor: bool = False
    is_masked: bool = False
    since: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_fixed(self) -> bool:
        """Whether all scenarios have the same labels."""
        return not callable(self.labels)

    @property
    def is_numbered(self) -> bool:
        """Whether its labels are numbers in every result."""
        return isinstance(self.labels_in(Scope((), 0, (), (), ())), range)

    @property
    def fixed_labels(self) -> Sequence[Any]:
        """The labels that all scenarios have; none where each has its own."""
        return () if callable(self.labels) else self.labels

    def labels_in(self, scope: Scope) -> Sequence[Any]:
        """The labels along the dim."""
        return self.labels(scope) if callable(self.labels) else self.labels

    def in_format(self, labels: Sequence[Any], version: int) -> Sequence[Any]:
        """Those of `labels` that results of a format have."""
        if not self.since:
            return labels
        return tuple(label for label in labels if self.since.get(label, 1) <= version)


DIMS: Mapping[str, Dim] = {
    dim.name: dim
    for dim in (
        Dim("outcome", "how a chain ends", OUTCOMES),
        Dim("rung", "rung of the ladder, from the lowest", lambda own: own.rungs, is_masked=True),
        Dim("turn", "turn, 0 for the incident", lambda own: range(own.horizon + 1), is_masked=True),
        Dim("actor", "id of the actor", lambda own: own.actors, is_actor=True, is_masked=True),
        Dim("partner", "id of the other actor", lambda own: own.actors, is_actor=True),
        Dim("side", "side in the crisis", SIDES),
        Dim("cause", "cause of entry", CAUSES, since={CAUSES[BYSTANDER]: 2}),
        Dim(
            "tie",
            "defence tie: promiser and ally",
            lambda own: own.ties,
            is_masked=True,
        ),
        Dim(
            "misreads",
            "misread moves, the last class for so many or more",
            range(MISREAD_CLASSES),
        ),
        Dim("n_actors", "number of actors", lambda own: range(len(own.actors) + 1)),
        Dim("domain", "domain of the incident", lambda own: own.domains, is_masked=True),
        Dim("war_end", "whether a war ended or went on at the horizon", WAR_ENDS),
        Dim("winner", "side that prevailed in war", WINNERS),
        Dim(
            "crisis",
            "period of a chain of several crises, from 0",
            lambda own: range(own.crises),
            is_masked=True,
        ),
        Dim("recurrence", "who begins against whom in the next crisis", RECURRENCES),
        Dim(
            "credibility",
            "class of credibility: tenths, the last one with 1",
            range(CREDIBILITY_CLASSES),
        ),
        Dim("other_outcome", "how another crisis of the chain, or the same, ends", OUTCOMES),
        Dim("block", "block of chains: the number of the chain mod 32", range(BLOCKS)),
    )
}
"""Every dim, by name."""


# ------------------------------------------------------------ variables


@dataclass(frozen=True)
class Total:
    """What counts add up to: another count, summed over the dims that they do not have.

    Parameters
    ----------
    of : name of the other count
    only : the labels of it that count, by dim; all of a dim that is not named
    each : dims, separated by spaces, for all labels of which they add up to as much
    """

    of: str
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    each: str = ""

    def __str__(self) -> str:
        chosen = [" and ".join(labels) for labels in self.only.values()]
        text = f"{self.of} of {', '.join(chosen)}" if chosen else self.of
        return f"{text} for each {' and '.join(self.each.split())}" if self.each else text


@dataclass(frozen=True)
class Count:
    """A variable.

    Parameters
    ----------
    name : in a result
    dims : what it is counted by
    meaning : what is counted
    total : what its counts add up to, over the dims that the total does not have
    at_most : what they are at most, added up in the same way
    field : of the tally
    part : place in that field, where it holds several variables side by side
    fills_up : the tally leaves out the first label of the last dim, which has all other chains
    in_runs : whether the result of a run has it, and not only that of a sweep
    in_sequences : whether only chains of several crises have it
    since : format of results from which on they have it: one above the last for a new row
    """

    dtype: ClassVar[type] = np.int64
    """Of every count: sums of whole numbers do not depend on their order."""

    name: str
    dims: tuple[str, ...]
    meaning: str
    total: Total | None
    at_most: Total | None
    field: str
    part: int | None
    fills_up: bool
    in_runs: bool
    in_sequences: bool
    since: int


def _count(
    name: str,
    dims: str,
    meaning: str,
    total: Total | str | None = None,
    *,
    at_most: Total | str | None = None,
    field: str = "",
    part: int | None = None,
    fills_up: bool = False,
    in_runs: bool = True,
    in_sequences: bool = False,
    since: int = 1,
) -> Count:
    return Count(
        name,
        tuple(dims.split()),
        meaning,
        Total(total) if isinstance(total, str) else total,
        Total(at_most) if isinstance(at_most, str) else at_most,
        field or name.removesuffix("_count"),
        part,
        fills_up,
        in_runs,
        in_sequences,
        since,
    )


WARS = (OUTCOMES[LIMITED_WAR], OUTCOMES[GENERAL_WAR])

SWEEP_COUNTS: tuple[Count, ...] = (
    _count("n_chains", "", "chains simulated"),
    _count("outcome_count", "outcome", "chains by outcome", "n_chains"),
    _count(
        "block_outcome_count",
        "block outcome",
        "chains by block (chain number mod 32) and outcome",
        "n_chains",
        in_runs=False,
    ),
    _count("peak_count", "rung", "chains by the highest rung that any actor reached", "n_chains"),
    _count(
        "war_turn_count",
        "turn",
        "chains with war by its first turn",
        Total("outcome_count", {"outcome": WARS}),
    ),
    _count("last_turn_count", "outcome turn", "chains by outcome and last turn", "outcome_count"),
    _count("engaged_size_count", "n_actors", "chains by the number engaged", "n_chains"),
    _count("war_size_count", "n_actors", "chains by the number at war at the end", "n_chains"),
    _count(
        "actor_engaged_count",
        "actor side",
        "chains in which the actor took a side",
        at_most=Total("n_chains", each="actor"),
    ),
    _count(
        "actor_war_count",
        "actor side",
        "chains at whose end the actor is at war",
        at_most="actor_engaged_count",
    ),
    _count(
        "actor_peak_count",
        "actor rung",
        "chains by the actor's highest rung",
        Total("n_chains", each="actor"),
        fills_up=True,
    ),
    _count("entry_count", "actor cause", "entries of the actor by cause", "actor_engaged_count"),
    _count(
        "entry_turn_count",
        "actor turn",
        "entries of the actor by turn, originators at 0",
        "actor_engaged_count",
    ),
    _count(
        "drawn_in_count",
        "partner actor",
        "entries of actor by its treaty with partner",
        Total("entry_count", {"cause": (CAUSES[TREATY],)}),
    ),
    *(
        _count(
            f"tie_{fate}_count",
            "tie",
            f"times the invoked defence tie was {words}",
            at_most=Total("n_chains", each="tie"),
            field="tie",
            part=part,
        )
        for part, fate, words in (
            (FOUGHT, "fought", "honoured by fighting"),
            (STOOD_BY, "stood_by", "stood by below war"),
            (ABANDONED, "abandoned", "abandoned"),
            (BETRAYED, "betrayed", "betrayed: the ally's enemy was joined"),
        )
    ),
    _count("misread_count", "misreads", "chains by misread moves, 15 or more together", "n_chains"),
    _count(
        "misread_war_count",
        "",
        "chains whose war began by misreading alone",
        at_most=Total("outcome_count", {"outcome": WARS}),
    ),
    _count(
        "misattributed_count",
        "",
        "chains in which the wrong actor was blamed",
        at_most="n_chains",
    ),
    _count(
        "reciprocated_count",
        "",
        "chains in which the target rose above rung 0",
        at_most="n_chains",
    ),
    _count(
        "chain_gang_count",
        "actor",
        "entries by treaty through one who had so come in",
        at_most=Total("entry_count", {"cause": (CAUSES[TREATY],)}),
    ),
    _count("incident_count", "actor partner", "chains by drawn initiator and target", "n_chains"),
    _count("accident_count", "outcome", "accidents by outcome", at_most="outcome_count"),
    _count("domain_count", "domain outcome", "chains by domain and outcome", "outcome_count"),
    _count(
        "war_length_count",
        "turn war_end",
        "chains with war by its length in turns, and whether it ended by then",
        Total("outcome_count", {"outcome": WARS}),
        since=2,
    ),
    _count(
        "winner_count",
        "winner",
        "chains with war by the side that prevailed",
        Total("outcome_count", {"outcome": WARS}),
        since=2,
    ),
    _count(
        "quiet_count",
        "crisis",
        "chains in which the period is quiet",
        at_most=Total("n_chains", each="crisis"),
        in_sequences=True,
        since=2,
    ),
    _count(
        "crisis_outcome_count",
        "crisis outcome",
        "chains by period and the outcome of its crisis",
        "outcome_count",
        in_sequences=True,
        since=2,
    ),
    _count(
        "crisis_incident_count",
        "crisis actor partner",
        "chains by period, drawn initiator and target",
        "crisis_outcome_count",
        in_sequences=True,
        since=2,
    ),
    _count(
        "recurrence_count",
        "outcome recurrence",
        "crises by how the one before ended, and whether the same two meet again",
        at_most="outcome_count",
        in_sequences=True,
        since=2,
    ),
    _count(
        "credibility_count",
        "crisis tie credibility",
        "chains by period, and credibility of the tie after it",
        Total("n_chains", each="crisis tie"),
        in_sequences=True,
        since=2,
    ),
    _count(
        "outcome_pair_count",
        "outcome other_outcome",
        "ordered pairs of crises of one chain, each also with itself, by their outcomes",
        in_sequences=True,
        since=2,
    ),
)
"""All rows: what a sweep keeps of each point. Shards hold the fields in this order."""

RUN_COUNTS = tuple(count for count in SWEEP_COUNTS if count.in_runs)
"""What the result of a run has where chains are several crises each."""

COUNTS = tuple(count for count in RUN_COUNTS if not count.in_sequences)
"""What the result of a run has."""


def counts_of(scopes: Iterable[Scope], counts: Iterable[Count] = RUN_COUNTS) -> tuple[Count, ...]:
    """Those of `counts` that results of these scopes have."""
    any_sequence = any(scope.crises > 0 for scope in scopes)
    return tuple(count for count in counts if any_sequence or not count.in_sequences)


def faults(counts: Sequence[Count], dims: Mapping[str, Dim]) -> Iterator[str]:
    """What is wrong with rows, each fault in a line."""
    by_name = {count.name: count for count in counts}
    if len(by_name) < len(counts):
        yield "two rows have the same name"
    places: dict[tuple[str, int | None], str] = {}
    for count in counts:
        for dim in count.dims:
            if dim not in dims:
                yield f"{count.name}: there is no dim {dim}, only {', '.join(dims)}"
        other = places.setdefault((count.field, count.part), count.name)
        if other != count.name:
            yield f"{count.name}: {other} has the same field {count.field} of the tally"
        alike = [one for one in counts if one.field == count.field]
        if any(one.dims != count.dims for one in alike):
            yield f"{count.name}: other rows of the field {count.field} have other dims"
        if {one.part for one in alike} not in ({None}, set(range(len(alike)))):
            yield f"{count.name}: the parts of {count.field} are not 0 to {len(alike) - 1}"
        for total in filter(None, (count.total, count.at_most)):
            yield from _faults_of_total(count, total, by_name, dims)


def _faults_of_total(
    count: Count, total: Total, by_name: Mapping[str, Count], dims: Mapping[str, Dim]
) -> Iterator[str]:
    if total.of not in by_name:
        yield f"{count.name}: its total {total.of} is no count"
        return
    for dim in set(total.each.split()) - set(count.dims):
        yield f"{count.name}: adds up for each {dim}, which is none of its dims"
    for dim, labels in total.only.items():
        if dim not in by_name[total.of].dims:
            yield f"{count.name}: its total {total.of} has no dim {dim}"
        elif dims[dim].is_fixed and not set(labels) <= set(dims[dim].fixed_labels):
            yield f"{count.name}: of its total's {dim} there are only {dims[dim].fixed_labels}"


if _found := list(faults(SWEEP_COUNTS, DIMS)):
    raise ValueError("rows of counts that do not fit:\n" + "\n".join(_found))


# ------------------------------------------------------------ tallies

FIELDS = tuple(dict.fromkeys(count.field for count in SWEEP_COUNTS))

if TYPE_CHECKING:

    class Tally(tuple[Any, ...]):
        def __new__(cls, *arrays: Any, **by_field: Any) -> Self: ...
        def __getattr__(self, field: str) -> Any: ...

else:
    Tally = namedtuple("Tally", FIELDS)
Tally.__doc__ = """Counts of chains by field of the rows: (*dims), or (part, *dims) of several
variables, or (1) without dims; actors in the order of the world. All arrays are views of one
block of memory."""


def field_shapes(scope: Scope) -> Tally:
    """Shape of each array of a tally."""
    sizes = {name: len(dim.labels_in(scope)) for name, dim in DIMS.items()}
    shapes: dict[str, tuple[int, ...]] = {}
    for count in SWEEP_COUNTS:
        shape = tuple(sizes[dim] for dim in count.dims) or (1,)
        if count.in_sequences and scope.crises == 0:
            shape = tuple(0 for _ in count.dims)
        shapes[count.field] = shape if count.part is None else (_n_parts(count), *shape)
    return Tally(**shapes)


def _n_parts(count: Count) -> int:
    return sum(other.field == count.field for other in SWEEP_COUNTS)


def n_numbers(shapes: Tally) -> int:
    """How many numbers a tally of these shapes has."""
    return sum(map(math.prod, shapes))


def tally_of(numbers: np.ndarray, shapes: Tally) -> Tally:
    """Numbers (…, number) as a tally of arrays (…, *shape), which are views of them."""
    arrays, start = [], 0
    for shape in shapes:
        end = start + math.prod(shape)
        arrays.append(numbers[..., start:end].reshape(*numbers.shape[:-1], *shape))
        start = end
    return Tally(*arrays)


def new_tally(world: "World") -> Tally:
    """A tally of no chains of `world`."""
    shapes = field_shapes(scope_of(world))
    return tally_of(aligned.zeros(n_numbers(shapes), Count.dtype), shapes)


def tally_row(tally: Tally) -> np.ndarray:
    """All numbers of a tally, one after the other: what `tally_of` reads."""
    return np.concatenate([array.ravel() for array in tally])


def n_crises(tally: Tally) -> np.ndarray:
    """Crises that a tally, or each of several, has counted: one a chain, or those not quiet."""
    return tally.outcome.sum(-1) if tally.quiet.shape[-1] else tally.n_chains[..., 0]


def values_of(count: Count, tally: Tally, places: np.ndarray) -> np.ndarray:
    """The values of a variable (…, *dims), from tallies of arrays (…, *shape).

    Parameters
    ----------
    places : for each actor of the file, its place in the world's order
    """
    array = getattr(tally, count.field)
    axes = range(-len(count.dims), 0)
    if count.part is not None:
        array = array.take(count.part, -1 - max(len(count.dims), 1))
    if not count.dims:
        return array[..., 0]
    if count.fills_up:
        array = array.copy()
        lead = (..., *(None for _ in axes[1:]))
        array[..., 0] += n_crises(tally)[lead] - array.sum(-1)
    for axis, dim in zip(axes, count.dims, strict=True):
        if DIMS[dim].is_actor:
            array = array.take(places, axis)
    return array
