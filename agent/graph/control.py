"""The two calls that look nothing up: the planner asks back, or declines."""

from typing import Literal

from pydantic import BaseModel, Field

from agent.answer.compose import ASKED_BACK, DECLINED
from agent.answer.spoken import spoken
from tools.domain.result import ToolResult


class AskBack(BaseModel):
    """Ask the person which of two readings they mean; `options` are full questions, each of which has an answer."""

    question: str = Field(min_length=1, max_length=400)
    options: tuple[str, ...] = Field(default=(), max_length=12)


class Decline(BaseModel):
    """Say that the question can't be answered, why, and what can be asked instead."""

    kind: Literal["not_understood", "refused", "no_data"]
    reason: str = Field(min_length=1, max_length=1000)
    suggestions: tuple[str, ...] = Field(default=(), max_length=12)


CONTROLS: dict[str, type[BaseModel]] = {ASKED_BACK: AskBack, DECLINED: Decline}


def controlled(request: BaseModel) -> ToolResult:
    """A control call as a result whose message is shown."""
    if isinstance(request, AskBack):
        return spoken(ASKED_BACK, request.question, request.options, request.model_dump(mode="json"))
    if isinstance(request, Decline):
        return spoken(DECLINED, request.reason, request.suggestions, request.model_dump(mode="json"))
    raise TypeError(f"{type(request).__name__} is not a control call")
