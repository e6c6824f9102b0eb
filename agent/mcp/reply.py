"""What other assistants get: the contract's tables and evidence, and no more rows than a model can read."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.answer.render import evidence_json, table_json, to_json
from tools.domain.answer import Answer
from tools.domain.errors import NoDataReason
from tools.domain.result import ToolResult

MOST_ROWS = 200
_HANDLE = "r1"


class ReplyColumn(BaseModel):
    """A column, with the unit of its numbers."""

    model_config = ConfigDict(frozen=True)

    name: str
    unit: str | None = Field(description="ISO currency, tokens, requests, ratio (0–1), …; null for names")
    kind: str
    label: str


class ToolReply(BaseModel):
    """A tool's result. Numbers are exact decimal strings, dates ISO, ends exclusive, UTC."""

    model_config = ConfigDict(frozen=True)

    tool: str
    status: Literal["answered", "no_data"]
    message: str | None = Field(description="for no_data: what the store lacks")
    reason: NoDataReason | None
    missing_column: str | None
    suggestions: list[str] = Field(description="for no_data: what there is instead")
    columns: list[ReplyColumn]
    rows: list[list[str | None]] = Field(description="cells in the order of columns; null is unknown")
    row_count: int = Field(description="groups found, also those that limit summed up as other")
    rows_left_out: int = Field(description="rows of this result that are not in rows")
    totals: dict[str, str | None] = Field(description="by column, over all groups")
    other_row: int | None = Field(description="the row that sums up what limit cut off")
    caveats: list[str] = Field(description="to be told with the figures")
    evidence: dict[str, Any] = Field(
        description="sql, parameters, arguments, period, generation, loaded_through, sources"
    )


def tool_reply(result: ToolResult) -> ToolReply:
    """A result, cut to its first rows; its totals stay those of all."""
    table = _shortened(table_json(_HANDLE, result))
    caveats = list(result.evidence.caveats)
    if table["rows_left_out"]:
        caveats.append(
            f"the first {MOST_ROWS} of {len(result.rows)} rows are here; limit, filters or a shorter period give fewer"
        )
    return ToolReply(
        tool=result.tool,
        status="answered" if result.no_data is None else "no_data",
        message=result.no_data,
        reason=result.no_data_reason,
        missing_column=result.missing_column,
        suggestions=list(result.suggestions),
        row_count=result.evidence.row_count,
        caveats=caveats,
        evidence={key: value for key, value in evidence_json(_HANDLE, result).items() if key != "result"},
        **{key: value for key, value in table.items() if key != "result"},
    )


def answer_reply(answer: Answer) -> dict[str, Any]:
    """An answer as `outlay ask --json` prints it; a long table has `rows_left_out` beside its first rows."""
    told = to_json(answer)
    return told | {"tables": [_shortened(table) for table in told["tables"]]}


def _shortened(table: dict[str, Any]) -> dict[str, Any]:
    rows, other = table["rows"], table["other_row"]
    return table | {
        "rows": rows[:MOST_ROWS],
        "rows_left_out": max(0, len(rows) - MOST_ROWS),
        "other_row": other if other is not None and other < MOST_ROWS else None,
    }
