"""About fifty small scenarios that between them switch on every mechanism, alone and together.

Each is a base with a few tables of its own. The bases are lively: wars are cheap and allies
ready, so that few chains show what is rare elsewhere.
"""

from typing import Any

from mcescalate.scenario.schema import Scenario

LADDER = {
    "rungs": ["calm", "threat", "force", "war"],
    "mobilised": 2,
    "casus": 2,
    "mid": [1, 2, 4, 5],
}
SHORT = {"rungs": ["calm", "force", "war"], "mobilised": 1, "casus": 1, "mid": [1, 4, 5]}
LIVELY = {
    "ladder": LADDER,
    "response": {"up": 0.3, "war_cost": 0.8, "down": -0.2},
    "deterrence": {"base": 0.0},
    "alliance": {"base": -2.0},
    "contagion": {"base": -3.0},
    "mediation": {"delay": 1},
    "run": {"horizon": 7},
}
DIVIDED = {
    "A": {"instability": 0.4, "turnover": 0.3},
    "B": {"instability": 0.3, "turnover": 0.2},
    "C": {"instability": 0.5, "turnover": 0.4},
    "D": {"instability": 0.25, "turnover": 0.15},
}


def world(
    ids: str,
    *,
    about: dict[str, dict[str, Any]] | None = None,
    ties: tuple[dict[str, Any], ...] = (),
    dyads: tuple[dict[str, Any], ...] = (),
    **tables: Any,
) -> Scenario:
    """A lively scenario of actors with one-letter ids and an incident from A to B.

    `about` gives fields of actors; the fields of a table are put on top of the base's.
    """
    about = about or {}
    merged = {name: {**LIVELY.get(name, {}), **tables.get(name, {})} for name in {*LIVELY, *tables}}
    return Scenario.model_validate(
        {
            "schema_version": 1,
            "actors": [{"id": i, "capability": 1.0, **about.get(i, {})} for i in ids],
            "ties": list(ties),
            "dyads": list(dyads),
            "trigger": {"initiator": "A", "target": "B"},
            **merged,
        }
    )


def tie(giver: str, to: str, kind: str = "defence", **terms: Any) -> dict[str, Any]:
    """A promise one way."""
    return {"from": giver, "to": to, "kind": kind, "mutual": False, **terms}


def dyad(a: str, b: str, **fields: Any) -> dict[str, Any]:
    """How two regard each other."""
    return {"a": a, "b": b, **fields}


RIVALS = (dyad("A", "B", rivalry=0.8),)
GUARDED = (tie("C", "B"),)

