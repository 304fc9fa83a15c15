"""How far a sweep has come: a live line, a plain line a minute, a status file."""

import json
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mcescalate.cli.terminal.printing import COMPILING, say
from mcescalate.cli.terminal.progress import EVERY, PLAIN_TERMINALS
from mcescalate.engine.compilation import is_compiling
from mcescalate.quantities import grouped, in_time
from mcescalate.sweep.run.runner import SweepStatus
from mcescalate.sweep.store.shard_files import replace_file
from mcescalate.sweep.workflow import PreparedSweep

if TYPE_CHECKING:
    from mcescalate.cli.terminal.live import TextLine

STATUS_VERSION = 1
STATUS_EVERY = 1.0
"""Seconds between two status files."""


class SweepProgress:
    """Tells, while a sweep is played, how far it has come; call it with each `SweepStatus`.

    Parameters
    ----------
    prepared : the sweep
    part : which of how many parts
    status_file : JSON file to keep up to date, or None
    shown : False keeps stderr silent
    """

    def __init__(
        self,
        prepared: PreparedSweep,
        part: tuple[int, int],
        status_file: Path | None,
        *,
        shown: bool = True,
    ):
        self.prepared = prepared
        self.part = part
        self.status_file = status_file
        self.shown = shown
        self._line: TextLine | None = None
        self._standing = SweepStatus()

    def __enter__(self) -> Self:
        self._begin = self._told = self._written = time.monotonic()
        self._write_status("running")
        if self.shown and sys.stderr.isatty() and os.environ.get("TERM") not in PLAIN_TERMINALS:
            from mcescalate.cli.terminal.live import TextLine

            self._line = TextLine()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            self._line.close()
        if self._standing.is_stopped:
            state = "stopped"
        elif kind is not None or self._standing.failures:
            state = "failed"
        else:
            state = "done"
        self._write_status(state)

    def __call__(self, standing: SweepStatus) -> None:
        """Note how far it is."""
        self._standing = standing
        now = time.monotonic()
        if self._line is not None:
            self._line.update(self.text())
        elif self.shown and now - self._told >= EVERY:
            self._told = now
            say(self.text())
        if now - self._written >= STATUS_EVERY:
            self._written = now
            self._write_status("running")

    def text(self) -> str:
        """One line: points, chains a second, time left, precision."""
        facts = self.facts()
        rate = f"{grouped(facts['chains_per_second'])} chains/s"
        words = [
            f"{grouped(facts['points_ended'])} of {grouped(facts['points'])} points",
            COMPILING if is_compiling() else rate,
        ]
        if facts["seconds_left"] is not None:
            words.append(f"{in_time(facts['seconds_left'])} left")
        if facts["points_reached"] is not None:
            words.append(f"precision reached at {grouped(facts['points_reached'])}")
        if facts["shards_failed"]:
            words.append(f"{facts['shards_failed']} shards failed")
        return ", ".join(words)

    def facts(self) -> dict[str, Any]:
        """All that is known, by name."""
        standing, sweep = self._standing, self.prepared.sweep
        elapsed = max(time.monotonic() - self._begin, 1e-9)
        played = standing.chains_done - standing.chains_found
        share_left = self._share_left()
        share_played = played / max(standing.chains_done, 1) * (1.0 - share_left)
        return {
            "points": sweep.n_points,
            "points_ended": standing.points_ended,
            "points_reached": standing.points_reached if sweep.plan.precision else None,
            "chains_done": standing.chains_done,
            "chains_found": standing.chains_found,
            "chains_per_second": round(played / elapsed),
            "seconds_left": elapsed * share_left / share_played if share_played > 0 else None,
            "shards_written": standing.shards_written,
            "shards_found": standing.shards_found,
            "shards_failed": len(standing.failures),
            "elapsed_seconds": round(elapsed, 1),
        }

    def _share_left(self) -> float:
        """Share of the work that is left, of this part."""
        standing, sweep = self._standing, self.prepared.sweep
        if sweep.plan.precision:
            done, whole = standing.points_ended, sweep.n_points / self.part[1]
        else:
            done, whole = standing.chains_done, sweep.n_points * sweep.most_chains / self.part[1]
        return min(max(1.0 - done / whole, 0.0), 1.0)

    def _write_status(self, state: str) -> None:
        if self.status_file is None:
            return
        status = {
            "schema_version": STATUS_VERSION,
            "state": state,
            "part": f"{self.part[0]}/{self.part[1]}",
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            **self.facts(),
            "failures": self._standing.failures,
        }
        image = (json.dumps(status, indent=1) + "\n").encode()
        replace_file(self.status_file, image)
