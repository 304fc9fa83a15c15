"""The page on this machine alone: a server on 127.0.0.1 that answers only requests with its token.

Other users of the machine and pages of other sites can reach a local port too. So every request
needs the token, which is in the address that is printed; its Host must be this server's own
address, which a name that an attacker points here is not; and a page of another origin is
refused. Requests have bounds in size and time.
"""

import hmac
import json
import secrets
import socket
import socketserver
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import closing
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from mcescalate.errors import McEscalateError, ResourceError
from mcescalate.exploration.site import JSON, Refusal, Reply, Request, Site, problems_of

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""Under which a browser may reach this machine."""

LOCAL_FRAMES = "http://127.0.0.1:* http://localhost:* https://localhost:* vscode-webview:"
"""Pages of this machine that may show the page in a frame: notebooks."""

LARGEST_BODY = 1_000_000
READ_SECONDS = 20.0
"""A request that has not come by then, or an answer that is not taken, ends the connection."""

MOST_DISCARDED = 4_000_000
DISCARD_SECONDS = 1.0
"""How much of a refused request is still read, and how long its rest is waited for."""

MOST_CONNECTIONS = 64
POLL_SECONDS = 0.25

TEXT = "text/plain; charset=utf-8"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer; a page has a policy of its own."""

PROBLEMS = HTTPStatus.UNPROCESSABLE_ENTITY