ALONE: dict[str, Scenario] = {
    "pair": world("AB"),
    "two steps to war": world("AB", ladder=SHORT),
    "default ladder": world("AB", ladder={**Scenario.model_fields["ladder"].default.model_dump()}),
    "all accidents": world("AB", trigger={"initiator": "A", "target": "B", "accident": 1.0}),
    "deterrence": world(
        "AB",
        about={"A": {"resolve": 0.5, "optimism": -0.3, "capability": 2.0}},
        dyads=RIVALS,
        trigger={"initiator": "A", "target": "B", "accident": 0.0},
    ),
    "divided at home": world(
        "AB",
        about=DIVIDED,
        deterrence={"diversion": 1.5, "opportunity": -1.0},
        response={"diversion": 1.0},
    ),
    "pact of the two": world("AB", ties=(tie("A", "B", "nonaggression", strength=0.7),)),
    "arms race": world(
        "AB",
        about={"A": {"arms": 1}, "B": {"capability": 0.6}},
        dyads=RIVALS,
        arms={"periods": 3, "levels": 2, "base": 0.0, "effect": 0.6, "tempo": 0.4},
    ),
    "misreading": world(
        "AB",
        about={"A": {"bias": 0.5, "noise": 1.2}, "B": {"bias": -0.4, "noise": 0.4}},
        dyads=(dyad("A", "B", mistrust=0.5, reach=0.8),),
    ),
    "plain sight": world("AB", about={"A": {"noise": 0.0, "bias": 0.6}, "B": {"noise": 0.0}}),
    "channel": world("AB", about={"A": {"bias": 0.5}}, dyads=(dyad("A", "B", channel=0.7),)),
    "exercises": world("AB", about={"A": {"exercise": 0.6}}, dyads=(dyad("A", "B", channel=0.2),)),
    "nuclear": world("AB", about={"B": {"nuclear": True}}, response={"nuclear": 1.0}),
    "timetables": world(
        "AB",
        about={"A": {"rigidity": 0.9, "tempo": 0.9}, "B": {"rigidity": 0.5, "tempo": 0.3}},
        response={"preempt": 1.2, "audience": 0.4, "cost": 0.3},
    ),
    "mediation": world(
        "AB",
        about={"A": {"arms": 2}},
        arms={"levels": 4},
        mediation={"rate": 0.4, "delay": 2, "tension": 1.0, "arms": 0.6, "pull": 1.5},
    ),
    "domains": world(
        "AB",
        trigger={
            "initiator": "A",
            "target": "B",
            "domains": [
                {"name": "land", "rung": 2},
                {"name": "hybrid", "rung": 1, "noise": 2.0, "weight": 0.5},
            ],
        },
    ),
    "wrong one blamed": world(
        "ABC",
        about=DIVIDED,
        dyads=(*RIVALS, dyad("B", "C", rivalry=0.6)),
        trigger={
            "initiator": "A",
            "target": "B",
            "domains": [{"name": "cyber", "misattribution": 0.5}],
        },
    ),
    "several incidents": world(
        "ABC",
        dyads=(*RIVALS, dyad("B", "C", rivalry=0.6), dyad("A", "C", rivalry=0.3, reach=0.5)),
        trigger={"from_rivalry": True, "initiator": None, "target": None},
    ),
    "defence": world("ABC", ties=GUARDED, dyads=(dyad("C", "A", reach=0.9),)),
    "doubtful defence": world(
        "ABC",
        ties=(tie("C", "A", ambiguity=0.4, conditional=0.5, credibility=0.6, strength=0.8),),
        alliance={"base": -1.0, "slack": 0.7, "review": 0.5},
    ),
    "offence": world(
        "ABC",
        ties=(
            tie("C", "A", "offence", against=["B"], ambiguity=0.2),
            tie("C", "B", against=["C"]),
        ),
    ),
    "burden, resolve and neutrality": world(
        "ABC",
        about={"C": {"capability": 3.0, "resolve": 0.7}},
        ties=(*GUARDED, tie("C", "A", "neutrality", strength=0.5)),
        alliance={"base": -1.5, "burden": 1.0},
    ),
    "support": world("ABC", ties=(tie("C", "B", "support", strength=0.9),), alliance={"aid": 1.0}),
    "consultation": world(
        "ABC",
        ties=(*GUARDED, tie("B", "C", "consultation"), tie("C", "B", "consultation", strength=0.6)),
        perception={"sharing": 1.5},
        response={"restraint": 1.0, "protocol": 0.7},
        alliance={"base": 0.0},
    ),
    "reassurance": world("ABC", ties=GUARDED, response={"reassure": 3.0}, alliance={"base": 0.0}),
    "opportunism": world(
        "ABC",
        about={"C": {"major": True}},
        dyads=(*RIVALS, dyad("C", "B", rivalry=1.0, reach=0.7)),
        contagion={"base": -2.0},
    ),
    "torn between both": world(
        "ABC",
        ties=(tie("C", "A"), tie("C", "B")),
        dyads=(dyad("C", "A", rivalry=0.7), dyad("C", "B", rivalry=0.5)),
        alliance={"base": 0.0, "review": 1.0},
        contagion={"base": -1.0},
    ),
    "chain gang": world(
        "ABCD", ties=(*GUARDED, tie("D", "C"), tie("D", "A")), alliance={"base": 0.0}
    ),
    "third party with a crisis of its own": world(
        "ABCD",
        ties=(tie("A", "D"),),
        response={"up": 1.5},
        deterrence={"base": -2.5},
        alliance={"base": -1.0},
        trigger={
            "dyads": [
                {"initiator": "A", "target": "B", "weight": 10.0},
                {"initiator": "C", "target": "D"},
            ],
            "initiator": None,
            "target": None,
        },
    ),
    "half of all": world(
        "ABC", ties=GUARDED, alliance={"base": 0.0}, outcome={"general_share": 0.8}
    ),
    "part of a system": world(
        "ABC",
        about={"C": {"capability": 2.0}},
        ties=GUARDED,
        alliance={"base": 0.0},
        outcome={"system_capability": 5.0},
    ),
}

ENDING = {"rate": 0.2, "balance": 0.8, "length": 0.1, "decisive": 1.5}

