"""Who may ask what: the token, the host, the origin, the size, the method; and what is answered."""

import contextlib
import http.client
import json
import re
import socket
import subprocess
import sys
import threading
from importlib.resources import files
from urllib.parse import quote

import html5lib
import pytest
from small_crisis import crisis

import mcescalate as mc
from mcescalate.analysis.estimation.summary import summarise
from mcescalate.errors import McEscalateError, ResourceError, UsageError
from mcescalate.exploration import server as module
from mcescalate.exploration.site import page as page_text
from mcescalate.report.make import make_report
from mcescalate.scenario.change.addresses import assign
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.toml_text import read_toml
from mcescalate.scenario.wording import Origin

SEED = 4
PATIENCE = 600
"""Seconds after which an answer is given up; how long it takes is not tested."""
ASSETS = list((files("mcescalate.exploration") / "assets").iterdir())


@pytest.fixture(scope="module")
def page():
    served = mc.explore(crisis(), seed=SEED, words=("crisis.toml",))
    served.site.exploration.stages = (100, 400)
    yield served
    served.stop()


def ask(page, method="GET", path="", body=None, headers=None, *, token=None, host=None):
    """(Status, headers, text) of the answer to a request."""
    token = page.url.split("/")[3] if token is None else token
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=PATIENCE)
    sent = {"Host": host or f"127.0.0.1:{page.port}", **(headers or {})}
    with contextlib.closing(connection):
        connection.request(method, f"/{token}/{path}", body=body, headers=sent)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def move(page, *settings):
    """The lines that answer a position."""
    body = json.dumps({"settings": settings})
    status, _, text = ask(page, "POST", "position", body, {"Content-Type": "application/json"})
    assert status == 200, text
    lines = [json.loads(line) for line in text.splitlines()]
    return [line for line in lines if "waiting" not in line]


# ---- what is answered


def test_the_page_is_valid_and_closed(page):
    status, headers, text = ask(page)
    assert status == 200
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy and "http:" not in policy.split("frame-ancestors")[0]
    [nonce] = set(re.findall(r"'nonce-([\w-]+)'", policy))
    for tag in ("script", "style"):
        assert [node.get("nonce") for node in tree.iter(tag)] == [nonce]
    assert nonce not in ask(page)[2]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert not [name for node in tree.iter() for name in node.attrib if str(name).startswith("on")]


def test_the_page_names_no_other_machine():
    assert len(ASSETS) == 3
    text = page_text("nonce")
    outside = set(re.findall(r"https?://[^\s'\"<)]+", text)) - {"http://www.w3.org/2000/svg"}
    assert outside == set()
    assert not re.search(r"['\"(]//", text)
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not re.search(markup, text)
    assert len(text.encode()) < 150_000


def test_the_scenario_of_the_page(page):
    status, headers, text = ask(page, path="scenario.json")
    facts = json.loads(text)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert facts["seed"] == str(SEED)
    assert facts["title"] == crisis().title
    assert facts["command"] == "mcescalate explore crisis.toml"
    assert [group["name"] for group in facts["groups"]][:3] == ["actors", "ties", "dyads"]


def test_a_position_is_answered_stage_by_stage(page):
    head, first, last, end = move(page, "response.gap=0.9")
    assert head == {"set": "--set response.gap=0.9"}
    assert (first["n_chains"], last["n_chains"], end) == (100, 400, {"done": True})
    changed = assign(crisis(), [("response.gap", 0.9)])
    assert last["now"]["summary"] == summarise(mc.simulate(changed, n_chains=400, seed=SEED))
    assert last["command"] == (
        f"mcescalate compare crisis.toml --set-second response.gap=0.9 -n 400 --seed {SEED}"
    )
    assert {node["id"] for node in last["network"]["nodes"]} == {"AUH", "YUG", "RUS"}


def test_without_settings_the_command_is_run(page):
    *_, last, _ = move(page)
    assert last["command"] == f"mcescalate run crisis.toml -n 400 --seed {SEED}"


def test_an_invalid_position_has_the_message_of_the_scenario(page):
    body = json.dumps({"settings": ["response.gpa=1", "actors.RUS.tempo=2", "response.gap=abc"]})
    asked = ask(page, "POST", "position", body, {"Content-Type": "application/json"})
    assert asked[0] == 422
    assert json.loads(asked[2])["problems"] == [
        'response.gap: expected a number, true or false, found "abc"'
    ]
    body = json.dumps({"settings": ["response.gpa=1", "actors.RUS.tempo=2"]})
    asked = ask(page, "POST", "position", body, {"Content-Type": "application/json"})
    assert json.loads(asked[2])["problems"] == [
        'response.gpa: no value has this address; did you mean "response.gap"?',
        "actors.RUS.tempo: expected a number from 0 to 1, found 2",
    ]


