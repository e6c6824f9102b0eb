"""A result as a table of texts, for any surface that draws one."""

from dataclasses import dataclass

from agent.answer.facts import NAME_KINDS, TEXT_KINDS, column_word, dimensions, is_change, metrics
from agent.answer.pieces import cell_text
from agent.answer.told import table_columns
from tools.domain.result import Column, ToolResult

UNTABLED = ("Candidates",)
"""Told in sentences: too long for a cell of a table."""
_WORDS = {"share": "share", "previous": "before", "change": "change", "change_ratio": "change %"}


@dataclass(frozen=True)
class DisplayTable:
    """Headings and rows as people read them; `is_number[i]`: column i is aligned to the right."""

    headings: tuple[str, ...]
    is_number: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def shown_columns(result: ToolResult) -> tuple[Column, ...]:
    """The columns that a table shows: of reasons by group the group's change; of reasons alone no cost, which is the
    same in each row."""
    if not is_change(result):
        return tuple(column for column in table_columns(result) if _is_tabled(result, column))
    first = metrics(result)[0].name
    if len(dimensions(result)) > 1:
        wanted = (f"{first}_change", "Contribution", "Raised", "Lowered", "LargestPart")
        return tuple(column for column in result.columns if column.kind in NAME_KINDS or column.name in wanted)
    return tuple(column for column in result.columns if column.name not in UNTABLED and column.metric != first)


def display_table(result: ToolResult) -> DisplayTable:
    columns = shown_columns(result)
    return DisplayTable(
        headings=tuple(_heading(result, column) for column in columns),
        is_number=tuple(column.kind not in TEXT_KINDS for column in columns),
        rows=tuple(tuple(cell_text(result, row, column) for column in columns) for row in range(len(result.rows))),
    )


def _is_tabled(result: ToolResult, column: Column) -> bool:
    """Neither background figures nor limits that no row has."""
    return column.kind != "background" and (column.kind != "limit" or _is_known(result, column))


def _is_known(result: ToolResult, column: Column) -> bool:
    position = result.column_index(column.name)
    return any(row[position] is not None for row in result.rows)


def _heading(result: ToolResult, column: Column) -> str:
    if column.kind in NAME_KINDS:
        return column_word(result, column)
    if column.kind in ("metric", "detail", "limit"):
        return column.label
    metric = next((c.label for c in result.columns if c.name == column.metric), column.metric or "")
    return f"{metric}, {_WORDS[column.kind]}"
