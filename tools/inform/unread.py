"""Results without data: what a tool answers before, or instead of, reading anything."""

from collections.abc import Sequence

from pydantic import BaseModel

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.result import Evidence, ToolResult
from tools.registry import ToolContext


def unread(ctx: ToolContext, request: BaseModel, period: Period | None = None) -> Evidence:
    """Evidence of a request that no query was run for."""
    return Evidence(
        sql="",
        arguments=request.model_dump(mode="json"),
        period=period,
        generation=ctx.store.generation,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
    )


def without_data(
    tool: str, nothing: NoData, evidence: Evidence, suggestions: Sequence[str] | None = None
) -> ToolResult:
    """The result that says why there is nothing; what there is instead is suggested, unless other questions are."""
    return ToolResult(
        tool=tool,
        evidence=evidence,
        no_data=str(nothing),
        no_data_reason=nothing.reason,
        missing_column=nothing.column,
        suggestions=nothing.available if suggestions is None else tuple(suggestions),
    )
