"""`explore` as a user meets it: the address, the seed, the end; the figures of other commands."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys

import pytest

CHANGE = "response.gap=0.9"


@pytest.fixture
def started(tmp_path, scenario_file):
    """Start the program; its process, and the address that it prints."""
    running = []

    def start(*words, **settings):
        process = subprocess.Popen(
            [sys.executable, "-m", "mcescalate", "explore", scenario_file, *map(str, words)],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": "", **settings},
        )
        running.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in running:
        process.kill()
        process.communicate()


def ask(url, method="GET", path="", body=None):
    host, token = url.removeprefix("http://").split("/")[:2]
    connection = http.client.HTTPConnection(host, timeout=600)
    connection.request(method, f"/{token}/{path}", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def stages(url, *settings):
    status, text = ask(url, "POST", "position", json.dumps({"settings": settings}))
    assert status == 200, text
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[-1] == {"done": True}
    return [line for line in lines if "n_chains" in line]


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 75)])
def test_the_address_is_printed_until_a_signal_stops_it(started, signum, code):
    process, url = started("--seed", 7)
    assert url.startswith("http://127.0.0.1:")
    assert ask(url)[0] == 200
    process.send_signal(signum)
    out, err = process.communicate(timeout=600)
    assert process.returncode == code
    assert out == ""
    assert err.splitlines() == [
        "seed 7",
        "stops after 60 minutes without a request, or with Ctrl-C",
        "stopped; nothing was written",
    ]


def test_quiet(started):
    process, _ = started("-q")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=600)[1] == "stopped; nothing was written\n"


def test_figures_are_those_of_run_and_compare(started, mcescalate, scenario_file, tmp_path):
    seed = ("--seed", 7)
    _, url = started(*seed, "--set", "actors.CCC.noise=0.3")
    answer = stages(url, CHANGE)[0]
    n_chains = ("-n", answer["n_chains"])
    words = [word for word in answer["command"].split() if word != "mcescalate"]
    assert words[:2] == ["compare", str(scenario_file)]
    reported = json.loads(mcescalate(*words, "--json").stdout)
    (tmp_path / "overlay.toml").write_text(ask(url, path=f"overlay.toml?set={CHANGE}")[1])
    for row in answer["events"]:
        theirs = reported["events"][row["event"]]
        assert {key: row[key] for key in theirs} == theirs
    for actor, rows in answer["actors"].items():
        for did, theirs in reported["actors"][actor].items():
            assert {key: rows[did][key] for key in theirs} == theirs
    overlaid = ("--overlay", "overlay.toml")
    for side, settings in (("base", ()), ("now", ("--set", CHANGE)), ("now", overlaid)):
        words = ("run", scenario_file, "--set", "actors.CCC.noise=0.3", *settings, *n_chains, *seed)
        reported = json.loads(mcescalate(*words, "-o", "a.h5", "--force", "--json").stdout)
        reported.pop("file")
        assert answer[side]["summary"] == reported


def test_a_port_of_ones_own_and_a_drawn_seed_that_is_printed_and_shown(
    started, mcescalate, scenario_file
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = mcescalate("explore", scenario_file, "--port", port, "--no-browser")
        assert done.returncode == 4
        assert f"port {port}" in done.stderr and len(done.stderr.splitlines()) == 1
        assert done.stdout == ""
    process, url = started("--port", port)
    assert url.startswith(f"http://127.0.0.1:{port}/")
    reported = process.stderr.readline()
    assert reported.endswith(" (drawn)\n")
    assert json.loads(ask(url, path="scenario.json")[1])["seed"] == reported.split()[1]


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        (("--port", "70000"), "--port: expected a whole number from 0 to 65535"),
        (("--idle", "0"), "--idle: expected a whole number from 1 to 10080"),
        (("--seed", "x"), "--seed: expected a whole number"),
        (("--set", "response.gpa=1"), "response.gap"),
        (("--overlay", "nothing"), "no such"),
        (("--backend", "abacus"), "abacus"),
    ],
)
def test_what_is_refused(mcescalate, scenario_file, words, reported):
    done = mcescalate("explore", scenario_file, *words, "--no-browser")
    assert done.returncode == 2
    assert reported in done.stderr
    assert done.stdout == ""


def test_a_browser_is_opened_unless_that_is_not_wanted(mcescalate, scenario_file, monkeypatch):
    import webbrowser

    from mcescalate.exploration.server import ExplorePage

    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(ExplorePage, "wait", lambda self, timeout: bool(self.stop()) or True)
    done = mcescalate("explore", scenario_file, DISPLAY=":0")
    assert done.returncode == 0
    assert opened == [done.stdout.strip()]
    assert "60 minutes without a request" in done.stderr
    mcescalate("explore", scenario_file, "--no-browser", DISPLAY=":0")
    mcescalate("explore", scenario_file, DISPLAY="", WAYLAND_DISPLAY="")
    assert len(opened) == 1
