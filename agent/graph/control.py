"""The two calls that look nothing up: the planner asks back, or declines."""

from collections.abc import Callable
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from agent.answer.compose import ASKED_BACK, DECLINED
from agent.answer.display import has_numeral
from agent.answer.spoken import spoken
from agent.answer.write import Asked
from tools.domain.result import ToolResult

LONGEST_SUGGESTION = 200

_OWN_WORDS = {
    ASKED_BACK: "The question can be read in more than one way. Which of these do you mean?",
    "not_understood": "I can't answer that from the cost and usage data.",
    "refused": "I don't do that.",
    "no_data": "The data that is loaded can't answer that.",
}


class AskBack(BaseModel):
    """Ask the person which of two readings they mean; `options` are full questions, each of which has an answer."""

    question: str = Field(min_length=1, max_length=400)
    options: tuple[str, ...] = Field(default=(), max_length=12)


class Decline(BaseModel):
    """Say that the question can't be answered, why, and what can be asked instead."""

    kind: Literal["not_understood", "refused", "no_data"]
    reason: str = Field(min_length=1, max_length=1000)
    suggestions: tuple[str, ...] = Field(default=(), max_length=12)


UNSPOKEN = spoken(DECLINED, _OWN_WORDS["not_understood"], (), {"kind": "not_understood"})
"""Stands for a fault that holds words of a model that is not ours."""
Vet = Callable[[str, date], bool]
"""Whether the built-in planner would answer a suggested question, asked on a day."""

CONTROLS: dict[str, type[BaseModel]] = {ASKED_BACK: AskBack, DECLINED: Decline}


def controlled(request: BaseModel, asked: Asked, *, trusted: bool, vet: Vet | None = None) -> ToolResult:
    """A control call as a result whose message is shown.

    The built-in planner's words are this program's. Those of another model are bound to nothing: its message is
    replaced by our own, and of its suggestions those stay whose numerals the person has used too and that `vet` passes.
    """
    if isinstance(request, AskBack):
        offered = _kept(request.options, asked, trusted, vet)
        message = request.question if trusted else _OWN_WORDS[ASKED_BACK]
        return spoken(ASKED_BACK, message, offered, _arguments(request, trusted, options=offered))
    if isinstance(request, Decline):
        offered = _kept(request.suggestions, asked, trusted, vet)
        message = request.reason if trusted else _OWN_WORDS[request.kind]
        return spoken(DECLINED, message, offered, _arguments(request, trusted, kind=request.kind, suggestions=offered))
    raise TypeError(f"{type(request).__name__} is not a control call")


def _arguments(request: BaseModel, trusted: bool, **kept: object) -> dict[str, object]:
    """What a kept answer remembers of the call: of a model that is not ours only what is shown."""
    return request.model_dump(mode="json") if trusted else {name: _listed(value) for name, value in kept.items()}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _kept(suggestions: tuple[str, ...], asked: Asked, trusted: bool, vet: Vet | None) -> tuple[str, ...]:
    if trusted:
        return suggestions
    known = set(asked.question.split())
    return tuple(
        " ".join(text.split())
        for text in suggestions
        if len(text) <= LONGEST_SUGGESTION
        and all(word in known for word in text.split() if has_numeral(word))
        and (vet is None or vet(text, asked.as_of))
    )
