"""The comments in an imported scenario: what each block is and where it comes from."""

import datetime
from collections.abc import Mapping, Sequence

from mcescalate.importing.build.presets import Preset
from mcescalate.importing.build.scenario_text import Row
from mcescalate.importing.evidence.report import Ledger
from mcescalate.importing.evidence.sources import Library
from mcescalate.scenario.fields import plain_number
from mcescalate.scenario.first_acts import TRAITS

_KINDS = {
    "defence": "defence: to help when the other is attacked",
    "offence": "offence: to join when the other attacks",
    "support": "support: arms and money, no promise to fight",
    "consultation": "consultation: to talk before acting",
    "neutrality": "neutrality: to stay out of the other's wars",
    "nonaggression": "nonaggression: not to attack the other",
}


class Comments:
    """The comments and texts of one import.

    Parameters
    ----------
    library : the files that were read
    day : of the scenario
    data_day : on which the data stand; earlier than `day` if they are lagged
    year : the year of the capabilities
    ledger : the record of the import
    """

    def __init__(
        self,
        library: Library,
        day: datetime.date,
        data_day: datetime.date,
        year: int,
        ledger: Ledger,
    ):
        self.library = library
        self.day = day
        self.data_day = data_day
        self.year = year
        self.ledger = ledger

    def opening(self) -> str:
        """The comment at the top."""
        return (
            "Made by `mcescalate import` from published data files. What is data and what is "
            "assumption: docs/importing.md."
        )

    def texts(
        self, title: str, n_actors: int, *, whole: bool, preset: Preset | None
    ) -> dict[str, str]:
        """Title, description, source and note of the scenario."""
        who = "the whole state system" if whole else "a part of the state system"
        mapping = self.ledger.mapping
        changed = [f"{address} = {plain_number(mapping[address])}" for address in mapping.changes]
        note = [
            preset.sentence if preset else "Coefficients are the model's defaults.",
            "Values that the data do not contain come from the importer's mapping.",
            f"Changed from its defaults: {', '.join(changed)}." if changed else "",
            ""
            if self.data_day == self.day
            else f"Data stand as on {self.data_day}; the actors are the members of {self.day}.",
            *self.ledger.missing,
        ]
        return {
            "title": title or f"{n_actors} states on {self.day}",
            "description": f"{n_actors} states, {who}, as the data have it on {self.day}.",
            "source": "\n".join(
                f"{source.label}, SHA-256 {source.digest[:16]}"
                for source in self.library.sources.values()
            ),
            "note": "\n".join(text for text in note if text),
        }

    def actors(self) -> str:
        """The comment on the actors."""
        lines = [
            f"members: on {self.day}, {self._label('states', 'system', 'nmc')}",
            f"capability: the share CINC of {self.year}, {self._label('nmc')}",
        ]
        if "majors" in self.library.sources:
            lines.append(f"major: on {self._data_day}, {self._label('majors')}")
        if any(address.startswith("nuclear.") for address in self.ledger.uses):
            lines.append("nuclear: from the year of the first test on, general history")
        if "regimes" in self.library.sources:
            lines.append(
                f"instability, turnover: regime of the year, {self._label('regimes')}; "
                "values assumed"
            )
        return "\n".join(lines)

    def ties(self) -> str:
        """The comment on all ties."""
        sources = self.library.sources
        lines = []
        if "atop_members" in sources:
            lines.append(f"parties, kinds, conditions, adversaries: {self._label('atop_members')}")
        if "atop_dyads" in sources:
            lines.append(f"directions by year: {self._label('atop_dyads')}")
        if cow := self._label("cow_members", "cow_dyads", "cow_member_years", "cow_dyad_years"):
            lines.append(f"parties and kinds: {cow}")
        if "supplement" in sources:
            lines.append(f"ties not in these files: {self._label('supplement')}")
        if lines:
            lines.append(
                "One row for each promise; where treaties repeat it, the strongest sets its terms. "
                "The values of strength, ambiguity, conditional and credibility are assumptions."
            )
        return "\n".join(lines) or "none: no file of alliances was given"

    def ties_of(self, kind: str) -> str:
        """The comment on one kind of tie."""
        return _KINDS[kind]

    def dyads(self) -> str:
        """The comment on pairs."""
        sources = self.library.sources
        lines = []
        if "tss" in sources or "td" in sources:
            lines.append(
                f"rivalry: from its types in {self.data_day.year}, {self._label('tss', 'td')}; "
                "values assumed"
            )
        if "contiguity" in sources:
            lines.append(f"reach: from borders, {self._label('contiguity')}; values assumed")
        if "rows with a stake" in self.ledger.mapped:
            lines.append(
                f"stake: {self._label('supplement')}; it has no effect while deterrence.stake, "
                "response.stake and response.stake_war are 0"
            )
        lines.append(
            "Pairs without a row are neither rivals nor within reach; they face each other only if "
            "a distant rival joins for its own ends."
        )
        return "\n".join(lines)

    def trigger(self, domains: Sequence[Row], shares: Mapping[str, float]) -> str:
        """The comment on incidents.

        Parameters
        ----------
        domains : rows of the domains; none where a named pair begins on the lowest rung
        shares : of the domains, of a named pair
        """
        if not domains:
            return "One crisis, which begins on the lowest rung above calm."
        lines = ["How incidents begin: each row has its source."]
        traits = [trait for trait in TRAITS if any(trait in row for row in domains)]
        if traits:
            lines.append(
                f"{' and '.join(traits)}: what a domain's log-odds gain from a major power, from "
                "reach, from a stake of the two."
            )
        if shares:
            listed = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
            lines.append(f"So these two begin with: {listed}.")
        return "\n".join(lines)

    def system(self, n_members: int) -> str:
        """The source of the capability of the whole system."""
        return (
            f"sum of the shares CINC of {self.year} over all {n_members} members of the system on "
            f"{self.day}, {self._label('nmc')}"
        )

    def coefficients(self, preset: Preset | None) -> str:
        """The comment on coefficients."""
        fitted = (
            f"Preset {preset.name}: fitted to the disputes of the era, so that a grave crisis asks "
            "judgement beyond it (docs/presets.md).\n"
            if preset
            else ""
        )
        if preset and "alliance" in preset.tables and "bystander" not in preset.tables:
            fitted += (
                "Bystanders are left out: their rate was fitted among few likely third parties; at "
                "this rate, so many states would draw several into each dispute.\n"
            )
        return (
            f"{fitted}"
            "system_capability: a war is general if its parties hold outcome.general_share of it"
        )

    @property
    def _data_day(self) -> str:
        return "that day" if self.data_day == self.day else str(self.data_day)

    def _label(self, *kinds: str) -> str:
        source = self.library.first_of(*kinds)
        return source.label if source else ""
