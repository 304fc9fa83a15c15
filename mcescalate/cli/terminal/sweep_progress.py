"""Progress of a sweep: a live line, a plain line a minute, a status file."""

import json
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mcescalate.cli.terminal.printing import COMPILING, say
from mcescalate.cli.terminal.progress import EVERY, has_live_terminal
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
    """Shows the progress of a sweep; call it with each `SweepStatus`.

    Compiling does not count as work: rate and time left are measured from its end.

    Parameters
    ----------
    prepared : the sweep
    part : which of how many parts
    status_file : JSON file that is kept up to date, or None
    shown : False prints nothing on stderr
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
        self._status = SweepStatus()

    def __enter__(self) -> Self:
        self._begin = self._work_begin = self._last_line = self._written = time.monotonic()
        self._write_status("running")
        if self.shown and has_live_terminal():
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
        if self._status.is_stopped:
            state = "stopped"
        elif kind is not None or self._status.failures:
            state = "failed"
        else:
            state = "done"
        self._write_status(state)

    def __call__(self, status: SweepStatus) -> None:
        """Note the status, and print it when due."""
        self._status = status
        now = time.monotonic()
        if is_compiling() and self._chains_simulated() == 0:
            self._work_begin = now
        if self._line is not None:
            self._line.update(self.text())
        elif self.shown and now - self._last_line >= EVERY:
            self._last_line = now
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
        """All facts of the status file, by name."""
        status, sweep = self._status, self.prepared.sweep
        now = time.monotonic()
        elapsed = max(now - self._work_begin, 1e-9)
        simulated = self._chains_simulated()
        share_left = self._share_left()
        share_simulated = simulated / max(status.chains_done, 1) * (1.0 - share_left)
        seconds_left = elapsed * share_left / share_simulated if share_simulated > 0 else None
        return {
            "points": sweep.n_points,
            "points_ended": status.points_ended,
            "points_reached": status.points_reached if sweep.plan.precision else None,
            "chains_done": status.chains_done,
            "chains_found": status.chains_found,
            "chains_per_second": round(simulated / elapsed),
            "seconds_left": seconds_left,
            "shards_written": status.shards_written,
            "shards_found": status.shards_found,
            "shards_failed": len(status.failures),
            "elapsed_seconds": round(now - self._begin, 1),
        }

    def _chains_simulated(self) -> int:
        """Chains simulated by this process, without those found on disk."""
        return self._status.chains_done - self._status.chains_found

    def _share_left(self) -> float:
        """Share of this part's work that is left."""
        status, sweep = self._status, self.prepared.sweep
        if sweep.plan.precision:
            done, whole = status.points_ended, sweep.n_points / self.part[1]
        else:
            done, whole = status.chains_done, sweep.n_points * sweep.most_chains / self.part[1]
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
            "failures": self._status.failures,
        }
        image = (json.dumps(status, indent=1) + "\n").encode()
        replace_file(self.status_file, image)
