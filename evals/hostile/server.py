"""The scripted model as an HTTP server on loopback, strict about what it is sent."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from evals.hostile.script import Script, Step, in_turn
from evals.hostile.shape import complaints
from evals.hostile.wire import chunk, events, line

ENDLESS = 200_000
"""Events of a reply that does not stop by itself; whoever reads it hangs up long before."""


class ScriptedServer(ThreadingHTTPServer):
    """Serves /v1/chat/completions and /v1/models. `script` may be changed between requests."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Script | None = None, *, key: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script or in_turn(Step())
        self.key, self.models = key, ["scripted"]
        self.requests: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


@contextmanager
def serving(script: Script | None = None, *, key: str | None = None) -> Iterator[ScriptedServer]:
    """A server in a thread of its own."""
    server = ScriptedServer(script, key=key)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedServer

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def do_GET(self) -> None:
        if self._is_refused():
            return
        if self.path == "/v1/models":
            self._json(200, {"object": "list", "data": [{"id": one, "object": "model"} for one in self.server.models]})
        else:
            self._json(404, {"error": {"message": f"no {self.path} here"}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self._is_refused():
            return
        if self.path != "/v1/chat/completions":
            self._json(404, {"error": {"message": f"no {self.path} here"}})
            return
        try:
            request = json.loads(body)
        except ValueError:
            request = None
        wrong = complaints(request)
        self.server.complaints += wrong
        if wrong:
            self._json(400, {"error": {"message": "; ".join(wrong), "type": "invalid_request_error"}})
            return
        self.server.requests.append(request)
        self._answer(self.server.script(request), request["model"])

    def _is_refused(self) -> bool:
        key = self.server.key
        if key is None or self.headers.get("authorization") == f"Bearer {key}":
            return False
        self._json(401, {"error": {"message": "no such key", "type": "invalid_request_error"}})
        return True

    def _answer(self, step: Step, model: str) -> None:
        with suppress(OSError):
            if step.trouble is None:
                self._stream(line(event) for event in events(step, model))
                return
            getattr(self, f"_{step.trouble}")(step, model)

    def _json(self, status: int, value: Any, **headers: str) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, parts: Iterator[bytes], *, done: bool = True, **headers: str) -> None:
        self.send_response(200)
        for name, text in ({"content_type": "text/event-stream"} | headers).items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for part in parts:
            self._part(part)
        if done:
            self._part(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _part(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    # What can go wrong, by the name of Step.trouble.

    def _status(self, step: Step, model: str) -> None:
        self._json(step.status, {"error": {"message": step.text or "no", "type": "server_error"}}, retry_after="0.01")

    def _redirect(self, step: Step, model: str) -> None:
        self._json(307, {}, location=step.text)

    def _refuse(self, step: Step, model: str) -> None:
        self.close_connection = True
        self.connection.close()

    def _drop(self, step: Step, model: str) -> None:
        """The connection ends in the middle of a chunked body."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for number, event in enumerate(events(step, model)):
            if number > 2:
                break
            self._part(line(event))
        self._refuse(step, model)

    def _cut(self, step: Step, model: str) -> None:
        """A body that ends cleanly, but before the reply does."""
        parts = [line(event) for event in events(step, model)]
        self._stream(iter(parts[: max(1, len(parts) // 2)]), done=False)

    def _no_finish(self, step: Step, model: str) -> None:
        self._stream(line(event) for event in events(step, model) if not _finishes(event))

    def _empty_choices(self, step: Step, model: str) -> None:
        self._stream(line(chunk(model, [])) for _ in range(3))

    def _no_choices(self, step: Step, model: str) -> None:
        self._stream(line({"id": "x", "object": "chat.completion.chunk", "model": model}) for _ in range(3))

    def _broken_json(self, step: Step, model: str) -> None:
        self._stream(iter([line(next(events(step, model))), b'data: {"choices": [{"delta": {"content": "5\n\n']))

    def _not_sse(self, step: Step, model: str) -> None:
        self._json(200, {"choices": [{"message": {"role": "assistant", "content": step.text}}]})

    def _packed(self, step: Step, model: str) -> None:
        self._stream((line(event) for event in events(step, model)), content_encoding="gzip")

    def _wrong_types(self, step: Step, model: str) -> None:
        odd: list[Any] = [[], 5, "text", {"choices": 7}, {"choices": [None]}, {"choices": [{"delta": [step.text]}]}]
        self._stream(line(one) for one in odd[len(step.text) % len(odd) :])

    def _wrong_role(self, step: Step, model: str) -> None:
        roles = ("user", "system", "tool", "function", "wizard")
        delta = {"role": roles[len(step.text) % len(roles)], "content": step.text, "tool_call_id": "c0", "name": "f"}
        self._stream(iter([line(chunk(model, [{"index": 0, "delta": delta, "finish_reason": "stop"}]))]))

    def _error_event(self, step: Step, model: str) -> None:
        self._stream(iter([line(next(events(step, model))), line({"error": {"message": step.text, "code": "x"}})]))

    def _endless_text(self, step: Step, model: str) -> None:
        one = line(
            chunk(model, [{"index": 0, "delta": {"content": (step.text or "more ") * 20}, "finish_reason": None}])
        )
        self._stream(one for _ in range(ENDLESS))

    def _endless_calls(self, step: Step, model: str) -> None:
        self._stream(
            line(chunk(model, [{"index": 0, "delta": {"tool_calls": [_call(n)]}, "finish_reason": None}]))
            for n in range(ENDLESS)
        )

    def _keep_alive(self, step: Step, model: str) -> None:
        """Comments without end: no event ever comes, and the line is never silent."""
        self._stream(_slowly(b": alive\n\n", 0.05))

    def _slow(self, step: Step, model: str) -> None:
        """Events without end, each within the time-out."""
        one = line(chunk(model, [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}]))
        self._stream(_slowly(one, 0.05))

    def _huge_line(self, step: Step, model: str) -> None:
        self._stream(b"x" * 65_536 for _ in range(ENDLESS))


def _slowly(part: bytes, seconds: float) -> Iterator[bytes]:
    for _ in range(ENDLESS):
        time.sleep(seconds)
        yield part


def _finishes(event: dict[str, Any]) -> bool:
    return any(choice.get("finish_reason") for choice in event["choices"])


def _call(number: int) -> dict[str, Any]:
    function = {"name": "query_costs", "arguments": "{}"}
    return {"index": number, "id": f"c{number}", "type": "function", "function": function}
