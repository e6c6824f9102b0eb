"""Faults and messages in the shape of results, so that an answer without data is bound and checked like any other."""

from typing import Any

from agent.answer.compose import DECLINED, FAILED
from tools.domain.errors import NoData, NotPermitted, OperatorFault, ToolFault, UnknownName
from tools.domain.result import Evidence, ToolResult


def fault_result(fault: ToolFault | OperatorFault | NotPermitted) -> ToolResult:
    """A fault that nobody mended, as what the answer says."""
    if isinstance(fault, NotPermitted):
        return spoken(DECLINED, str(fault), arguments={"kind": "refused"})
    if isinstance(fault, OperatorFault):
        return spoken(FAILED, str(fault))
    near = fault.near if isinstance(fault, UnknownName) else ()
    return spoken(DECLINED, str(fault), near, {"kind": "not_understood"})


def no_data_result(tool: str, fault: NoData, arguments: dict[str, Any]) -> ToolResult:
    """The nothing that a tool found, as a result."""
    return ToolResult(
        tool=tool,
        evidence=Evidence(sql="", arguments=arguments),
        no_data=str(fault),
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