def test_one_chain(page):
    status, _, text = ask(page, path="chain.json?number=12")
    course = json.loads(text)
    assert status == 200 and set(course) == {"now"}
    trace = mc.trace(crisis(), chain=12, seed=SEED)
    assert course["now"]["story"] == str(trace)
    assert course["now"]["outcome"] == trace.end.outcome.replace("_", " ")
    text = ask(page, path="chain.json?number=12&set=response.gap%3D0.9")[2]
    changed = assign(crisis(), [("response.gap", 0.9)])
    courses = json.loads(text)
    assert courses["base"] == course["now"]
    assert courses["now"]["story"] == str(mc.trace(changed, chain=12, seed=SEED))


def test_the_overlay_makes_the_position_of_the_base(page):
    settings = {"response.gap": 0.9, "ties.RUS-YUG.defence.strength": 0.5, "actors.RUS.major": True}
    query = "&".join(
        f"set={quote(f'{address}={str(value).lower()}')}" for address, value in settings.items()
    )
    status, headers, text = ask(page, path=f"overlay.toml?{query}")
    assert status == 200
    assert headers["Content-Disposition"] == 'attachment; filename="overlay.toml"'
    tables = read_toml(text, Origin("overlay.toml"))
    ours = apply_overlay(crisis(), tables, "overlay.toml")
    assert merge_rows(ours) == merge_rows(assign(crisis(), settings.items()))
    assert ours.response.gap == 0.9


def test_an_overlay_of_nothing_is_one_all_the_same(page):
    text = ask(page, path="overlay.toml")[2]
    assert apply_overlay(crisis(), read_toml(text, Origin("o")), "o") == crisis()


def test_the_report_is_the_page_on_the_result(page):
    status, headers, text = ask(page, path="report.html?chains=60&set=response.gap%3D0.9")
    assert status == 200
    assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    changed = assign(crisis(), [("response.gap", 0.9)])
    expected = make_report(mc.simulate(changed, n_chains=60, seed=SEED)).html

    def numbers(html):
        return re.findall(r"<t[dh][^>]*>([^<]*)", html.split('id="provenance"')[0])

    assert numbers(text) == numbers(expected)


# ---- who may ask


@pytest.mark.parametrize("token", ["", "x", "%00", "é", "..", "A" * 43, "A" * 5_000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wrong_token_is_refused(page, token, method):
    status, headers, text = ask(page, method, "scenario.json", token=quote(token, safe="%"))
    assert status == 403
    assert "token" in text and len(text.splitlines()) == 1
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_the_token_is_long_and_of_this_page_alone(page):
    token = page.url.split("/")[3]
    assert len(token) >= 43
    other = mc.explore(crisis(), seed=SEED)
    try:
        assert ask(other, token=token)[0] == 403
        assert ask(other)[0] == 200
    finally:
        other.stop()


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}",
     "localhost.evil.example:{port}", "127.0.0.1:{port}.evil.example", "[::1]:{port}"],
)  # fmt: skip
def test_another_host_is_refused(page, host):
    """A name that an attacker points to this machine has the token of no page."""
    status, _, text = ask(page, host=host.format(port=page.port))
    assert status == 403 and "host" in text


def test_localhost_is_this_machine_too(page):
    assert ask(page, host=f"localhost:{page.port}")[0] == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1",
     "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example", "file://"],
)  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("GET", "scenario.json"), ("POST", "position")])
def test_pages_of_other_origins_are_refused(page, origin, method, path):
    headers = {"Origin": origin.format(port=page.port), "Content-Type": "application/json"}
    body = json.dumps({"settings": []}) if method == "POST" else None
    status, _, text = ask(page, method, path, body, headers)
    assert status == 403 and "other sites" in text


def test_the_page_itself_may_ask(page):
    origin = {"Origin": f"http://127.0.0.1:{page.port}", "Content-Type": "application/json"}
    assert ask(page, "POST", "position", json.dumps({"settings": []}), origin)[0] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW"])
