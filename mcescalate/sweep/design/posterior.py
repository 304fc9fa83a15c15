"""Draws from a posterior of coefficients as the points of a sweep.

A posterior has a variable for each value that was estimated, named by its address, by chain and
draw, and by era where the value differs between eras. `chain` is ArviZ's word: a chain of the
sampler, not of the simulation.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.arguments import file_name, kind_of
from mcescalate.errors import DataError, ScenarioError, UsageError
from mcescalate.model.coefficients import MODEL_VERSION
from mcescalate.scenario.change.addresses import read
from mcescalate.scenario.eras import era_of
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import found, listed, quoted
from mcescalate.sweep.design.table import Value

if TYPE_CHECKING:
    import xarray as xr

SAMPLE = ("chain", "draw")
ERA = "era"
LADDER = ("rungs", "mobilised", "casus", "mid")
DRAWS = 200
"""Draws that are used unless another number is asked for."""

_FEWEST_DRAWS = 2

Rows = list[list[Value]]


@dataclass(frozen=True)
class Posterior:
    """Draws of coefficients.

    Parameters
    ----------
    name : where they are from, for messages
    values : by address, (draw) or (draw, era)
    eras : labels of the eras; none where no value differs between eras
    ladder : rungs of the scenarios that they were fitted with, if that is known
    """

    name: str
    values: Mapping[str, np.ndarray]
    eras: tuple[str, ...] = ()
    ladder: Mapping[str, Any] | None = None

    @property
    def n_draws(self) -> int:
        """Draws of all chains of the sampler."""
        return len(next(iter(self.values.values())))

    def era_for(self, scenario: Scenario, era: str | None = None) -> str | None:
        """The era whose values hold: the one asked for, or else that of the scenario.

        Raises
        ------
        UsageError
            There is no such era, or the scenario states none; names those there are.
        """
        if not self.eras:
            if era is not None:
                raise UsageError(f"--era: {self.name}: no value differs by era; leave it out")
            return None
        if era is not None:
            if era not in self.eras:
                raise UsageError(
                    f"--era: {self.name}: expected {self._one_of_its_eras}, found {quoted(era)}"
                )
            return era
        if scenario.era in self.eras:
            return scenario.era
        if scenario.date is not None and (known := era_of(scenario.date.year, self.eras)):
            return known
        stated = scenario.era or scenario.date
        what = f"is of {stated}, which is none of these" if stated else "states none"
        raise UsageError(
            f"{self.name}: its values differ by era, and the scenario {what}; "
            f"choose {self._one_of_its_eras} with --era"
        )

    @property
    def _one_of_its_eras(self) -> str:
        return f"one of its eras {listed(list(self.eras))}"

    def check_scenario(self, scenario: Scenario) -> None:
        """See that the values belong to a scenario's ladder, and that it has all of them.

        Raises
        ------
        UsageError
            They were fitted on another ladder.
        ScenarioError
            The scenario lacks values; names each.
        """
        if self.ladder is not None:
            own = scenario.ladder.model_dump(mode="json")
            for key in LADDER:
                fitted = self.ladder.get(key)
                if fitted != own[key]:
                    raise UsageError(
                        f"{self.name}: fitted on another ladder: {key} = {json.dumps(fitted)} "
                        f"there, {key} = {json.dumps(own[key])} in the scenario"
                    )
        problems = []
        for address in self.values:
            try:
                read(scenario, address, self.name)
            except ScenarioError as error:
                problems += error.problems
        if problems:
            raise ScenarioError(f"{self.name}: does not fit the scenario", problems)

    def without(self, fixed: Sequence[str]) -> "Posterior":
        """The posterior without some values, for which those of the scenario hold.

        Parameters
        ----------
        fixed : addresses, or patterns of them with `*`

        Raises
        ------
        UsageError
            One is not among the values, or none would be left.
        """
        values = dict(self.values)
        for pattern in fixed:
            matches = [address for address in self.values if fnmatchcase(address, pattern)]
            if not matches:
                known = f"; it has {listed(list(self.values))}"
                raise UsageError(f"--fixed: {self.name} has no value {quoted(pattern)}{known}")
            for address in matches:
                values.pop(address, None)
        if not values:
            raise UsageError(f"--fixed: {self.name}: no value is left to be drawn")
        has_eras = any(value.ndim > 1 for value in values.values())
        return replace(self, values=values, eras=self.eras if has_eras else ())

    def draws(self, n: int | None, era: str | None) -> Rows:
        """Rows of values, evenly spread over all draws.

        Parameters
        ----------
        n : how many; `DRAWS`, or all if there are fewer, if left out

        Raises
        ------
        UsageError
            There are not so many.
        """
        total = self.n_draws
        if n is not None and n > total:
            raise UsageError(f"--draws: {self.name} has {total} draws, found {n}; ask for fewer")
        if total < _FEWEST_DRAWS:
            raise UsageError(f"{self.name}: expected {_FEWEST_DRAWS} draws or more, found {total}")
        n = min(DRAWS, total) if n is None else n
        places = (2 * np.arange(n) + 1) * total // (2 * n)
        columns = [
            (values[places] if values.ndim == 1 else values[places, self.eras.index(era)]).tolist()
            for values in self.values.values()
        ]
        return [list(row) for row in zip(*columns, strict=True)]


def read_posterior(source: Any) -> Posterior:
    """A posterior from a netCDF4 file, or from what ArviZ has in memory.

    Parameters
    ----------
    source : a file; a dataset; or anything with an attribute or group `posterior` that is one

    Raises
    ------
    DataError
        It is no posterior, was fitted with another version of the model, or has draws that are
        no numbers.
    UsageError
        It is nothing of this kind.
    """
    if isinstance(source, str | os.PathLike):
        from mcescalate.results.files.posterior import load_posterior

        name = file_name(source, "coefficients")
        return _checked(load_posterior(source), {}, name)
    group = getattr(source, "posterior", source)
    dataset = group.to_dataset() if hasattr(group, "to_dataset") else group
    if not hasattr(dataset, "data_vars"):
        raise UsageError(
            f"coefficients: expected a posterior or its file (netCDF4), found {kind_of(source)}"
        )
    return _checked(dataset, getattr(source, "attrs", {}), "posterior")


def _checked(dataset: "xr.Dataset", of_file: Mapping[str, Any], name: str) -> Posterior:
    attributes = {**of_file, **dataset.attrs}
    version = attributes.get("model_version")
    if version is not None and str(version) != MODEL_VERSION:
        raise DataError(
            f"{name}: fitted with version {found(str(version))} of the model, this is version "
            f"{MODEL_VERSION}; fit it anew"
        )
    values = {}
    for address, variable in dataset.data_vars.items():
        if set(SAMPLE) & set(variable.dims):
            values[str(address)] = _draws_of(variable, f"{name}: {address}")
    if not values:
        raise DataError(f"{name}: not a posterior: no variable is by chain and draw")
    eras: tuple[str, ...] = ()
    if any(value.ndim > 1 for value in values.values()):
        if ERA not in dataset.coords:
            raise DataError(f"{name}: era: expected the labels of the eras, found none")
        eras = tuple(str(label) for label in dataset[ERA].values.tolist())
    return Posterior(name, values, eras, _ladder(attributes.get("ladder"), name))


def _draws_of(variable: "xr.DataArray", place: str) -> np.ndarray:
    """(draw) or (draw, era), chain after chain."""
    dims = (*SAMPLE, ERA) if ERA in variable.dims else SAMPLE
    if set(variable.dims) != set(dims):
        shown = ", ".join(map(str, variable.dims))
        raise DataError(f"{place}: expected the dims chain, draw and perhaps era, found {shown}")
    if not variable.size:
        raise DataError(f"{place}: has no draws")
    if variable.dtype.kind not in "biuf":
        raise DataError(f"{place}: expected numbers, found {variable.dtype}")
    values = variable.transpose(*dims).values
    if wrong := int(np.count_nonzero(~np.isfinite(values))):
        where = zip(dims, np.argwhere(~np.isfinite(values))[0].tolist(), strict=True)
        first = ", ".join(f"{dim} {k}" for dim, k in where)
        raise DataError(
            f"{place}: {wrong} of {values.size} draws are not numbers, first at {first}"
        )
    return values.reshape(-1, *values.shape[2:])


def _ladder(text: Any, name: str) -> Mapping[str, Any] | None:
    if text is None:
        return None
    try:
        ladder = json.loads(text) if isinstance(text, str | bytes) else None
    except ValueError:
        ladder = None
    if not isinstance(ladder, dict):
        raise DataError(f"{name}: attribute ladder: expected a table as JSON, found {found(text)}")
    return ladder


def common_era(
    posterior: Posterior, scenarios: Sequence[Scenario], era: str | None = None
) -> str | None:
    """The era of all scenarios, which the posterior must fit; see `Posterior.era_for`.

    Raises
    ------
    UsageError
        They are of several eras, or one does not fit; see `Posterior.check_scenario`.
    """
    for scenario in scenarios:
        posterior.check_scenario(scenario)
    eras = list(dict.fromkeys(posterior.era_for(scenario, era) for scenario in scenarios))
    if len(eras) > 1:
        raise UsageError(
            f"{posterior.name}: the scenarios are of the eras {listed(list(map(str, eras)))}; "
            "give each era a sweep of its own, or choose one era for all"
        )
    return eras[0]
