"""How long the page of `explore` lets its reader wait: from a move to its first paired answer.

Each move comes while 100,000 chains of the position before are being simulated, which it has to end
first; the answer is that of 1,000 chains, as JSON over HTTP.
"""

import http.client
import json
import random

import pytest

import mcescalate as mc

ROUNDS = 60
ADDRESSES = (
    "response.gap",
    "actors.GMY.resolve",
    "ties.GMY-AUH.defence.strength",
    "dyads.GMY-RUS.channel",
)


class Reader:
    """Reads the page as a browser does."""

    def __init__(self, page):
        self.page = page
        self.token = page.url.split("/")[3]

    def move(self, settings):
        """Send a position, and give the lines that answer it as they come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.page.port)
        body = json.dumps({"settings": settings})
        headers = {"Content-Type": "application/json"}
        connection.request("POST", f"/{self.token}/position", body, headers)
        with connection.getresponse() as answer:
            for line in answer:
                yield json.loads(line)
        connection.close()


def wait_for(lines, n_chains):
    """Read on to the answer from so many chains."""
    return next(line for line in lines if line.get("n_chains") == n_chains)


@pytest.fixture
def reader():
    page = mc.explore(mc.load_case("july-1914"), seed=1, in_frame=False)
    yield Reader(page)
    page.stop()


def test_move(benchmark, reader, measuring):
    """The first answer on July 1914; `p95_seconds` is the bar."""
    draw = random.Random(1)
    before = []
    last = wait_for(reader.move([]), 1_000)["n_chains"]
    if measuring:
        for _ in reader.move([]):  # the base is simulated once, before the first move
            pass

    def start_another():
        """Have the last stage of another position under way."""
        before[:] = [reader.move([f"response.up={draw.uniform(-1, 0):.3f}"])]
        wait_for(before[0], 10_000 if measuring else 1_000)
        return ([f"{draw.choice(ADDRESSES)}={draw.uniform(0, 1):.3f}"],), {}

    def move(settings):
        wait_for(reader.move(settings), last)

    benchmark.group = "explore"
    benchmark.pedantic(
        move, setup=start_another, rounds=ROUNDS if measuring else 1, warmup_rounds=0
    )
    if measuring:
        times = sorted(benchmark.stats.stats.data)
        benchmark.extra_info["p95_seconds"] = times[int(0.95 * len(times))]
