"""A strict JSON server: unknown paths are 404, a missing or wrong token 401, a field that is not documented 422."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit


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


class StrictServer:
    """A context. `prefixes`: base paths that it answers under, each with a system of its own; "" is one, too."""

    def __init__(self, auth: tuple[str, str]) -> None:
        self.auth = auth
        self.lock = RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def routes(self) -> tuple[Route, ...]:
        raise NotImplementedError

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
        if headers.get(self.auth[0].lower()) != self.auth[1]:
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
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {key.lower(): value for key, value in self.headers.items()}
                status, told = server._answered(self.command, self.path, headers, raw)
                body = b"" if told is None else json.dumps(told).encode()
                self.send_response_only(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        return Handler
