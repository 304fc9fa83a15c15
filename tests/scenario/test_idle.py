"""Values that cannot bite in the file at hand are named, and no others.

Chains decide: on the same random numbers, counts with and without a value that is named must be the
same, and with and without one that is not named they must differ.
"""

import random

import pytest
from model.states import crisis

from mcescalate.engine.batches import run_chains
from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.scenario.build import build_world
from mcescalate.scenario.change.addresses import assign, parse_settings
from mcescalate.scenario.review.idle import find_idle_values

LIVELY = {
    "response": {"up": 0.5, "war_cost": 0.5},
    "alliance": {"base": -1.5, "review": 0.5},
    "contagion": {"base": -2.0},
    "deterrence": {"base": 0.0},
    "trigger": {"initiator": "A", "target": "B", "accident": 0.2},
    "run": {"horizon": 30},
}
CYBER = {"trigger": {**LIVELY["trigger"], "domains": [{"name": "cyber", "misattribution": 0.5}]}}
RELIABLE = {"trigger": {**LIVELY["trigger"], "domains": [{"name": "cyber"}]}}
MISHAP = {"trigger": {**LIVELY["trigger"], "accident": 1.0}}
GUARDED = {("C", "B", "defence"): {}}
FEUD = {("B", "C"): {"rivalry": 1.0}}
FOE = {("C", "B"): {"rivalry": 1.0}}
OPEN = {("A", "C"): {"channel": 1.0}, ("B", "C"): {"channel": 1.0}}
SHORT = {"ladder": {"rungs": ["a", "b", "c"], "mobilised": 1, "casus": 2, "mid": [1, 2, 5]}}
DIVIDED = {"instability": 0.5}
N_CHAINS = 4000


def scenario_of(ids, tables, values):
    """A lively crisis of these actors with these tables, and then these values."""
    scenario = crisis(ids, **{**LIVELY, **tables})
    return assign(scenario, parse_settings(f"{name}={value}" for name, value in values.items()))


def counts(scenario):
    tally, _ = run_chains(
        build_world(scenario), n_chains=N_CHAINS, seed=18, first_chain=0, workers=1, backend="numba"
    )
    return [field.tobytes() for field in tally]


def case(ids, *given, **tables):
    """Ids, tables, values that are laid over them, and how the notice on these begins."""
    values, *start = given
    return ids, tables, values, *start


