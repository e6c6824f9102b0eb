"""Wire: a tiny HTTP proxy on loopback in front of an emulator. It records what is sent, and breaks what it is told to.

It is an independent witness: it sees calls that an action made past its access, and calls that a library repeated.
"""

import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Literal, Self
from urllib.parse import urlsplit

Fault = Literal["denied", "broken", "cut", "late_cut"]
"""`denied`: the system refuses it in its own words (4xx); `broken`: 500; `cut`: the connection is reset and nothing
arrives; `late_cut`: the system does it, and the connection is reset before the answer."""
FAULTS: tuple[Fault, ...] = ("denied", "broken", "cut", "late_cut")
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


@dataclass(frozen=True)
class Request:
    """A request as it was sent; header names in lower case, `path` with its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer as it goes back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Wire:
    """A proxy to `upstream` (http://host:port). `name` gives a request's permission name, None: not recorded;
    `denial` the words in which the system refuses it."""

    def __init__(
        self,
        upstream: str,
        name: Callable[[Request], str | None],
        denial: Callable[[Request], Reply],
        broken: Reply | None = None,
    ) -> None:
        self.upstream, self.name, self.denial = urlsplit(upstream).netloc, name, denial
        self.broken = broken or Reply(500, b'{"message": "internal failure"}', {"content-type": "application/json"})
        self.calls: list[str] = []
        """Permission names of all requests that arrived here, in order, also of those that were broken."""
        self._faults: dict[str, Fault] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def meddle(self, call: str, fault: Fault) -> None:
        """Break every request of this name from now on, until healed."""
        self._faults[call] = fault

    def heal(self) -> None:
        self._faults.clear()

    def clear(self) -> None:
        """Forget what was recorded, and heal."""
        self.heal()
        self.calls.clear()

    def _answer(self, request: Request) -> Reply | None:
        """None: cut the connection."""
        call = self.name(request)
        if call is not None:
            self.calls.append(call)
        fault = self._faults.get(call or "")
        if fault == "denied":
            return self.denial(request)
        if fault == "broken":
            return self.broken
        if fault == "cut":
            return None
        reply = self._forward(request)
        return None if fault == "late_cut" else reply

    def _forward(self, request: Request) -> Reply:
        upstream = HTTPConnection(self.upstream, timeout=30)
        try:
            sent = {key: value for key, value in request.headers.items() if key not in _HOP}
            upstream.request(request.method, request.path, body=request.body or None, headers=sent)
            answer = upstream.getresponse()
            headers = {key.lower(): value for key, value in answer.getheaders()}
            return Reply(answer.status, answer.read(), headers)
        finally:
            upstream.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits 40 ms for the head to be acknowledged

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, ValueError):
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

            def _serve(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {key.lower(): value for key, value in self.headers.items()}
                reply = wire._answer(Request(self.command, self.path, headers, self.rfile.read(length)))
                if reply is None:
                    _reset(self.connection)
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)
                for key, value in reply.headers.items():
                    if key not in _HOP:
                        self.send_header(key, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815  # http.server's names

        return Handler


def _reset(connection: socket.socket) -> None:
    """Close with RST instead of FIN: "connection reset by peer"."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
