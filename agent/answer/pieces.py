"""Stretches of rendered text, and how each numeral in them is bound as a Figure."""

from dataclasses import dataclass
from decimal import Decimal

from agent.answer.dates import bucket_text
from agent.answer.display import escaped, has_numeral, name_text, plain, value_text
from agent.answer.facts import dimensions, granularity_of, noun, query_of
from agent.answer.headline import Part
from tools.domain.answer import Figure
from tools.domain.period import Period
from tools.domain.result import Cell, Column, ToolResult


@dataclass(frozen=True)
class Piece:
    """A stretch of rendered text. `is_words`: code's own words, which may take a capital at a sentence's start."""

    text: str
    figure: Figure | None = None
    is_words: bool = False


def cell_text(result: ToolResult, row: int, column: Column) -> str:
    """A cell as people read it, in text and in tables; not escaped for Markdown."""
    cell = result.rows[row][result.column_index(column.name)]
    if column.kind == "time":
        return _rest_name(result, row, column) or name_text(
            bucket_text(cell, granularity_of(result)) if isinstance(cell, str) else cell
        )
    if column.name in ("From", "Through") and isinstance(cell, str):
        return name_text(bucket_text(cell, "day"))
    if column.kind == "dimension":
        return _rest_name(result, row, column) or name_text(cell)
    return value_text(cell, column.unit) if cell is None or isinstance(cell, Decimal) else name_text(cell)


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
    if bound_to.startswith("argument:filters.") and query:
        return ", ".join(query.filters[int(bound_to.rpartition(".")[2])].values)
    raise KeyError(bound_to)


def value_at(result: ToolResult, row: int, column: Column) -> Decimal | None:
    """A number of a row, or of the totals for row -1; None when unknown."""
    cell = result.totals.get(column.name) if row < 0 else result.rows[row][result.column_index(column.name)]
    return cell if isinstance(cell, Decimal) else None


def column_of(result: ToolResult, name: str) -> Column:
    return result.columns[result.column_index(name)]


def period_value(period: Period) -> str:
    """A period as a figure's value: ISO 8601, end exclusive."""
    return f"{period.start}/{period.end}"


def _rest_name(result: ToolResult, row: int, column: Column) -> str | None:
    """The row that sums up the rest is named in words that no value of the data can take for itself."""
    if row != result.other_row:
        return None
    first = dimensions(result)[0]
    return f"all other {noun(result, 2)}" if column.name == first.name else "all"
