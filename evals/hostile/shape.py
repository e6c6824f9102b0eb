"""Whether a request is one that OpenAI's chat completions would take: what a strict server would answer 400 to."""

import json
from collections.abc import Iterator
from typing import Any

KNOWN = frozenset(
    ("model", "messages", "tools", "tool_choice", "stream", "stream_options", "temperature", "max_tokens",
     "max_completion_tokens", "n", "stop", "seed", "user", "parallel_tool_calls", "response_format")
)  # fmt: skip
ROLES = ("system", "developer", "user", "assistant", "tool")


def complaints(body: Any) -> list[str]:
    """Everything wrong with a request's shape; [] when there is nothing."""
    if not isinstance(body, dict):
        return ["the body is not a JSON object"]
    found = [f"unknown argument {name}" for name in body.keys() - KNOWN]
    if not isinstance(body.get("model"), str) or not body["model"]:
        found.append("model is missing")
    if body.get("stream") is not True:
        found.append("only streaming is served here")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return [*found, "messages is missing or empty"]
    return [*found, *_message_faults(messages), *_tool_faults(body.get("tools", []))]


def _message_faults(messages: list[Any]) -> Iterator[str]:
    open_calls: set[str] = set()
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            yield f"messages[{number}] has no known role"
            continue
        role, content = message["role"], message.get("content")
        if role != "tool" and open_calls:
            yield f"messages[{number}]: calls {sorted(open_calls)} have no tool message"
            open_calls = set()
        if role == "tool":
            if message.get("tool_call_id") not in open_calls:
                yield f"messages[{number}] answers no call"
            open_calls.discard(message.get("tool_call_id", ""))
        elif role == "assistant":
            for call in message.get("tool_calls") or ():
                yield from _call_faults(number, call)
                open_calls.add(call.get("id", ""))
        if not isinstance(content, str) and not (role == "assistant" and message.get("tool_calls")):
            yield f"messages[{number}].content is no text"
    if open_calls:
        yield f"calls {sorted(open_calls)} have no tool message"
    if messages[-1].get("role") == "assistant":
        yield "the last message is the assistant's"


def _call_faults(number: int, call: Any) -> Iterator[str]:
    function = call.get("function") or {}
    if call.get("type") != "function" or not call.get("id") or not function.get("name"):
        yield f"messages[{number}] has a call without id, type or name"
    try:
        json.loads(function.get("arguments", ""))
    except ValueError:
        yield f"messages[{number}] has a call whose arguments are not JSON"


def _tool_faults(tools: Any) -> Iterator[str]:
    for tool in tools:
        function = tool.get("function") or {}
        if tool.get("type") != "function" or not function.get("name") or not function.get("description"):
            yield "a tool has no type, name or description"
        if (function.get("parameters") or {}).get("type") != "object":
            yield f"the parameters of {function.get('name')} are no object schema"
