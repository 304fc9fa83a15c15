"""What each address of the page answers: the page, the scenario, positions, chains and files."""

import json
import secrets
import shlex
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs

from mcescalate import __version__
from mcescalate.engine.compilation import is_compiling
from mcescalate.engine.trace import Trace, trace_crises
from mcescalate.errors import McEscalateError, ScenarioError
from mcescalate.exploration.answers import Answers
from mcescalate.exploration.course import describe_course
from mcescalate.exploration.dials import describe_dials, describe_levers
from mcescalate.exploration.network import describe_network
from mcescalate.exploration.positions import STAGES, Counted, Exploration, Superseded
from mcescalate.limits import CHAIN_END
from mcescalate.scenario.change.difference import overlay_between
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.writing import overlay_to_toml

if TYPE_CHECKING:
    import xarray as xr

Facts = dict[str, Any]

MOST_SETTINGS = 10_000
WAITING_SECONDS = 1.0
"""Seconds between two lines that say that kernels are being compiled."""

HTML, JSON, LINES, TOML = (
    "text/html; charset=utf-8",
    "application/json",
    "application/x-ndjson",
    "application/toml; charset=utf-8",
)
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Request(NamedTuple):
    """A request that may be answered; `path` is what follows the token."""

    method: str
    path: str
    query: str
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer: its kind, its bytes, or the parts of them as they come."""

    kind: str
    body: bytes | Generator[bytes, None, None]
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """A request that cannot be answered: its status, and one line that says why."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None):
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers or {}


class Site:
    """The answers to requests about one exploration.

    Parameters
    ----------
    words : the scenario as a command line names it: its file, and options that changed it
    make_report : a result to the page on it
    idle_minutes : after which the program stops
    frames : sources that may show the page in a frame, in the words of a content policy
    """

    def __init__(
        self,
        exploration: Exploration,
        *,
        words: Sequence[str],
        make_report: Callable[["xr.Dataset"], str],
        idle_minutes: float,
        frames: str,
    ):
        self.exploration = exploration
        self.words = words
        self.make_report = make_report
        self.idle_minutes = idle_minutes
        self.frames = frames
        self._answers = Answers()
        self._network: Facts | None = None
        self._routes: dict[tuple[str, str], Callable[[Request], Reply]] = {
            ("GET", ""): self._page,
            ("GET", "scenario.json"): self._scenario,
            ("POST", "position"): self._position,
            ("GET", "chain.json"): self._chain,
            ("GET", "overlay.toml"): self._overlay,
            ("GET", "report.html"): self._report,
        }

    def answer(self, request: Request) -> Reply:
        """Answer a request.

        Raises
        ------
        Refusal
            There is no such address, it takes another method, or the request is malformed.
        McEscalateError
            What is asked for is not possible with this scenario.
        """
        found = self._routes.get((request.method, request.path))
        if found is not None:
            return found(request)
        methods = [method for method, path in self._routes if path == request.path]
        if methods:
            refused = f"{request.method}: this address takes {' or '.join(methods)}"
            raise Refusal(405, refused, {"Allow": ", ".join(methods)})
        raise Refusal(404, "there is nothing at this address")

    # ---- the page

    def _page(self, request: Request) -> Reply:
        nonce = secrets.token_urlsafe(16)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
            "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
            f"frame-ancestors {self.frames}"
        )
        return Reply(HTML, page(nonce).encode(), {"Content-Security-Policy": policy})

    def _scenario(self, request: Request) -> Reply:
        scenario = self.exploration.scenario
        return _json(
            {
                "version": __version__,
                "title": scenario.title or "untitled scenario",
                "description": scenario.description,
                "seed": str(self.exploration.seed),
                "idle_minutes": self.idle_minutes,
                "command": shlex.join(["mcescalate", "explore", *self.words]),
                "rungs": list(scenario.ladder.rungs),
                "actors": {actor.id: actor.label for actor in scenario.actors},
                "levers": describe_levers(scenario),
                **describe_dials(scenario),
            }
        )

    # ---- positions

    def _position(self, request: Request) -> Reply:
        settings = _settings_in(request.body)
        changed = self.exploration.changed(settings)
        return Reply(LINES, self._stages(changed, settings))

    def _stages(self, changed: Scenario, settings: list[str]) -> Generator[bytes, None, None]:
        """Lines of JSON, one for each stage of a position, and one at its end."""
        try:
            yield _line({"set": _options("--set", settings)})
            while not self.exploration.wait_until_ready(WAITING_SECONDS):
                yield _line({"waiting": "compiling" if is_compiling() else "starting"})
            with closing(self.exploration.positions(changed)) as stages:
                for found in stages:
                    yield _line(self._answer_to(found, settings))
            yield _line({"done": True})
        except Superseded:
            yield _line({"superseded": True})
        except McEscalateError as error:
            yield _line({"error": str(error)})
        except Exception as error:
            yield _line({"error": f"internal error ({type(error).__name__}): {error}"})

    def _answer_to(self, found: Counted, settings: list[str]) -> Facts:
        answer = self._answers.answer(found)
        if self._network is None:
            self._network = self._describe_network(answer["base"])
        command = self._command(settings, answer["n_chains"])
        return {**answer, "network": self._network, "command": command}

    def _describe_network(self, base: Facts) -> Facts:
        actors = base["summary"]["actors"]
        engaged = {name: did["engaged"]["probability"] for name, did in actors.items()}
        return describe_network(self.exploration.scenario, engaged, base["sides"])

    def _command(self, settings: list[str], n_chains: int) -> str:
        """The command that prints the same figures."""
        how = f"-n {n_chains} --seed {self.exploration.seed}"
        scenario = shlex.join(self.words)
        if not settings:
            return f"mcescalate run {scenario} {how}"
        return f"mcescalate compare {scenario} {_options('--set-second', settings)} {how}"

    # ---- files and chains

    def _chain(self, request: Request) -> Reply:
        query = _query(request)
        number = _whole(query, "number", 0, CHAIN_END - 1)
        changed = self.exploration.changed(query.get("set", []))
        seed = self.exploration.seed
        courses = {"now": describe_course(_trace(changed, number, seed))}
        if changed is not self.exploration.scenario:
            base = _trace(self.exploration.scenario, number, seed)
            courses["base"] = describe_course(base)
        return _json(courses)

    def _overlay(self, request: Request) -> Reply:
        settings = _query(request).get("set", [])
        base = self.exploration.scenario
        overlay = overlay_between(base, self.exploration.changed(settings))
        head = [
            f"# Made with mcescalate explore from {_comment(base.title or 'untitled scenario')}:",
            *(f"#   {_comment(setting)}" for setting in settings),
        ]
        text = "\n".join([*head, "", overlay_to_toml(overlay)])
        named = {"Content-Disposition": 'attachment; filename="overlay.toml"'}
        return Reply(TOML, text.encode(), named)

    def _report(self, request: Request) -> Reply:
        query = _query(request)
        n_chains = _whole(query, "chains", 1, STAGES[-1])
        changed = self.exploration.changed(query.get("set", []))
        try:
            result = self.exploration.result(changed, n_chains)
        except Superseded:
            raise Refusal(503, "the program is stopping") from None
        html = self.make_report(result)
        return Reply(HTML, html.encode(), {"Content-Security-Policy": REPORT_POLICY})


