"""Answer: one object, rendered for a terminal, Slack, HTML or JSON."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.model_usage import ModelUsage
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.domain.scope import Scope

AnswerStatus = Literal["answered", "no_data", "clarify", "not_understood", "needs_approval", "refused", "failed"]


class Figure(BaseModel):
    """A numeral in `Answer.text`, bound to where it comes from.

    `row` is the row's index, -1 for the result's totals; `column` a column's name. What is not a cell is bound by
    `column` alone: `row_count`, `argument:limit`, `period.start`, … with `row` -1.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    value: str
    unit: str | None
    result: str
    row: int
    column: str


class Answer(BaseModel):
    """What a person gets for a question.

    `text` is Markdown with the figures filled in; `draft` is the same with placeholders.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    status: AnswerStatus
    question: str
    text: str
    draft: str = ""
    period: Period | None = None
    currency: str | None = None
    as_of: date
    loaded_through: date | None = None
    figures: tuple[Figure, ...] = ()
    results: dict[str, ToolResult] = {}
    """By handle: r1, r2, …"""
    caveats: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    model: str = "builtin"
    """What planned it: builtin too when a configured model failed and the built-in planner answered instead."""
    model_usage: ModelUsage | None = None
    """What a configured model used, also when it failed; None when none was asked."""
    thread: str | None = None
    scope: Scope = Field(default=Scope(), exclude_if=lambda scope: scope.is_whole)
    """What the asker might see. Left out when it is everything, so that answers from before there were scopes still fit
    their seal."""
    seconds: Decimal = Decimal(0)