def test_other_methods_are_refused(page, method):
    status, _, _ = ask(page, method)
    assert status == 405


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "", 405),
        ("POST", "scenario.json", 405),
        ("GET", "position", 405),
        ("GET", "nothing", 404),
        ("GET", "../../etc/passwd", 404),
        ("GET", "scenario.json/", 404),
        ("GET", "%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "chain.json", 400),
        ("GET", "chain.json?number=-1", 400),
        ("GET", "chain.json?number=1e3", 400),
        ("GET", f"chain.json?number={2**64}", 400),
        ("GET", "chain.json?number=1&number=2", 400),
        ("GET", "chain.json?number=" + "9" * 5_000, 400),
        ("GET", "chain.json?number=1&set=%ff", 400),
        ("GET", "chain.json?number=1&set=nothing", 422),
        ("GET", "chain.json?number=1&set=response.gap=9e999", 422),
        ("GET", "report.html?chains=0", 400),
        ("GET", "report.html?chains=1000001", 400),
        ("GET", "overlay.toml?set", 400),
        ("GET", "overlay.toml?" + "&".join(["set=a"] * 10_500), 400),
        ("GET", "x" * 70_000, 414),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_odd_addresses_are_refused(page, method, path, status):
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"settings": []}) if method == "POST" else None
    found, _, text = ask(page, method, path, body, headers)
    assert found == status, text
    assert "Traceback" not in text and len(text) < 1_000


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"settings": "response.gap=1"}', 400),
        (b'{"settings": [1]}', 400),
        (b'{"settings": {"response.gap": 1}}', 400),
        (b'{"settings": [' + b'"a=1",' * 20_000 + b'"a=1"]}', 400),
        (b'{"settings": ["response.gap=NaN"]}', 422),
        (b'{"settings": ["response.gap=' + b"9" * 5_000 + b'"]}', 422),
        (b'{"settings": ["*.*.*=1"]}', 422),
        (b'{"settings": ["\\u0000=1"]}', 422),
        (b" " * 1_000_001, 413),
    ],
    ids=lambda value: str(value)[:30],
)
def test_odd_bodies_are_refused(page, body, status):
    found, _, text = ask(page, "POST", "position", body, {"Content-Type": "application/json"})
    assert found == status, text[:300]
    assert "Traceback" not in text and len(text) < 2_000


def test_another_kind_of_body_is_refused(page):
    """A form of another site can send only these without asking first."""
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        status, _, _ = ask(page, "POST", "position", '{"settings": []}', {"Content-Type": kind})
        assert status == 415


