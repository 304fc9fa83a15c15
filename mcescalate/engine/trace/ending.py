"""How the chain ended, for every actor engaged and for every promise put to the test."""

from mcescalate.engine.trace.parts import End, Fate, TieFate
from mcescalate.engine.trace.watched import Watched, engaged
from mcescalate.model.chain.scoring import crisis_peak
from mcescalate.model.codes import CAUSES, OUTCOMES, SIDES, TIE_FATES, WINNERS
from mcescalate.model.rules.outcome import is_invoked, tie_fate


def end(it: Watched) -> End:
    """Outcome, fates of actors and of ties, from the finished state."""
    state, now = it.state, it.state.now
    return End(
        outcome=OUTCOMES[now.outcome],
        last_turn=int(now.turn),
        peak_rung=int(crisis_peak(state)),
        war_turn=int(now.war_turn) or None,
        war_length=int(now.turn - now.war_turn) if now.war_turn else None,
        winner=WINNERS[now.winner] if now.war_turn else None,
        war_began_misread=bool(now.war_began_misread),
        misread_moves=int(now.misreads),
        actors=tuple(_fate(it, i) for i in engaged(state)),
        ties=_tie_fates(it),
    )


def _fate(it: Watched, i: int) -> Fate:
    actor = it.state.actors[i]
    return Fate(
        actor=it.name(i),
        side=SIDES[actor.side],
        cause=CAUSES[actor.cause],
        through=it.name_of_any(actor.through),
        entry_turn=int(actor.entry_turn),
        peak_rung=int(actor.peak),
        last_rung=int(actor.rung),
    )


def _tie_fates(it: Watched) -> tuple[TieFate, ...]:
    world, state = it.world, it.state
    return tuple(
        TieFate(it.name(k), it.name(j), TIE_FATES[tie_fate(world, state, k, j)])
        for k, j in world.ties
        if is_invoked(world, state, k, j)
    )