ALONE |= {
    "stake": world(
        "AB",
        dyads=(dyad("A", "B", rivalry=0.8, stake=0.7),),
        deterrence={"stake": 1.0},
        response={"stake": 0.6, "stake_war": 0.5},
    ),
    "goals": world(
        "ABC",
        about={
            "A": {"weight_security": 1.5, "weight_stability": 0.5, "weight_audience": 2.0},
            "B": {"weight_influence": 1.6, "weight_stability": 1.3},
            "C": {"weight_influence": 0.4, "weight_security": 0.6},
        },
        ties=(*GUARDED, tie("B", "C", "consultation", strength=0.5)),
        dyads=(dyad("A", "B", rivalry=0.8, stake=0.5),),
        response={"stake": 0.5, "audience": 0.3, "cost": 0.2},
        alliance={"base": 0.0},
    ),
    "encirclement": world(
        "ABC",
        about={"C": {"exercise": 0.4, "capability": 2.0}},
        ties=(tie("C", "B", ambiguity=0.2), tie("C", "B", "support", strength=0.3)),
        dyads=(dyad("A", "C", channel=0.3),),
        deterrence={"provocation": 1.5},
        response={"encircle": 1.0, "display": 0.8},
    ),
    "encirclement of the target": world(
        "ABC",
        ties=(
            tie("C", "A", conditional=0.5, strength=0.8),
            tie("C", "A", "offence", strength=0.4, credibility=0.7),
        ),
        response={"encircle": -1.0, "display": 0.8},
    ),
    "assurance": world(
        "ABC",
        ties=(tie("C", "A", conditional=1.0, credibility=0.8), tie("C", "B", ambiguity=0.5)),
        deterrence={"assurance": 1.0},
        response={"assurance": 0.8},
    ),
    "short of war, and own capability": world(
        "ABC",
        about={"C": {"capability": 3.0}},
        ties=GUARDED,
        dyads=(*RIVALS, dyad("C", "A", rivalry=0.5)),
        alliance={"base": -1.0, "short_of_war": 1.5, "capability": 0.3},
        contagion={"base": -1.5, "short_of_war": 1.0, "capability": 0.4},
    ),
    "bystanders": world(
        "ABC",
        about={"C": {"major": True, **DIVIDED["C"]}},
        ties=(tie("C", "A", "neutrality", strength=0.5),),
        alliance={"divided_delay": 0.5},
        bystander={
            "base": -2.0,
            "capability": 0.2,
            "major": 0.8,
            "reach": 0.5,
            "balance": 0.4,
            "pact": 0.7,
            "short_of_war": 0.6,
        },
    ),
    "talk among allies": world(
        "ABCD",
        ties=(*GUARDED, tie("D", "B"), tie("D", "C"), tie("D", "B", "consultation", strength=0.5)),
        alliance={"base": -1.5, "loss": 0.6, "follow": 1.5},
        trigger={"initiator": "A", "target": "B", "domains": [{"name": "land", "rung": 2}]},
        run={"horizon": 4},
    ),
    "limited help": world("ABC", ties=GUARDED, response={"limited": 1.5}, alliance={"base": 0.0}),
    "opacity": world("AB", about={"A": {"opacity": 1.0}}, dyads=(dyad("A", "B", channel=0.3),)),
    "any third party blamed": world(
        "ABC",
        trigger={
            "initiator": "A",
            "target": "B",
            "blame": 0.8,
            "domains": [{"name": "cyber", "misattribution": 0.5}],
        },
    ),
    "policy in a crisis": world(
        "AB",
        about={"A": {"resolve": 0.4}},
        policy={"from_rung": 2, "restraint": 0.8, "calm": 0.7, "mediation": 0.2},
    ),
    "war that ends": world("AB", about={"B": {"capability": 0.5}}, war=ENDING),
    "war among allies that ends": world("ABC", ties=GUARDED, alliance={"base": 0.0}, war=ENDING),
}

