"""Stretches of rendered text, and how each numeral in them is bound as a Figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agent.answer.dates import bucket_text
from agent.answer.display import escaped, has_numeral, name_text, plain, value_text, visible
from agent.answer.facts import PLAN_TOOLS, dimensions, filters_of, granularity_of, is_change, noun, query_of
from agent.answer.headline import Part
from tools.domain.answer import Figure
from tools.domain.period import Period
from tools.domain.result import Cell, Column, ToolResult

DAYS = ("From", "Through", "ExhaustedOn", "ThresholdOn", "Start", "End")
"""Columns of a listing that hold a day."""
NOTHING, UNKNOWN = "–", "unknown"
"""What stands for a name that a row lacks, and for a figure that can't be worked out."""


@dataclass(frozen=True)
class Piece:
    """A stretch of rendered text. `is_words`: code's own words, which may take a capital at a sentence's start."""

    text: str
    figure: Figure | None = None
    is_words: bool = False


def cell_text(result: ToolResult, row: int, column: Column) -> str:
    """A cell as people read it, in text and in tables; not escaped for Markdown."""
    cell = result.rows[row][result.column_index(column.name)]
    if cell is None and result.tool in PLAN_TOOLS:
        return NOTHING if column.kind == "dimension" else UNKNOWN
    if column.kind == "time":
        return _rest_name(result, row, column) or name_text(
            bucket_text(cell, granularity_of(result)) if isinstance(cell, str) else cell
        )
    if column.name in DAYS and isinstance(cell, str):
        return name_text(bucket_text(cell, "day"))
    if column.kind == "detail":
        return "".join(map(visible, " ".join(str(cell or "").split())))
    if column.kind == "dimension":
        return _rest_name(result, row, column) or name_text(cell)
    if cell is not None and not isinstance(cell, Decimal):
        return name_text(cell)
    if cell is None and column.kind in ("limit", "background"):
        return ""
    return _about_nothing(cell, column) if is_change(result) and cell else value_text(cell, column.unit)


def bound_cell(handle: str, result: ToolResult, row: int, column: Column, text: str) -> Piece:
    """A cell's text, escaped for Markdown, with its figure; row -1 is the totals."""
    cell: Cell = result.totals.get(column.name) if row < 0 else result.rows[row][result.column_index(column.name)]
    value, text = plain(cell), escaped(text)
    figure = Figure(
        text=text,
        value=value if value is not None else "unknown",
        unit=column.unit,
        result=handle,
        row=row,
        column=column.name,
    )
    return Piece(text, figure)


def part_piece(handle: str, result: ToolResult, part: Part) -> Piece:
    if not part.bound_to or not has_numeral(part.text):
        return Piece(part.text, is_words=True)
    value = bound_value(result, part.bound_to)
    return Piece(part.text, Figure(text=part.text, value=value, unit=None, result=handle, row=-1, column=part.bound_to))


def bound_value(result: ToolResult, bound_to: str) -> str:
    """The exact value of what is bound by name: row_count, period, argument:limit, no_data, …"""
    evidence = result.evidence
    if bound_to == "row_count":
        return str(evidence.row_count)
    if bound_to == "period" and evidence.period:
        return period_value(evidence.period)
    if bound_to == "compare_period" and evidence.compare_period:
        return period_value(evidence.compare_period)
    if bound_to == "no_data":
        return result.no_data or ""
    if bound_to.startswith("level:") and any(column.name == f"High{bound_to[6:]}" for column in result.columns):
        return plain(Decimal(bound_to[6:]) / 100) or ""
    if bound_to == "argument:model":
        return str(evidence.arguments["model"])
    if bound_to == "argument:anomaly":
        return str(evidence.arguments["anomaly"])
    if bound_to == "argument:within":
        return ", ".join(value for one in evidence.arguments["within"] for value in one["values"])
    query = query_of(result)
    if bound_to == "argument:limit" and query:
        return str(query.limit)
    if bound_to == "argument:threshold" and query and query.threshold:
        return plain(query.threshold.value) or ""
    if bound_to.startswith(("argument:filters.", "argument:compare_filters.")):
        name, _, index = bound_to.removeprefix("argument:").rpartition(".")
        return ", ".join(filters_of(result, name)[int(index)].values)
    if bound_to.startswith("argument:"):
        return _argument(evidence.arguments, bound_to.removeprefix("argument:"))
    raise KeyError(bound_to)


def _argument(arguments: Mapping[str, Any], path: str) -> str:
    """A text, or a list or filter's values, of a tool's arguments: `payers`, `filters.0`. Raises KeyError."""
    name, _, place = path.partition(".")
    found = arguments[name][int(place)]["values"] if place else arguments[name]
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found)


def value_at(result: ToolResult, row: int, column: Column) -> Decimal | None:
    """A number of a row, or of the totals for row -1; None when unknown."""
    cell = result.totals.get(column.name) if row < 0 else result.rows[row][result.column_index(column.name)]
    return cell if isinstance(cell, Decimal) else None


def column_of(result: ToolResult, name: str) -> Column:
    return result.columns[result.column_index(name)]


def period_value(period: Period) -> str:
    """A period as a figure's value: ISO 8601, end exclusive."""
    return f"{period.start}/{period.end}"


def _about_nothing(value: Decimal, column: Column) -> str:
    """`~$0.00`: of reasons that sum to a change to the last digit, many are below what shows."""
    least = LEAST_RATIO if column.unit == "ratio" else LEAST_MONEY
    return value_text(value, column.unit) if abs(value) >= least else f"~{value_text(Decimal(0), column.unit)}"


LEAST_MONEY, LEAST_RATIO = Decimal("0.005"), Decimal("0.0005")


def _rest_name(result: ToolResult, row: int, column: Column) -> str | None:
    """The row that sums up the rest is named in words that no value of the data can take for itself."""
    if row != result.other_row:
        return None
    first = dimensions(result)[0]
    return f"all other {noun(result, 2)}" if column.name == first.name else "all"
