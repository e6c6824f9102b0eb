"""Gateway: what stands between a process and the systems that it changes, counts what took effect, and makes trouble.

`/` is AWS as moto plays it. `/counted/TARGET` and `/keyed/TARGET` are two small systems of our own: a level that a PUT
sets and a GET tells. The keyed one drops a PUT whose Idempotency-Key it has seen.
"""

import json
import os
import signal
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlsplit

CHANGING = ("StopInstances", "StartInstances", "ModifyInstanceAttribute")
TROUBLES = ("kill_before", "kill_after", "kill_late", "kill_too_late", "lost", "deaf")
"""At one changing call. Killed before it is passed on (and it never is), or once it was; killed while it is still on
its way, to arrive in the midst of the recovery, or after it; or its answer, with or without its effect, gets lost."""
READS_BEFORE_LATE = 2
"""Of its target, by the recovery, before a late call arrives."""


class _Quiet(ThreadingHTTPServer):
    """Of whom it talks with, some die."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None: ...


@dataclass
class Trouble:
    kind: str
    at: int
    """The number of the changing call, from 1."""


@dataclass
class Held:
    """A call under way."""

    path: str
    target: str
    method: str
    body: bytes
    headers: dict[str, str]
    too_late: bool


@dataclass
class Gateway:
    """`effects` counts by target and call what the systems say they did; `sent` what arrived here at all."""

    moto: str
    effects: Counter[tuple[str, str]] = field(default_factory=Counter)
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    levels: dict[str, int] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    trouble: Trouble | None = None
    met: bool = False
    """Whether the trouble happened."""
    held: Held | None = None
    reads: int = 0
    victim: "Queue[int]" = field(default_factory=Queue)
    """Its number, as soon as it is known."""
    _calls: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Gateway":
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _all(self) -> None:
                gateway.handle(self)

            do_GET = do_PUT = do_POST = _all  # noqa: N815

            def log_message(self, *_: object) -> None: ...

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def expect(self, trouble: Trouble | None) -> None:
        """The next process meets this."""
        self.trouble, self.met, self._calls, self.reads, self.victim, self.held = trouble, False, 0, 0, Queue(), None

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("content-length") or 0))
        call, target = _named(request, body)
        with suppress(OSError):
            if call is None:
                self._read(request, body, target)
            else:
                self._changed(request, body, call, target)

    def deliver(self) -> None:
        """What is still under way arrives now."""
        with self._lock:
            held, self.held = self.held, None
        if held is not None:
            self._pass_on(held.method, held.path, held.body, held.headers)

    def _read(self, request: BaseHTTPRequestHandler, body: bytes, target: str) -> None:
        _answer(request, *self._pass_on(request.command, request.path, body, dict(request.headers)))
        held = self.held
        if held is not None and held.target == target and not held.too_late:
            self.reads += 1
            if self.reads >= READS_BEFORE_LATE:
                self.deliver()

    def _changed(self, request: BaseHTTPRequestHandler, body: bytes, call: str, target: str) -> None:
        self.sent[target, call] += 1
        self._calls += 1
        kind = ""
        if self.trouble is not None and self._calls == self.trouble.at:
            kind, self.met = self.trouble.kind, True
        given = request.command, request.path, body, dict(request.headers)
        if kind in ("kill_late", "kill_too_late"):
            path, headers = request.path, dict(request.headers)
            self.held = Held(path, target, request.command, body, headers, kind == "kill_too_late")
        answer = self._pass_on(*given) if kind in ("", "kill_after", "deaf") else None
        if kind.startswith("kill"):
            self._kill()
        if kind == "":
            assert answer is not None
            _answer(request, *answer)
        else:
            request.close_connection = True

    def _kill(self) -> None:
        os.kill(self.victim.get(timeout=60), signal.SIGKILL)

    def _pass_on(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        if path.startswith(("/counted/", "/keyed/")):
            return self._own(method, path, body, headers)
        where = urlsplit(self.moto)
        connection = HTTPConnection(str(where.hostname), where.port, timeout=60)
        try:
            kept = {k: v for k, v in headers.items() if k.lower() not in ("host", "content-length", "connection")}
            connection.request(method, path, body, {**kept, "Host": where.netloc})
            answer = connection.getresponse()
            given = answer.status, answer.read(), answer.headers.get("content-type", "text/xml")
        finally:
            connection.close()
        call, target = _named_form(body)
        if call is not None and given[0] == 200:
            with self._lock:
                self.effects[target, call] += 1
        return given

    def _own(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        system, target = path.strip("/").split("/")
        with self._lock:
            if method == "PUT":
                given = json.loads(body)
                key = {name.lower(): value for name, value in headers.items()}.get("idempotency-key")
                if system == "counted" or key not in self.keys:
                    self.effects[target, given["call"]] += 1
                    self.levels[target] = given["level"]
                    self.keys |= {str(key)}
            return 200, json.dumps({"level": self.levels.get(target, 0)}).encode(), "application/json"


def _named(request: Any, body: bytes) -> tuple[str | None, str]:
    """The changing call, None for one that reads, and its target."""
    if request.path.startswith(("/counted/", "/keyed/")):
        return (json.loads(body)["call"] if request.command == "PUT" else None), request.path.rsplit("/", 1)[-1]
    return _named_form(body)


def _named_form(body: bytes) -> tuple[str | None, str]:
    form = parse_qs(body.decode())
    action = form.get("Action", [""])[0]
    target = (form.get("InstanceId.1") or form.get("InstanceId") or [""])[0]
    changes = action in CHANGING and form.get("DryRun") != ["true"]
    return (f"ec2:{action}" if changes else None), target


def _answer(request: BaseHTTPRequestHandler, status: int, body: bytes, content_type: str) -> None:
    request.send_response(status)
    request.send_header("Content-Type", content_type)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