BITING = {
    "a rival to blame": case(
        "ABC", {"trigger.domains.cyber.misattribution": 0.9}, **CYBER, dyads=FEUD
    ),
    "a suspect within reach": case("ABC", {"trigger.blame": 1}, **CYBER),
    "one suspect more": case("ABCD", {"trigger.blame": 1}, **CYBER, dyads=FEUD),
    "stakes": case(
        "AB",
        {"deterrence.stake": 0.5, "response.stake": 0.5, "response.stake_war": 0.5},
        dyads={("A", "B"): {"stake": 1.0}},
    ),
    "the stake of a joiner": case(
        "ABC", {"response.stake": 0.5}, dyads={("C", "A"): {"stake": 1.0}}, promises=GUARDED
    ),
    "a guarantor": case(
        "ABC",
        {
            "deterrence.provocation": 1,
            "deterrence.assurance": 1,
            "response.encircle": 1,
            "response.display": 1,
            "response.assurance": 1,
            "response.limited": 2,
            "alliance.short_of_war": 1,
            "alliance.capability": 1,
            "alliance.loss": 0.5,
        },
        promises={**GUARDED, ("C", "A", "defence"): {}},
    ),
    "a supporter": case(
        "ABC",
        {"deterrence.provocation": 1, "response.encircle": 1},
        promises={("C", "B", "support"): {}},
    ),
    "a guarantor of the challenger": case(
        "ABC",
        {"response.encircle": 1, "deterrence.assurance": 1},
        promises={("C", "A", "defence"): {}},
    ),
    "a greater ally": case(
        "ABC", {"alliance.burden": 1}, promises=GUARDED, about={"C": {"capability": 2.0}}
    ),
    "an ally of an ally": case(
        "ABCD",
        {"alliance.follow": 2},
        promises={**GUARDED, ("D", "B", "defence"): {}, ("D", "C", "defence"): {}},
    ),
    "divided allies": case(
        "ABC", {"alliance.divided_delay": 0.9}, promises=GUARDED, about={"C": DIVIDED}
    ),
    "a divided target": case("AB", {"deterrence.opportunity": 1}, about={"B": DIVIDED}),
    "a bystander": case(
        "ABC",
        {
            "bystander.base": -1,
            "bystander.capability": 1,
            "bystander.major": 1,
            "bystander.reach": 1,
            "bystander.balance": 1,
            "bystander.pact": 1,
            "bystander.short_of_war": 1,
        },
        about={"A": {"capability": 2.0}, "C": {"major": True}},
        promises={("C", "A", "neutrality"): {}},
    ),
    "a rival that may join": case(
        "ABC", {"contagion.capability": 1, "contagion.short_of_war": 1}, dyads=FOE
    ),
    "a policy": case(
        "AB",
        {"policy.from_rung": 2, "policy.calm": 1, "policy.restraint": 1, "policy.mediation": 0.5},
    ),
    "a policy of war": case(
        "ABC",
        {"policy.from_rung": 5, "policy.calm": 1, "policy.restraint": 1},
        promises=GUARDED,
    ),
    "an end of war": case(
        "AB",
        {"war.rate": 0.1, "war.balance": 1, "war.length": 0.1, "war.decisive": 1},
        about={"A": {"capability": 2.0}},
    ),
    "arms": case("AB", {"mediation.arms": 1, "mediation.tension": 1}, about={"A": {"arms": 4}}),
    "an opaque actor": case("AB", {"actors.B.opacity": 2}),
    "what the two and their friends use": case(
        "ABCD",
        {
            "arms.pull": 2,
            "arms.effect": 0.2,
            "deterrence.base": 1,
            "deterrence.rivalry": 2,
            "deterrence.diversion": 1,
            "deterrence.pact": 2,
            "deterrence.latent": 0.2,
            "deterrence.divided": 0.9,
            "deterrence.exercise": 2,
            "response.nuclear": 3,
            "response.rivalry": 1,
            "response.diversion": 1,
            "response.restraint": 2,
            "response.protocol": 2,
            "response.reassure": 1,
            "response.channel": 1,
            "perception.channel_noise": 0.1,
            "perception.channel_bias": 0.1,
            "perception.sharing": 1,
            "alliance.divided": 2,
            "alliance.pact": 3,
            "alliance.slack": 0.9,
            "alliance.review": 0.3,
            "alliance.aid": 0.9,
            "contagion.base": -1,
            "contagion.major": 3,
            "contagion.pact": 3,
            "mediation.rate": 0.5,
            "mediation.pull": 3,
            "mediation.delay": 9,
            "actors.A.turnover": 0.5,
        },
        promises={
            ("C", "B", "defence"): {"ambiguity": 0.5},
            ("C", "B", "consultation"): {},
            ("B", "C", "consultation"): {},
            ("C", "A", "neutrality"): {"strength": 0.5},
            ("A", "B", "nonaggression"): {"strength": 0.5},
            ("D", "A", "support"): {},
            ("D", "B", "neutrality"): {"strength": 0.5},
        },
        dyads={
            ("A", "B"): {"rivalry": 1.0, "channel": 0.5},
            ("B", "A"): {"rivalry": 1.0, "channel": 0.5, "mistrust": 0.5},
            ("D", "B"): {"rivalry": 0.5},
        },
        about={
            "A": {**DIVIDED, "nuclear": True},
            "B": {"nuclear": True},
            "C": {**DIVIDED, "exercise": 0.5},
            "D": {"major": True},
        },
        arms={"periods": 2},
    ),
    "credibility from crisis to crisis": case(
        "ABCD",
        {
            "sequence.gain": 0.5,
            "sequence.loss": 0.5,
            "sequence.caution": 0.5,
            "sequence.hard_times": 0.5,
        },
        promises={**GUARDED, ("D", "B", "defence"): {}},
        sequence={"crises": 3},
    ),
    "a promise half believed": case(
        "ABC",
        {"sequence.gain": 0.5},
        promises={("C", "B", "defence"): {"credibility": 0.5}},
        sequence={"crises": 3},
    ),
    "memory and record": case(
        "ABC",
        {
            "sequence.recur": 2,
            "sequence.bitter": 1,
            "sequence.firm": 1,
            "sequence.general": 1,
            "sequence.carry_arms": "true",
        },
        trigger={"dyads": [{"initiator": "A", "target": "B"}, {"initiator": "C", "target": "B"}]},
        dyads={**FEUD, ("B", "A"): {"rivalry": 1.0}},
        arms={"periods": 2},
        sequence={"crises": 3},
    ),
    "goals": case(
        "AB",
        {
            "actors.A.weight_audience": 3,
            "actors.B.weight_security": 0.5,
            "actors.B.weight_stability": 0.5,
            "actors.B.weight_influence": 0.5,
        },
        dyads={("B", "A"): {"rivalry": 1.0}},
    ),
}