NOTABLE = {"nuclear": True, "major": True}
TOGETHER_ABOUT = {
    "A": {
        "resolve": 0.4,
        "bias": 0.3,
        "exercise": 0.3,
        "rigidity": 0.4,
        "weight_security": 0.8,
        "weight_audience": 1.4,
        **DIVIDED["A"],
    },
    "B": {
        "capability": 0.6,
        "noise": 0.8,
        "bias": 0.2,
        "opacity": 0.5,
        "weight_stability": 0.7,
        **DIVIDED["B"],
    },
    "C": {
        "capability": 1.5,
        "tempo": 0.7,
        "optimism": 0.2,
        "weight_influence": 1.3,
        **NOTABLE,
        **DIVIDED["C"],
    },
    "D": {"capability": 2.0, "major": True, "exercise": 0.4, **DIVIDED["D"]},
}
TOGETHER = {
    "arms": {"levels": 1, "periods": 2, "base": 0.0, "effect": 0.5, "tempo": 0.3},
    "mediation": {"delay": 1, "rate": 0.3, "tension": 0.5, "arms": 0.4},
    "alliance": {
        "base": -1.0,
        "burden": 0.5,
        "review": 0.3,
        "short_of_war": 0.4,
        "capability": 0.2,
        "loss": 0.3,
        "follow": 0.6,
        "divided_delay": 0.3,
    },
    "contagion": {"base": -2.0, "short_of_war": 0.4, "capability": 0.2},
    "bystander": {
        "base": -2.5,
        "capability": 0.2,
        "major": 0.5,
        "reach": 0.3,
        "balance": 0.3,
        "pact": 0.4,
        "short_of_war": 0.4,
    },
    "deterrence": {
        "base": 0.3,
        "opportunity": 0.4,
        "stake": 0.4,
        "provocation": 0.5,
        "assurance": 0.3,
    },
    "response": {
        "stake": 0.3,
        "stake_war": 0.4,
        "encircle": 0.4,
        "assurance": 0.3,
        "display": 0.3,
        "limited": 0.4,
    },
    "policy": {"from_rung": 2, "restraint": 0.3, "calm": 0.3, "mediation": 0.1},
    "war": {"rate": 0.2, "balance": 0.5, "length": 0.1, "decisive": 1.0},
}
DOMAINS = [
    {"name": "land", "rung": 1},
    {"name": "cyber", "weight": 0.5, "noise": 1.5, "misattribution": 0.3, "rung": 1},
]

MAIN: dict[str, Scenario] = {
    "pair, everything on": world(
        "AB",
        about=TOGETHER_ABOUT,
        ties=(tie("A", "B", "neutrality", strength=0.3),),
        dyads=(dyad("A", "B", rivalry=0.8, channel=0.3, mistrust=0.3, stake=0.6),),
        trigger={
            "dyads": [
                {"initiator": "A", "target": "B"},
                {"initiator": "B", "target": "A", "weight": 0.5},
            ],
            "initiator": None,
            "target": None,
            "domains": [{**DOMAINS[0], "rung": 2}, DOMAINS[1]],
        },
        run={"horizon": 15},
        **{**TOGETHER, "arms": {**TOGETHER["arms"], "levels": 2}},
    ),
    "triad, everything on": world(
        "ABC",
        about=TOGETHER_ABOUT,
        ties=(
            tie("C", "B", ambiguity=0.3),
            tie("C", "B", "support", strength=0.5),
            tie("C", "A", "offence", strength=0.4, against=["B"]),
            tie("B", "C", "consultation", strength=0.6),
            tie("A", "C", credibility=0.7, conditional=0.3),
            tie("C", "A", "nonaggression", strength=0.4),
        ),
        dyads=(
            dyad("A", "B", rivalry=0.8, channel=0.3, mistrust=0.3, stake=0.6),
            dyad("A", "C", rivalry=0.5, reach=0.8),
            dyad("B", "C", rivalry=0.3),
        ),
        trigger={
            "from_rivalry": True,
            "initiator": None,
            "target": None,
            "blame": 0.3,
            "domains": DOMAINS,
        },
        run={"horizon": 10},
        **TOGETHER,
    ),
    "four, everything on": world(
        "ABCD",
        about=TOGETHER_ABOUT,
        ties=(
            tie("C", "B", ambiguity=0.3),
            tie("C", "B", "support", strength=0.5),
            tie("D", "A", conditional=0.3, credibility=0.7),
            tie("D", "A", "offence", strength=0.6, against=["B", "C"]),
            tie("D", "C", strength=0.5),
            tie("C", "D", "neutrality", strength=0.4),
            tie("A", "D", "consultation", strength=0.5),
        ),
        dyads=(
            dyad("A", "B", rivalry=0.8, channel=0.3, mistrust=0.3, stake=0.6),
            dyad("C", "A", rivalry=0.6, reach=0.9),
            dyad("D", "B", rivalry=0.4, reach=0.8),
        ),
        trigger={"initiator": "A", "target": "B", "blame": 0.3, "domains": DOMAINS},
        run={"horizon": 8},
        **TOGETHER,
    ),
}
"""A pair, a triad and four actors with every mechanism on."""

TURNS = {"pair, everything on": 8, "triad, everything on": 5, "four, everything on": 3}
BRIEF = {
    name: scenario.model_copy(
        update={"run": scenario.run.model_copy(update={"horizon": TURNS[name]})}
    )
    for name, scenario in MAIN.items()
}
"""The same over fewer turns, solved in seconds."""

SMALL_WORLDS = ALONE | BRIEF
