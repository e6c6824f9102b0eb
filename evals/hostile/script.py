"""What a scripted model answers to one request, apart from how it travels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Request = Mapping[str, Any]
"""A chat-completions request: `messages`, `tools`, …, as OpenAI's JSON."""

Trouble = Literal[
    "status", "redirect", "refuse", "drop", "cut", "no_finish", "empty_choices", "no_choices", "broken_json", "not_sse",
    "packed", "wrong_types", "wrong_role", "error_event", "endless_text", "endless_calls", "keep_alive", "slow",
    "huge_line",
]  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A tool call; `arguments` is the JSON text as it is sent, sound or not."""

    name: str
    arguments: str = "{}"


@dataclass(frozen=True)
class Step:
    """One reply."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    trouble: Trouble | None = None
    status: int = 500
    """Of `trouble="status"`."""
    usage: Mapping[str, Any] | None = field(default_factory=lambda: usage(1200, 40))
    """As sent; None sends none."""
    finish: str | None = None
    """None: `tool_calls` with calls, else `stop`."""

    @property
    def finish_reason(self) -> str:
        return self.finish or ("tool_calls" if self.calls else "stop")

    def without_usage(self) -> "Step":
        return replace(self, usage=None)


Script = Callable[[Request], Step]
"""Gives the reply to a request; it sees all that a model would see."""


def usage(prompt: object, completion: object, cached: object = 0, reasoning: object = 0) -> dict[str, Any]:
    """OpenAI's usage object."""
    total = prompt + completion if isinstance(prompt, int) and isinstance(completion, int) else 0
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": total,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }


def in_turn(*steps: Step) -> Script:
    """The steps one after the other; the last one again and again."""
    asked = 0

    def script(request: Request) -> Step:
        nonlocal asked
        asked += 1
        return steps[min(asked, len(steps)) - 1]

    return script


def results_in(request: Request) -> list[str]:
    """Contents of the tool messages after the newest question."""
    found: list[str] = []
    for message in request["messages"]:
        if message["role"] == "user":
            found = []
        elif message["role"] == "tool":
            found.append(str(message["content"]))
    return found