USUAL = {row.address for row in COEFFICIENTS if row.default != row.neutral}
"""Coefficients of terms that are on by default."""

IDLE = {
    "nobody to blame": case(
        "ABC",
        {"trigger.domains.cyber.misattribution": 0.9},
        "trigger.domains[0].misattribution: has no effect in incidents A-B",
        **RELIABLE,
    ),
    "an ally is no suspect": case(
        "ABC",
        {"trigger.domains.cyber.misattribution": 0.9, "trigger.blame": 1},
        "trigger.domains[0].misattribution: has no effect in incidents A-B",
        **RELIABLE,
        promises=GUARDED,
    ),
    "blame without misattribution": case("ABC", {"trigger.blame": 1}, "trigger.blame"),
    "blame that leaves one suspect": case(
        "ABC", {"trigger.blame": 1}, "trigger.blame", **CYBER, dyads=FEUD
    ),
    "a stake against a neutral": case(
        "ABC",
        {"dyads.A-C.stake": 1},
        "dyads",
        response={**LIVELY["response"], "stake": 1.0},
        dyads={("A", "B"): {"stake": 1.0}},
    ),
    "a weight without a stake": case("AB", {"response.stake_war": 1}, "response.stake_war"),
    "a stake of third parties": case(
        "ABC",
        {"deterrence.stake": 1},
        ("dyads", "deterrence.stake"),
        dyads={("A", "C"): {"stake": 1.0}},
    ),
    "no guarantor": case("ABC", {"response.encircle": 1}, "response.encircle"),
    "nobody behind the target": case(
        "ABC",
        {"deterrence.provocation": 1},
        "deterrence.provocation",
        promises={("C", "A", "defence"): {}},
    ),
    "a promise that lapses": case(
        "ABC",
        {"response.encircle": 1},
        "response.encircle",
        promises={("C", "A", "defence"): {"conditional": 1.0}},
    ),
    "a promise that nobody believes": case(
        "ABC",
        {"response.display": 1},
        "response.display",
        promises={("C", "B", "defence"): {"credibility": 0.0}},
    ),
    "a guarantor that can be asked": case(
        "ABC",
        {"deterrence.provocation": 1},
        "deterrence.provocation",
        promises=GUARDED,
        dyads=OPEN,
    ),
    "a promise against another": case(
        "ABCD",
        {"alliance.capability": 1},
        "alliance.capability",
        promises={("C", "B", "defence"): {"against": ["D"]}},
    ),
    "no defence": case("ABC", {"deterrence.assurance": 1}, "deterrence.assurance"),
    "nobody defends the challenger": case(
        "ABC", {"deterrence.assurance": 1}, "deterrence.assurance", promises=GUARDED
    ),
    "defended by the opponent": case(
        "ABC",
        {"response.assurance": 1},
        "response.assurance",
        promises={("A", "B", "defence"): {}},
    ),
    "accidents alone": case(
        "ABC",
        {"deterrence.provocation": 1},
        "deterrence.provocation",
        **MISHAP,
        promises=GUARDED,
    ),
    "no promise": case("ABC", {"alliance.loss": 0.5}, "alliance.loss"),
    "promises of the two alone": case(
        "ABC",
        {"alliance.short_of_war": 1},
        "alliance.short_of_war",
        promises={("A", "B", "defence"): {}},
    ),
    "an ally that cannot move": case(
        "ABC",
        {"alliance.capability": 1},
        "alliance.capability",
        promises=GUARDED,
        about={"C": {"tempo": 0.0}},
    ),
    "allies who consult": case(
        "ABC",
        {"alliance.loss": 0.5},
        "alliance.loss",
        promises={**GUARDED, ("C", "B", "consultation"): {}},
    ),
    "nobody to follow": case("ABC", {"alliance.follow": 2}, "alliance.follow", promises=GUARDED),
    "casus is war": case(
        "ABC", {"alliance.short_of_war": 1}, "alliance.short_of_war", promises=GUARDED, **SHORT
    ),
    "others are divided": case(
        "ABC",
        {"alliance.divided_delay": 0.5},
        "alliance.divided_delay",
        promises=GUARDED,
        about={"A": DIVIDED},
    ),
    "allies of equal size": case(
        "ABC", {"alliance.burden": 1}, "alliance.burden", promises=GUARDED
    ),
    "nobody joins": case("ABC", {"response.limited": 2}, "response.limited"),
    "a united target": case(
        "ABC", {"deterrence.opportunity": 1}, "deterrence.opportunity", about={"A": DIVIDED}
    ),
    "bystanders off": case("ABC", {"bystander.reach": 1}, "bystander.reach"),
    "no third actor": case("AB", {"bystander.base": -1}, "bystander.base"),
    "third actors are rivals": case(
        "ABC",
        {"bystander.base": -1},
        "bystander.base",
        dyads={**FOE, ("C", "A"): {"rivalry": 1.0}},
    ),
    "minor bystanders": case(
        "ABC",
        {"bystander.major": 1},
        "bystander.major",
        bystander={"base": -1.0},
        about={"A": {"major": True}},
    ),
    "bystanders far away": case(
        "ABC",
        {"bystander.reach": 1},
        "bystander.reach",
        bystander={"base": 0.0},
        dyads={("C", "A"): {"reach": 0.0}, ("C", "B"): {"reach": 0.0}},
    ),
    "no pact": case(
        "ABC",
        {"bystander.pact": 1},
        "bystander.pact",
        bystander={"base": -1.0},
        promises={("A", "C", "neutrality"): {}},
    ),
    "no rival": case("ABC", {"contagion.capability": 1}, "contagion.capability"),
    "rivals are the two alone": case(
        "ABC",
        {"contagion.short_of_war": 1},
        "contagion.short_of_war",
        dyads={("A", "B"): {"rivalry": 1.0}},
    ),
    "above the ladder": case("AB", {"policy.calm": 1}, "policy.calm"),
    "a policy of nothing": case("AB", {"policy.from_rung": 2}, "policy.from_rung"),
    "calm once all are at war": case(
        "AB", {"policy.calm": 1}, "policy.calm", policy={"from_rung": 5}
    ),
    "mediators once there is war": case(
        "ABC",
        {"policy.mediation": 0.5},
        "policy.mediation",
        policy={"from_rung": 5},
        promises=GUARDED,
    ),
    "endless wars": case("AB", {"war.decisive": 1}, "war.decisive"),
    "wars of a turn": case("AB", {"war.length": 1}, "war.length", war={"rate": 1.0}),
    "no mediator": case(
        "AB", {"mediation.tension": 1}, "mediation.tension", mediation={"rate": 0.0}
    ),
    "no arms": case("AB", {"mediation.arms": 1}, "mediation.arms"),
    "arms of others": case(
        "ABC", {"mediation.arms": 1}, "mediation.arms", about={"C": {"arms": 4}}
    ),
    "an opaque onlooker": case("ABC", {"actors.C.opacity": 2}, "actors[2].opacity"),
    "opacity to sharp eyes": case(
        "AB", {"actors.B.opacity": 2}, "actors[1].opacity", about={"A": {"noise": 0.0}}
    ),
    "goals of an onlooker": case(
        "ABC",
        {"actors.C.weight_influence": 2},
        "actors[2].weight_influence",
        promises={("A", "C", "defence"): {}},
    ),
    "no third promise": case(
        "ABC", {"sequence.loss": 0.5}, "sequence.loss", sequence={"crises": 3}
    ),
    "promises that are believed in full": case(
        "ABC",
        {"sequence.gain": 0.5},
        "sequence.gain",
        promises=GUARDED,
        sequence={"crises": 3},
    ),
    "no loss to excuse": case(
        "ABC",
        {"sequence.hard_times": 0.5},
        "sequence.hard_times",
        promises=GUARDED,
        sequence={"crises": 3},
    ),
    "the same two each time": case(
        "ABC", {"sequence.recur": 2}, "sequence.recur", sequence={"crises": 3}
    ),
    "a record of nothing": case(
        "AB", {"sequence.firm": 1}, "sequence.firm", sequence={"crises": 3, "firm_step": 0.0}
    ),
    "no other rivals": case(
        "ABC", {"sequence.general": 1}, "sequence.general", sequence={"crises": 3}
    ),
    "no arms to carry on": case(
        "AB",
        {"sequence.carry_arms": "true"},
        "sequence.carry_arms",
        about={"A": {"arms": 4}},
        sequence={"crises": 3},
    ),
    "records of accidents": case(
        "AB", {"sequence.firm": 1}, "sequence.firm", **MISHAP, sequence={"crises": 3}
    ),
    "an ally that joins only after it": case(
        "ABCD",
        {"alliance.follow": 2},
        "alliance.follow",
        promises={**GUARDED, ("C", "D", "defence"): {}, ("D", "C", "defence"): {}},
    ),
    "a rival never met": case(
        "ABC", {"sequence.general": 1}, "sequence.general", dyads=FEUD, sequence={"crises": 3}
    ),
    "a war of equals": case("AB", {"war.decisive": 1}, "war.decisive", war={"rate": 0.2}),
    "mediators that come too late": case(
        "AB", {"mediation.rate": 0.5}, "mediation.rate", mediation={"delay": 30}
    ),
    "the pull of nobody": case(
        "AB",
        {"mediation.pull": 3, "mediation.delay": 9},
        "mediation.",
        mediation={"rate": 0.0},
    ),
    "terms that two strangers do not use": case(
        "ABC",
        {
            "arms.pull": 2,
            "arms.effect": 0.2,
            "deterrence.rivalry": 2,
            "deterrence.diversion": 1,
            "deterrence.pact": 2,
            "deterrence.latent": 0.2,
            "response.nuclear": 3,
            "response.rivalry": 1,
            "response.diversion": 1,
            "response.restraint": 2,
            "response.protocol": 2,
            "response.reassure": 1,
            "response.channel": 1,
            "perception.channel_noise": 0.1,
            "perception.channel_bias": 0.1,
            "perception.sharing": 1,
            "alliance.base": -1,
            "alliance.review": 0.3,
            "alliance.slack": 0.9,
            "alliance.aid": 0.9,
            "contagion.base": -1,
        },
        (*("arms.", "deterrence.", "response.", "perception.", "alliance.", "contagion."),),
        alliance={},
        contagion={},
    ),
    "promises without exercises, divisions, doubts and pacts": case(
        "ABC",
        {
            "deterrence.exercise": 2,
            "deterrence.divided": 0.9,
            "alliance.divided": 2,
            "alliance.pact": 3,
            "alliance.slack": 0.9,
        },
        ("deterrence.", "alliance."),
        promises=GUARDED,
    ),
    "a rival without power and pact": case(
        "ABC", {"contagion.major": 3, "contagion.pact": 3}, "contagion.", dyads=FOE
    ),
    "no audience": case(
        "AB",
        {"actors.B.weight_audience": 2},
        "actors[1].weight_audience",
        response={**LIVELY["response"], "audience": 0.0},
    ),
}


