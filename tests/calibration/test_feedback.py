"""The fit of who joins, corrected for what joiners set off among others."""

from dataclasses import replace

import numpy as np
from calibration.pairs import DOMAINS, random_crisis

from mcescalate.calibration.fitting.calibrate import calibrate
from mcescalate.calibration.fitting.feedback import entries_in_chains
from mcescalate.calibration.likelihoods.free_values import find_free_values
from mcescalate.calibration.likelihoods.observations import Outcome, observe
from mcescalate.scenario.change.addresses import assign

OTHERS = "CDEF"
N_DISPUTES = 60
TRUTH = -7.0


def allied_disputes():
    """Drawn by the simulator: allies of B who follow one another."""
    scenario = random_crisis(
        np.random.default_rng(3),
        others=OTHERS,
        ties=[
            {"from": k, "to": j, "kind": "defence", "mutual": False}
            for k in OTHERS
            for j in "B" + OTHERS
            if j != k
        ],
        alliance={"follow": 4.0, "review": 0.05},
        run={"horizon": 8},
    )
    drawn = observe(
        assign(scenario, [("alliance.base", TRUTH)]), "A", "B", year=1950, outcome=Outcome()
    )
    found = []
    for k in range(N_DISPUTES):
        seen = entries_in_chains(replace(drawn, number=k), drawn.world, 7, 1)
        war = bool(seen[1].any())
        did = seen[int(war)].argmax(axis=0)
        found.append(
            observe(
                scenario,
                "A",
                "B",
                year=1950,
                outcome=Outcome(war=war),
                number=k,
                entered=dict(zip(OTHERS, did.tolist(), strict=True)),
            )
        )
    return found


def test_correction_takes_most_of_the_error_away():
    """An error of about .2 is left to 60 disputes by chance, where feedback makes one above 1."""
    disputes = allied_disputes()
    values = find_free_values(["alliance.base"], [])
    domains = [domain["name"] for domain in DOMAINS]
    left_out = calibrate(disputes, values, domains, feedback=False, workers=1)
    corrected = calibrate(disputes, values, domains, workers=1)
    assert left_out.feedback is None
    assert corrected.feedback is not None and corrected.feedback.converged
    (error, *_), (rest, *_) = (
        one.effective()["alliance.base"] - TRUTH for one in (left_out, corrected)
    )
    assert abs(rest) < 0.4 * error