def raw(page, request):
    """What the server answers to bytes that may not be HTTP."""
    with socket.create_connection(("127.0.0.1", page.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(65_536):
                found += part
    return found.decode("latin-1")


@pytest.mark.parametrize(
    "request_",
    [
        "GET {path} HTTP/1.1\r\n\r\n",
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
        "GET {path} HTTP/9.9\r\nHost: {host}\r\n\r\n",
        "GET {path}\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nabcde",
        "POST {path}position HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\r\n",
        "POST {path}position HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        "Content-Length: -5\r\n\r\n",
        "POST {path}position HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        "Content-Length: 99\r\n\r\nshort",
        "POST {path}position HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET {path} HTTP/1.1\r\nHost: {host}\r\n" + "X: y\r\n" * 200 + "\r\n",
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nX: " + "y" * 70_000 + "\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_hardly_http_is_refused(page, request_, capfd):
    host, path = f"127.0.0.1:{page.port}", f"/{page.url.split('/')[3]}/"
    text = raw(page, request_.format(host=host, path=path).encode("latin-1"))
    assert re.match(r"HTTP/1\.\d (4\d\d|505) ", text), text[:200]
    assert "evil" not in text and "<" not in text
    assert capfd.readouterr() == ("", "")
    assert ask(page)[0] == 200


def test_a_reader_that_leaves_does_no_harm(page, capfd):
    for _ in range(3):
        connection = socket.create_connection(("127.0.0.1", page.port), timeout=PATIENCE)
        connection.sendall(
            f"POST /{page.url.split('/')[3]}/position HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n"
            "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n"
            '{"settings": []}'.encode()
        )
        connection.close()
    assert move(page)[-1] == {"done": True}
    assert capfd.readouterr() == ("", "")


def test_too_many_requests_at_once_are_refused(page, monkeypatch):
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 0)
    assert ask(page)[0] == 503


def test_an_internal_error_is_one_line(page, monkeypatch):
    monkeypatch.setitem(page.site._routes, ("GET", "scenario.json"), lambda request: 1 / 0)
    status, _, text = ask(page, path="scenario.json")
    assert (status, text) == (500, "internal error (ZeroDivisionError): division by zero\n")


def test_errors_while_simulating_end_the_lines(page, monkeypatch):
    def fail(changed):
        raise error
        yield

    monkeypatch.setattr(page.site.exploration, "positions", fail)
    error = McEscalateError("out of order")
    assert move(page)[-1] == {"error": "out of order"}
    error = ZeroDivisionError("why")
    assert move(page)[-1] == {"error": "internal error (ZeroDivisionError): why"}


# ---- where and how long


def test_it_listens_on_this_machine_alone(page):
    assert page._server.socket.getsockname()[0] == "127.0.0.1"


ON_THE_NET = """
import http.client, json, socket, sys
events = []

def note(name, args):
    if name.startswith("socket."):
        events.append((name, [repr(it) for it in args if not isinstance(it, socket.socket)]))

sys.addaudithook(note)
import mcescalate as mc
from small_crisis import crisis
page = mc.explore(crisis(), seed=4)
page.site.exploration.stages = (50,)
served = list(events)
token = page.url.split("/")[3]
for path in (
    "", "scenario.json", "position", "chain.json?number=1", "overlay.toml", "report.html?chains=50"
):
    method, body = ("POST", '{"settings": []}') if path == "position" else ("GET", None)
    events.clear()
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=600)
    connection.request(method, f"/{token}/{path}", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, path
    served += events
page.stop()
print(json.dumps([[name, " ".join(args)] for name, args in served]))
"""


def test_nothing_leaves_the_machine():
    """Of all sockets that the program makes or names that it looks up, none is of another one."""
    paths = f"import sys; sys.path[:0] = {sys.path!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", paths + ON_THE_NET], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    events = json.loads(done.stdout)
    assert [args for name, args in events if name == "socket.bind"] == ["('127.0.0.1', 0)"]
    used = [(name, args) for name, args in events if name not in ("socket.__new__", "socket.bind")]
    assert used
    assert [event for event in used if "'127.0.0.1'" not in event[1]] == []


def test_a_port_in_use_is_reported(page):
    with pytest.raises(ResourceError, match=rf"port {page.port}: .*--port"):
        mc.explore(crisis(), port=page.port)


def test_it_stops_when_it_is_not_asked():
    page = mc.explore(crisis(), seed=SEED, idle_minutes=0.001)
    assert page.wait(60)
    with pytest.raises(ConnectionError):
        ask(page)


def test_only_requests_with_the_token_keep_it_alive(page, monkeypatch):
    """Otherwise a page of another site could keep it from stopping."""
    before = page._server._last
    ask(page, token="wrong")
    ask(page, host="evil.example")
    assert page._server._last == before
    ask(page)
    assert page._server._last > before


def test_while_it_answers_it_is_not_idle(page):
    assert page._server.count(1) == 1
    assert page._server.seconds_idle() == 0.0
    page._server.count(-1)


def test_stopping_ends_what_is_simulated():
    page = mc.explore(crisis(), seed=SEED)
    page.site.exploration.stages = (100, 10**9)
    found = []
    asking = threading.Thread(target=lambda: found.append(move(page)))
    asking.start()
    while not page.site.exploration._base.tallies:
        page.wait(0.05)
    page.stop()
    page.stop()
    asking.join(60)
    assert found[0][-1] == {"superseded": True}
    assert page.wait(0)


# ---- in a notebook


def test_a_notebook_shows_it_in_a_frame():
    page = mc.explore(crisis(), seed=SEED)
    try:
        assert f'<iframe src="{page.url}"' in page._repr_html_()
        assert repr(page) == f"a page at {page.url}"
        assert "frame-ancestors http://127.0.0.1:*" in ask(page)[1]["Content-Security-Policy"]
    finally:
        page.stop()
    assert "stopped" in page._repr_html_() and "stopped" in repr(page)


def test_the_page_of_the_program_is_shown_in_no_frame():
    page = mc.explore(crisis(), seed=SEED, in_frame=False)
    try:
        assert ask(page)[1]["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    finally:
        page.stop()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"port": -1}, "port: expected a whole number from 0 to 65535"),
        ({"port": "8080"}, "port: expected a whole number"),
        ({"seed": -1}, "seed: expected a whole number"),
        ({"workers": 0}, "workers: expected a whole number"),
        ({"idle_minutes": 0}, "idle_minutes: expected a number above 0"),
        ({"idle_minutes": float("nan")}, "idle_minutes: expected a number above 0"),
        ({"idle_minutes": "long"}, "idle_minutes: expected a number above 0"),
        ({"backend": "abacus"}, 'backend "abacus" is not known'),
    ],
)
def test_arguments_are_checked_before_anything_is_served(how, message):
    with pytest.raises(McEscalateError, match=message):
        mc.explore(crisis(), **how)


def test_a_scenario_is_expected():
    with pytest.raises(UsageError, match="explore: expected a scenario"):
        mc.explore("july-1914")