def idle_values(scenario):
    """Address and effect of each value that a notice names, one text for each value."""
    for notice in find_idle_values(scenario):
        addresses, _, effect = notice.partition(": ")
        for address in addresses.split(", "):
            yield f"{address}: {effect.replace('have', 'has', 1)}"


def named_beyond(ids, tables, values):
    """Values that notices name with `values` and not without."""
    before = set(idle_values(scenario_of(ids, tables, {})))
    return [one for one in idle_values(scenario_of(ids, tables, values)) if one not in before]


@pytest.mark.parametrize("name", BITING)
def test_what_bites_is_not_named(name):
    ids, tables, values = BITING[name]
    assert named_beyond(ids, tables, values) == []
    with_all = counts(scenario_of(ids, tables, values))
    for address in values:
        others = {name: value for name, value in values.items() if name != address}
        assert counts(scenario_of(ids, tables, others)) != with_all, address


@pytest.mark.parametrize("name", IDLE)
def test_what_cannot_bite_is_named(name):
    ids, tables, values, start = IDLE[name]
    assert counts(scenario_of(ids, tables, values)) == counts(scenario_of(ids, tables, {}))
    found = named_beyond(ids, tables, values)
    assert {one.partition(":")[0] for one in found} >= {name for name in values if name in USUAL}
    assert found
    assert all(one.startswith(start) for one in found), found


