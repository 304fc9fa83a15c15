"""Predict each dispute by values fitted to other disputes: how good a calibration is."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from mcescalate.calibration.fitting.calibrate import Calibration
from mcescalate.calibration.likelihoods.observations import Observation, Placed
from mcescalate.calibration.scoring.forecast import forecast_world
from mcescalate.calibration.scoring.splits import Part
from mcescalate.engine.batches import Interrupted
from mcescalate.machine import available_cores

MOST_DISPUTES = 2**31


def predict_held_out(
    placed: Placed,
    parts: Sequence[Part],
    fit: Callable[[list[Observation], Calibration | None], Calibration],
    *,
    levels: Sequence[int],
    seed: int,
    chains: int,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
    stop: threading.Event | None = None,
) -> list[dict[str, Any]]:
    """Predict the test disputes of each part by values fitted to its training disputes.

    Disputes in no test part are predicted by what the first part was fitted to.

    Parameters
    ----------
    fit : fits values to observations, beginning near another fit
    levels : (rung) of hostility
    progress : called with the number of disputes predicted

    Returns
    -------
    Records as those of `backtest.predict_disputes`.

    Raises
    ------
    Interrupted
        `stop` was set before the end.
    """
    stop = stop or threading.Event()
    rest = ~np.any([part.test for part in parts], axis=0)
    records: list[dict[str, Any]] = [{"number": 0, "reason": reason} for reason in placed.reasons]
    done = int(sum(one is None for one in placed.observations))
    lock = threading.Lock()
    calibration: Calibration | None = None
    for k, part in enumerate(parts):
        asked = np.flatnonzero(part.test | rest if k == 0 else part.test)
        known = [
            one for one, own in zip(placed.observations, part.train, strict=True) if own and one
        ]
        calibration = fit(known, calibration)

        def predict(place: int, calibration: Calibration = calibration) -> None:
            nonlocal done
            one = placed.observations[place]
            if one is None:
                return
            if stop.is_set():
                raise Interrupted
            found = forecast_world(
                calibration.world_of(one),
                (one.initiator, one.target),
                np.array(levels),
                seed=seed,
                first_chain=(one.number % MOST_DISPUTES) * 2**32,
                n_chains=chains,
            )
            records[place] = {
                "number": one.number,
                "initiator": one.codes[one.initiator],
                "target": one.codes[one.target],
                **{name: getattr(found, name) for name in ("war", "answered", "force", "multi")},
                "joining": {str(one.codes[actor]): p for actor, p in found.joining.items()},
                "at_war": found.at_war,
                **one.covariates,
            }
            with lock:
                done += 1
                progress(done)

        with ThreadPoolExecutor(workers or available_cores()) as pool:
            list(pool.map(predict, asked))
    return records
