"""The two calls that look nothing up: the planner asks back, or declines."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from agent.answer.compose import ASKED_BACK, DECLINED, FAILED
from tools.domain.errors import NoData, OperatorFault, ToolFault, UnknownName
from tools.domain.result import Evidence, ToolResult


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


def fault_result(fault: ToolFault | OperatorFault) -> ToolResult:
    """A fault that nobody mended, as what the answer says."""
    if isinstance(fault, OperatorFault):
        return spoken(FAILED, _sentence(fault))
    near = fault.near if isinstance(fault, UnknownName) else ()
    return spoken(DECLINED, _sentence(fault), near, {"kind": "not_understood"})


def no_data_result(tool: str, fault: NoData, arguments: dict[str, Any]) -> ToolResult:
    """The nothing that a tool found, as a result."""
    return ToolResult(
        tool=tool,
        evidence=Evidence(sql="", arguments=arguments),
        no_data=_sentence(fault),
        no_data_reason=fault.reason,
        missing_column=fault.column,
        suggestions=fault.available,
    )


def spoken(
    tool: str, message: str, suggestions: tuple[str, ...] = (), arguments: dict[str, Any] | None = None
) -> ToolResult:
    """A message in the shape of a result."""
    evidence = Evidence(sql="", arguments=arguments or {})
    return ToolResult(tool=tool, evidence=evidence, no_data=message, suggestions=suggestions)


def _sentence(fault: Exception) -> str:
    """An error's message as a sentence."""
    text = str(fault)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
