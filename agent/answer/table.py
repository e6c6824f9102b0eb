"""A result as a table of texts, for any surface that draws one."""

from dataclasses import dataclass

from agent.answer.facts import NAME_KINDS, column_word
from agent.answer.pieces import cell_text
from tools.domain.result import Column, ToolResult

_WORDS = {"share": "share", "previous": "before", "change": "change", "change_ratio": "change %"}


@dataclass(frozen=True)
class DisplayTable:
    """Headings and rows as people read them; `is_number[i]`: column i is aligned to the right."""

    headings: tuple[str, ...]
    is_number: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def display_table(result: ToolResult) -> DisplayTable:
    columns = shown_columns(result)
    return DisplayTable(
        headings=tuple(_heading(result, column) for column in columns),
        is_number=tuple(column.kind not in NAME_KINDS for column in columns),
        rows=tuple(tuple(cell_text(result, row, column) for column in columns) for row in range(len(result.rows))),
    )


def shown_columns(result: ToolResult) -> tuple[Column, ...]:
    """The columns without details, and without limits that no row has."""
    return tuple(
        column
        for column in result.columns
        if column.kind != "detail" and (column.kind != "limit" or _is_known(result, column))
    )


def _is_known(result: ToolResult, column: Column) -> bool:
    position = result.column_index(column.name)
    return any(row[position] is not None for row in result.rows)


def _heading(result: ToolResult, column: Column) -> str:
    if column.kind in NAME_KINDS:
        return column_word(result, column)
    if column.kind in ("metric", "limit"):
        return column.label
    metric = next((c.label for c in result.columns if c.name == column.metric), column.metric or "")
    return f"{metric}, {_WORDS[column.kind]}"
