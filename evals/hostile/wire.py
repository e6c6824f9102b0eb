"""A reply as server-sent events of OpenAI's chat completions."""

import json
from collections.abc import Iterator
from typing import Any

from evals.hostile.script import Step

PIECE, MOST_PIECES = 24, 200
"""Characters of text or arguments in one event; more where a text would need more events than this."""


def deltas(step: Step) -> Iterator[dict[str, Any]]:
    """The deltas of a reply, in order."""
    yield {"role": "assistant", "content": ""}
    for piece in _pieces(step.text):
        yield {"content": piece}
    for index, call in enumerate(step.calls):
        head = {"index": index, "id": f"c{index}", "type": "function", "function": {"name": call.name, "arguments": ""}}
        yield {"tool_calls": [head]}
        for piece in _pieces(call.arguments):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def events(step: Step, model: str) -> Iterator[dict[str, Any]]:
    """The whole reply as JSON events: deltas, the finish, the usage."""
    for delta in deltas(step):
        yield chunk(model, [{"index": 0, "delta": delta, "finish_reason": None}])
    yield chunk(model, [{"index": 0, "delta": {}, "finish_reason": step.finish_reason}])
    if step.usage is not None:
        yield chunk(model, []) | {"usage": step.usage}


def chunk(model: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    """One event's JSON."""
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": choices}


def line(event: Any) -> bytes:
    """An event on the wire."""
    return f"data: {json.dumps(event)}\n\n".encode()


def _pieces(text: str) -> Iterator[str]:
    size = max(PIECE, len(text) // MOST_PIECES)
    for start in range(0, len(text), size):
        yield text[start : start + size]
