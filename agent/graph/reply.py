"""A model's reply cut down to what a thread may keep: short text, few calls with sound arguments, ids of our own."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage, AIMessageChunk, ToolCall

LONGEST_TEXT = 6_000
"""Characters of a draft; a longer one is none."""
LONGEST_ARGUMENTS = 4_000
"""Characters of one call's arguments."""
MOST_ARGUMENTS = 12_000
"""Characters of all calls' arguments in one reply."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
NAMELESS = "unnamed"


@dataclass(frozen=True)
class Reply:
    """A message for the thread, and which of its calls can't be run."""

    message: AIMessage
    refused: Mapping[str, str]
    """Call id → the reason, for the model."""


def sound(reply: AIMessage) -> Reply:
    """Text and calls of a reply, and nothing else of it."""
    calls, refused, used = [], {}, 0
    for name, arguments, unreadable in _calls(reply):
        call_id = f"call_{uuid4().hex[:16]}"
        length = len(json.dumps(arguments, default=str))
        used += length
        is_long = length > LONGEST_ARGUMENTS or used > MOST_ARGUMENTS
        called = name if _NAME.fullmatch(name) else NAMELESS
        calls.append(ToolCall(name=called, args={} if is_long else arguments, id=call_id, type="tool_call"))
        if is_long or unreadable:
            fault = unreadable or f"arguments have at most {LONGEST_ARGUMENTS} characters"
            refused[call_id] = f"{called} can't be called like this: {fault}"
    text = reply.text
    return Reply(AIMessage(text if len(text) <= LONGEST_TEXT else "", tool_calls=calls), refused)


def _calls(reply: AIMessage) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Name, arguments and what is wrong with them. A stream's arguments are read strictly: no broken JSON is mended."""
    if not isinstance(reply, AIMessageChunk):
        for call in reply.tool_calls:
            yield call["name"], call["args"], ""
        for bad in reply.invalid_tool_calls:
            yield bad.get("name") or NAMELESS, {}, "its arguments are not JSON"
        return
    for part in reply.tool_call_chunks:
        yield (part.get("name") or NAMELESS, *_arguments(part.get("args") or "{}"))


def _arguments(text: str) -> tuple[dict[str, Any], str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}, "its arguments are not JSON"
    return (found, "") if isinstance(found, dict) else ({}, "its arguments are not a JSON object")
