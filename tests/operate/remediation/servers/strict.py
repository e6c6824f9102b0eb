"""A strict JSON server: unknown paths are 404, a missing or wrong token 401, a field that is not documented 422."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit


def words(text: str) -> frozenset[str]:
    """Field names, written one after the other."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Asked:
    """A request that matched a route."""

    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """`METHOD /path/{part}`, the fields that its body and query may have, and those that they have to have."""

    name: str
    answer: Callable[[Asked], tuple[int, Any]]
    fields: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    query: frozenset[str] = frozenset()

    def match(self, method: str, path: str) -> Mapping[str, str] | None:
        own, template = self.name.split(" ", 1)
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
        found = re.fullmatch(pattern, path) if own == method else None
        return None if found is None else {key: unquote(value) for key, value in found.groupdict().items()}


@dataclass(frozen=True)
class Raw:
    """An answer as it goes back."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class StrictServer:
    """A context. `auth`: the header that lets in, and its value."""

    def __init__(self, auth: tuple[str, str] | None = None) -> None:
        self.auth = auth
        self.lock = RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def routes(self) -> tuple[Route, ...]:
        raise NotImplementedError

    def raw(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> "Raw | None":
        """An answer that is no JSON; None: the routes answer."""
        return None

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

    def route_of(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        for route in self.routes():
            parts = route.match(method, urlsplit(path).path)
            if parts is not None:
                return route, parts
        return None

    def call_name(self, method: str, path: str) -> str | None:
        """The permission name of a request: `METHOD /path-template`."""
        found = self.route_of(method, path)
        return None if found is None else found[0].name

    def _answered(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> tuple[int, Any]:
        if self.auth and headers.get(self.auth[0].lower()) != self.auth[1]:
            return 401, {"error": f"not let in with {headers.get(self.auth[0].lower())}"}
        found = self.route_of(method, path)
        if found is None:
            return 404, {"error": f"no such path: {method} {path}"}
        route, parts = found
        query = dict(parse_qsl(urlsplit(path).query))
        body = json.loads(raw) if raw else {}
        unknown = sorted((body.keys() - route.fields) | (query.keys() - route.query))
        missing = sorted(route.required - body.keys() - query.keys())
        if unknown or missing:
            return 422, {"error": f"unknown fields {unknown}, missing fields {missing}"}
        with self.lock:
            return route.answer(Asked(parts, query, body, headers))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def _serve(self) -> None:
                sent = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {key.lower(): value for key, value in self.headers.items()}
                reply = server.raw(self.command, self.path, headers, sent) or _json(
                    *server._answered(self.command, self.path, headers, sent)
                )
                self.send_response_only(reply.status)
                for key, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

        return Handler


def _json(status: int, told: Any) -> Raw:
    body = b"" if told is None else json.dumps(told).encode()
    return Raw(status, body, {"Content-Type": "application/json"})