def test_of_suspects_within_equal_reach_the_size_of_blame_is_idle():
    scenario = scenario_of("ABCD", CYBER, {"trigger.blame": 1})
    assert counts(scenario) == counts(scenario_of("ABCD", CYBER, {"trigger.blame": 2}))
    (notice,) = named_beyond("ABCD", CYBER, {"trigger.blame": 1})
    assert notice == (
        "trigger.blame: has no effect by its size: every suspect is equally within reach"
    )


def test_a_stake_without_a_weight_is_named():
    (notice,) = named_beyond("AB", {}, {"dyads.A-B.stake": 1.0})
    assert notice.startswith("dyads.stake: has no effect while")


def test_values_without_effect_for_the_same_reason_share_a_notice():
    values = {"bystander.reach": 1, "bystander.major": 1, "war.length": 1}
    scenario = scenario_of("ABC", {}, values)
    before = list(find_idle_values(scenario_of("ABC", {}, {})))
    assert [notice for notice in find_idle_values(scenario) if notice not in before] == [
        "bystander.major, bystander.reach: have no effect: bystander.base is -100: off",
        "war.length: has no effect: war.rate is 0",
    ]


def test_values_of_sequences_are_idle_in_a_single_crisis():
    values = {"sequence.loss": 0.5, "sequence.firm": 1, "sequence.carry_arms": "true"}
    tables = {"promises": GUARDED}
    assert counts(scenario_of("ABC", tables, values)) == counts(scenario_of("ABC", tables, {}))
    found = named_beyond("ABC", tables, values)
    assert {one.partition(":")[0] for one in found} == set(values)