def page(nonce: str) -> str:
    """The page with its style and script, which run by this nonce alone."""
    assets = files(__package__) / "assets"
    html, style, script = (
        (assets / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js")
    )
    for mark, content in (("NONCE", nonce), ("STYLE", style), ("SCRIPT", script)):
        html = html.replace(f"{{{{{mark}}}}}", content)
    return html


def problems_of(error: McEscalateError) -> list[str]:
    """What is wrong, line by line, without the name of what was read."""
    return error.problems if isinstance(error, ScenarioError) else list(error.lines)


def _settings_in(body: bytes) -> list[str]:
    """The settings that a body asks for."""
    expected = 'expected {"settings": ["address=value", …]}'
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, f"the body is not JSON; {expected}") from None
    settings = content.get("settings") if isinstance(content, dict) else None
    if not isinstance(settings, list) or not all(isinstance(text, str) for text in settings):
        raise Refusal(400, f"the body is JSON of another form; {expected}")
    if len(settings) > MOST_SETTINGS:
        raise Refusal(400, f"expected at most {MOST_SETTINGS} settings, found {len(settings)}")
    return settings


def _trace(scenario: Scenario, number: int, seed: int) -> Trace:
    """Describe a chain, which is one crisis."""
    (crisis,) = trace_crises(scenario, chain=number, seed=seed)
    return crisis


def _query(request: Request) -> dict[str, list[str]]:
    try:
        return parse_qs(
            request.query,
            keep_blank_values=True,
            strict_parsing=bool(request.query),
            errors="strict",
            max_num_fields=MOST_SETTINGS,
        )
    except ValueError:
        raise Refusal(400, "the part of the address after ? is malformed") from None


def _whole(query: Mapping[str, list[str]], name: str, low: int, high: int) -> int:
    """A whole number of a query."""
    given = query.get(name, [])
    is_plain = len(given) == 1 and given[0].isascii() and given[0].isdecimal()
    if not is_plain or len(given[0]) > len(str(high)) or not low <= int(given[0]) <= high:
        raise Refusal(400, f"{name}: expected one whole number from {low} to {high}")
    return int(given[0])


def _options(name: str, settings: Sequence[str]) -> str:
    return " ".join(f"{name} {shlex.quote(setting)}" for setting in settings)


def _comment(text: str) -> str:
    return " ".join(text.split())


def _line(facts: Facts) -> bytes:
    return json.dumps(facts, allow_nan=False).encode() + b"\n"


def _json(facts: Facts) -> Reply:
    return Reply(JSON, json.dumps(facts, allow_nan=False).encode())
