"""A small, strict Prometheus on loopback: answers query_range as the real one does, and nothing else."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOST_POINTS = 11_000
Answer = Callable[[str, float], list[tuple[dict[str, str], float | None]]]
"""Gives, for a metric and a moment (seconds since 1970), the labels and values of its series; None for no point."""


@dataclass
class FakePrometheus:
    answer: Answer
    token: str | None = None
    broken: bytes | None = None
    """What is answered instead of JSON."""
    asked: list[tuple[str, float, float, float]] = field(default_factory=list)
    url: str = ""

    def respond(self, path: str, authorization: str | None) -> tuple[int, bytes]:
        parts = urlsplit(path)
        if self.token and authorization != f"Bearer {self.token}":
            return 401, b"Unauthorized"
        if self.broken is not None:
            return 200, self.broken
        if parts.path != "/api/v1/query_range":
            return 404, b"404 page not found"
        given = parse_qs(parts.query, strict_parsing=True)
        if set(given) != {"query", "start", "end", "step"}:
            return _refused("bad_data", f"unexpected parameters {sorted(given)}")
        query, start, end, step = given["query"][0], *(float(given[name][0]) for name in ("start", "end", "step"))
        self.asked.append((query, start, end, step))
        if end < start or step <= 0:
            return _refused("bad_data", "end timestamp must not be before start time")
        if (end - start) / step + 1 > MOST_POINTS:
            return _refused("bad_data", "exceeded maximum resolution of 11,000 points per timeseries.")
        return 200, json.dumps({"status": "success", "data": self._matrix(query, start, end, step)}).encode()

    def _matrix(self, query: str, start: float, end: float, step: float) -> dict[str, Any]:
        metric = query.partition("{")[0]
        series: dict[tuple[tuple[str, str], ...], list[list[Any]]] = {}
        for number in range(int((end - start) / step) + 1):
            moment = start + number * step
            for labels, value in self.answer(metric, moment):
                if value is not None:
                    series.setdefault(tuple(labels.items()), []).append([moment, str(value)])
        found = [
            {"metric": {"__name__": metric, **dict(labels)}, "values": values} for labels, values in series.items()
        ]
        return {"resultType": "matrix", "result": found}


def _refused(kind: str, message: str) -> tuple[int, bytes]:
    return 400, json.dumps({"status": "error", "errorType": kind, "error": message}).encode()


@contextmanager
def serving(fake: FakePrometheus) -> Iterator[FakePrometheus]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, body = fake.respond(self.path, self.headers.get("Authorization"))
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