VALUES = [
    row
    for row in COEFFICIENTS
    if row.table not in ("outcome", "run")
    and row.address not in ("sequence.crises", "sequence.quiet")
]
KINDS = ("defence", "offence", "support", "consultation", "neutrality")


def random_tables(choose):
    """Ids and tables of a small scenario; `choose` is a seeded `random.Random`."""
    ids = "ABCD"[: choose.choice([2, 3, 3, 4])]
    pairs = [(k, j) for k in ids for j in ids if k != j]

    def maybe(share, **fields):
        return {
            name: choose.choice(values)
            for name, values in fields.items()
            if choose.random() < share
        }

    terms = {"ambiguity": [0.3, 1.0], "credibility": [0.0, 0.5], "conditional": [0.5, 1.0]}
    values = {"rivalry": [1.0], "reach": [0.0, 0.5], "channel": [0.5, 1.0], "stake": [1.0]}
    own = {"instability": [0.5], "noise": [0.0], "major": [True], "capability": [2.0]}
    tables = {
        "promises": {
            (*pair, choose.choice(KINDS)): maybe(0.3, **terms)
            for pair in pairs
            if choose.random() < 0.35
        },
        "dyads": {pair: maybe(0.3, **values) for pair in pairs},
        "about": {i: maybe(0.3, **own, tempo=[0.0, 0.9], arms=[3]) for i in ids},
        "trigger": {"initiator": "A", "target": "B", **maybe(0.5, accident=[0.0, 1.0])},
    }
    if choose.random() < 0.4:
        tables["trigger"]["domains"] = CYBER["trigger"]["domains"]
    for table, fields in (
        ("bystander", {"base": [-1.0]}),
        ("policy", {"from_rung": [2, 5]}),
        ("war", {"rate": [0.1, 1.0]}),
        ("sequence", {"crises": [2]}),
    ):
        tables[table] = maybe(0.4, **fields)
    return ids, tables


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_no_notice_is_false(seed):
    choose = random.Random(seed)
    ids, tables = random_tables(choose)
    before = counts(scenario_of(ids, {**LIVELY, **tables}, {}))
    for row in choose.sample(VALUES, 15):
        value = "true" if row.boolean else {1.0: 0.5, 16.0: 2}.get(row.upper, 2)
        values = {row.address: -1 if row.address == "bystander.base" else value}
        named = named_beyond(ids, {**LIVELY, **tables}, values)
        if any(one.startswith(f"{row.address}: has no effect") for one in named):
            after = counts(scenario_of(ids, {**LIVELY, **tables}, values))
            assert after == before, (row.address, tables)