class ExplorePage:
    """A page that is being served, until it is stopped or has not been asked for a while.

    In a notebook it shows itself in a frame; `stop` ends it. The browser has to run on the same
    machine.

    Parameters
    ----------
    site : what answers requests
    port : to listen on; 0 for any that is free
    idle_seconds : after so many seconds without a request it stops

    Raises
    ------
    ResourceError
        The port is taken, or closed to this user.
    """

    def __init__(self, site: Site, *, port: int, idle_seconds: float):
        self.site = site
        self.idle_seconds = idle_seconds
        self._stopped = threading.Event()
        self._stopping = threading.Lock()
        try:
            self._server = _Server(site, port)
        except OSError as error:
            raise ResourceError(
                f"port {port}: {error.strerror or error}; choose another --port, or 0 for any"
            ) from None
        self.port = self._server.server_address[1]
        self.url = f"http://{HOST}:{self.port}/{self._server.token}/"
        for work in (site.exploration.prepare, self._serve, self._watch):
            threading.Thread(target=work, daemon=True).start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the page is stopped; whether it is."""
        return self._stopped.wait(timeout)

    def stop(self) -> None:
        """End the simulation that runs, and answer no more requests."""
        with self._stopping:
            if not self._stopped.is_set():
                self.site.exploration.close()
                self._server.shutdown()
                self._server.server_close()
                self._stopped.set()

    def _serve(self) -> None:
        self._server.serve_forever(POLL_SECONDS)

    def _watch(self) -> None:
        """Stop after a time without requests."""
        while not self._stopped.wait(min(POLL_SECONDS, self.idle_seconds)):
            if self._server.seconds_idle() > self.idle_seconds:
                self.stop()

    def __repr__(self) -> str:
        return "a page that has been stopped" if self.wait(0) else f"a page at {self.url}"

    def _repr_html_(self) -> str:
        if self.wait(0):
            return "<p>This page has been stopped.</p>"
        return (
            f'<iframe src="{self.url}" title="Explore a scenario" width="100%" height="900" '
            'allow="clipboard-write" style="border: 1px solid #8a8a8a"></iframe>'
        )


class _Server(socketserver.ThreadingTCPServer):
    """Listens on this machine alone. `HTTPServer` would look the name of the host up."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(self, site: Site, port: int):
        self.site = site
        self.token = secrets.token_urlsafe(32)
        self._counting = threading.Lock()
        self._n_busy = 0
        self._last = time.monotonic()
        super().__init__((HOST, port), _Handler)

    @property
    def hosts(self) -> tuple[str, ...]:
        """What `Host` may be."""
        return tuple(f"{name}:{self.server_address[1]}" for name in NAMES)

    def seconds_idle(self) -> float:
        """Seconds since the last accepted request was answered; 0 while one is."""
        with self._counting:
            return 0.0 if self._n_busy else time.monotonic() - self._last

    def count(self, change: int) -> int:
        """Note that an accepted request begins (1) or has been answered (-1)."""
        with self._counting:
            self._n_busy += change
            self._last = time.monotonic()
            return self._n_busy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a connection was closed, or was never one."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = READ_SECONDS
    default_request_version = "HTTP/1.0"
    server_version = "mcescalate"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        is_counted = False
        try:
            path = self._authorized_path()
            is_counted = True
            if self.server.count(1) > MOST_CONNECTIONS:
                raise Refusal(503, "too many requests at once")
            self._send(self.server.site.answer(self._request(path)))
        except Refusal as refusal:
            self._refuse(refusal.status, refusal.text, refusal.headers)
        except McEscalateError as error:
            self._send_bytes(PROBLEMS, JSON, json.dumps({"problems": problems_of(error)}).encode())
        except OSError:
            self.close_connection = True  # nobody listens any more
        except Exception as error:
            self._refuse(500, f"internal error ({type(error).__name__}): {error}")
        finally:
            if is_counted:
                self.server.count(-1)

    # ---- what is asked

    def _authorized_path(self) -> str:
        """The address after the token, if the request comes from the page or its reader."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self.server.hosts:
            raise Refusal(403, "the request names another host; use the address that was printed")
        origins = self.headers.get_all("Origin", [])
        own = [f"http://{host}" for host in self.server.hosts]
        if any(origin.lower() not in own for origin in origins):
            raise Refusal(403, "requests from pages of other sites are refused")
        token, _, path = self.path.partition("?")[0].removeprefix("/").partition("/")
        if not hmac.compare_digest(token.encode(), self.server.token.encode()):
            raise Refusal(403, "wrong token; use the address that was printed")
        if self.path.partition("?")[0] == f"/{token}":
            raise Refusal(308, "the page", {"Location": f"/{token}/"})
        return path

    def _request(self, path: str) -> Request:
        return Request(self.command, path, self.path.partition("?")[2], self._body())

    def _body(self) -> bytes:
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.get("Transfer-Encoding"):
            raise Refusal(411, "expected a body with Content-Length")
        if self.command == "GET":
            if lengths and lengths != ["0"]:
                raise Refusal(400, "expected no body")
            return b""
        if self.headers.get_content_type() != JSON:
            raise Refusal(415, f"expected a body of the type {JSON}")
        if not lengths:
            raise Refusal(411, "expected a body with Content-Length")
        text = lengths[0]
        if len(lengths) != 1 or not (text.isascii() and text.isdecimal()):
            raise Refusal(400, "Content-Length: expected one whole number")
        if len(text) > len(str(LARGEST_BODY)) or int(text) > LARGEST_BODY:
            raise Refusal(413, f"expected at most {LARGEST_BODY} bytes")
        body = self.rfile.read(int(text))
        if len(body) != int(text):
            raise Refusal(400, "the body ends early")
        return body

    # ---- what is answered

    def _send(self, reply: Reply) -> None:
        if isinstance(reply.body, bytes):
            self._send_bytes(HTTPStatus.OK, reply.kind, reply.body, reply.headers)
            return
        self._head(HTTPStatus.OK, reply.kind, reply.headers)
        self._stream(reply.body)

    def _stream(self, parts: Generator[bytes, None, None]) -> None:
        with closing(parts):
            for part in parts:
                self.wfile.write(part)

    def _send_bytes(
        self, status: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self._head(status, kind, {**(headers or {}), "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _refuse(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        try:
            self._send_bytes(status, TEXT, f"{text}\n".encode(), headers)
            self._discard()
        except OSError:
            self.close_connection = True

    def _discard(self) -> None:
        """Read some of what is still coming: closed before, a connection may lose its answer."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(DISCARD_SECONDS)
        end, n_bytes = time.monotonic() + DISCARD_SECONDS, 0
        while time.monotonic() < end and n_bytes < MOST_DISCARDED:
            if not (part := self.connection.recv(65_536)):
                break
            n_bytes += len(part)

    def _head(self, status: int, kind: str, headers: Mapping[str, str]) -> None:
        self.close_connection = True
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what the base class cannot read, in plain text."""
        message = None  # it may repeat what was sent
        if code == HTTPStatus.NOT_IMPLEMENTED:
            code, message = HTTPStatus.METHOD_NOT_ALLOWED, "expected GET or POST"
        self._refuse(code, message or HTTPStatus(code).phrase)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses hold the token."""
