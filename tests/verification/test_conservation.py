"""Each chain ends once: what must add up in an exact solution does, in every small world."""

import numpy as np
import pytest
from verification.small_worlds import SMALL_WORLDS

from mcescalate.engine.exact.solve import CLOSES

EXACT = {"rtol": 0, "atol": 1e-12}
WARS = ["limited_war", "general_war"]


@pytest.mark.parametrize("name", SMALL_WORLDS)
def test_everything_adds_up(name, exact_of):
    exact = exact_of(name)
    assert exact.attrs["mass_gap"] <= CLOSES

    def total(variable, *dims):
        values = exact[f"{variable}_probability"]
        return values.sum(dims or list(values.dims)).values

    for variable in ("outcome", "peak", "last_turn", "engaged_size", "war_size", "misread"):
        np.testing.assert_allclose(total(variable), 1.0, **EXACT)
    np.testing.assert_allclose(total("incident"), 1.0, **EXACT)
    np.testing.assert_allclose(total("actor_peak", "rung"), 1.0, **EXACT)
    outcome = exact["outcome_probability"]
    np.testing.assert_allclose(total("last_turn", "turn"), outcome, **EXACT)
    np.testing.assert_allclose(total("domain", "domain"), outcome, **EXACT)

    war = float(outcome.sel(outcome=WARS).sum())
    np.testing.assert_allclose(total("war_turn"), war, **EXACT)
    np.testing.assert_allclose(exact["peak_probability"].values[-1], war, **EXACT)
    np.testing.assert_allclose(1.0 - exact["war_size_probability"].values[0], war, **EXACT)
    assert float(exact["misread_war_probability"]) <= war + 1e-12

    engaged = total("actor_engaged", "side")
    np.testing.assert_allclose(total("entry", "cause"), engaged, **EXACT)
    np.testing.assert_allclose(total("entry_turn", "turn"), engaged, **EXACT)
    by_treaty = exact["entry_probability"].sel(cause="treaty")
    np.testing.assert_allclose(total("drawn_in", "partner"), by_treaty, **EXACT)
    assert (exact["chain_gang_probability"] <= by_treaty + 1e-12).all()
    sizes = exact["n_actors"].values
    mean_size = float((exact["engaged_size_probability"].values * sizes).sum())
    np.testing.assert_allclose(engaged.sum(), mean_size, **EXACT)
    at_war = float((exact["war_size_probability"].values * sizes).sum())
    np.testing.assert_allclose(total("actor_war"), at_war, **EXACT)
