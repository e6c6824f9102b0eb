"""The placeholder grammar, and what each placeholder refers to.

    {{r1.headline}}   {{r1.period}}   {{r1.compare_period}}   {{r1.filters}}     what the result is about
    {{r1.label.M}}                                                               what metric M is called
    {{r1.0.D}}   {{r1.0.name}}   {{r1.0.rank}}                                   the name, whole name, rank of row 0
    {{r1.0.M}}   {{r1.0.M_share}}   {{r1.0.M.change}}   {{r1.0.M.superlative}}   what is said of row 0
    {{r1.total.M}}   {{r1.total.M.change}}   {{r1.highest.M}}   {{r1.lowest.M}}  what is said of all rows
    {{r1.0.Q}}                                                                   row 0's passage, quoted word for word
    {{r1.expected}}   {{r1.tested}}                                              what a forecast gives, and how far off
    {{r1.row_count}}   {{r1.argument.limit}}   {{r1.limit_note}}   {{r1.message}}
    {{r1.reasons}}                                                               a change told, with its reasons

D is a dimension's or time column's name, M a metric's, Q a quotation's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.answer.facts import (
    NAME_KINDS,
    all_rows_shown,
    companion,
    dimensions,
    is_change,
    is_compared,
    is_forecast,
    is_narrowed,
    metrics,
    ordered_by_value,
    ordering_metric,
    query_of,
)
from tools.domain.result import Column, ToolResult

Kind = Literal[
    "headline",
    "period",
    "compare_period",
    "filters",
    "label",
    "name",
    "rank",
    "cell",
    "share",
    "change",
    "superlative",
    "total",
    "total_change",
    "highest",
    "lowest",
    "row_count",
    "limit",
    "limit_note",
    "message",
    "quotation",
    "reasons",
    "expected",
    "tested",
]

PLACEHOLDER = re.compile(r"\{\{(r[1-9][0-9]{0,3})\.([^{}\n]+)\}\}", re.ASCII)
WHOLE_NAME = "name"
"""`{{r1.0.name}}`: the row's whole name, as code tells it; a Reference without a column."""
ALONE: frozenset[Kind] = frozenset({"limit_note", "message", "reasons", "expected", "tested"})
"""What is a statement by itself."""

_BARE: tuple[Kind, ...] = (
    "headline",
    "period",
    "compare_period",
    "filters",
    "row_count",
    "limit_note",
    "message",
    "reasons",
    "expected",
    "tested",
)


class Unbound(ValueError):
    """A placeholder that refers to nothing; the message says what would work."""


@dataclass(frozen=True)
class Reference:
    """What a placeholder refers to. `row` is -1 for what is said of the whole result; `column` may be empty."""

    handle: str
    kind: Kind
    row: int = -1
    column: str = ""


def resolve(handle: str, path: str, results: Mapping[str, ToolResult]) -> Reference:
    """Bind a placeholder. Raises Unbound when the result, row or column is not there or may not be shown so."""
    result = results.get(handle)
    if result is None:
        raise Unbound(f"there is no result {handle}; there are {', '.join(results) or 'none'}")
    for bare in _BARE:
        if path == bare:
            return _bare(handle, bare, result)
    head, _, rest = path.partition(".")
    if head == "argument":
        return _limit(handle, rest, result)
    if head == "label":
        return Reference(handle, "label", column=_metric(result, rest).name)
    if head == "total":
        return _total(handle, rest, result)
    if head in ("highest", "lowest"):
        return _extreme(handle, "highest" if head == "highest" else "lowest", rest, result)
    if re.fullmatch(r"0|[1-9][0-9]{0,5}", head, re.ASCII):
        return _row(handle, int(head), rest, result)
    raise Unbound(f"{handle}.{path} is not a placeholder")


def _bare(handle: str, kind: Kind, result: ToolResult) -> Reference:
    there = {
        "period": result.evidence.period is not None,
        "compare_period": is_compared(result) and result.evidence.period is not None,
        "filters": is_narrowed(result),
        "limit_note": _limit_of(result) is not None and result.evidence.row_count < (_limit_of(result) or 0),
        "message": result.no_data is not None,
        "row_count": bool(dimensions(result)),
        "headline": result.no_data is None,
        "reasons": is_change(result),
        "expected": is_forecast(result),
        "tested": is_forecast(result),
    }
    if not there[kind]:
        raise Unbound(f"{handle} has no {kind}")
    return Reference(handle, kind)


def _limit(handle: str, rest: str, result: ToolResult) -> Reference:
    if rest != "limit" or _limit_of(result) is None:
        raise Unbound(f"{handle} has no argument {rest} to show; only a limit that was asked for is shown")
    return Reference(handle, "limit")


def _limit_of(result: ToolResult) -> int | None:
    query = query_of(result)
    return query.limit if query else None


def _total(handle: str, rest: str, result: ToolResult) -> Reference:
    name, change = _without_suffix(result, rest, ".change")
    column = _metric(result, name)
    query = query_of(result)
    if column.name not in result.totals or result.totals[column.name] is None:
        raise Unbound(f"{handle} has no total of {name}")
    if query and query.threshold:
        raise Unbound(f"the total of {handle} holds groups that its threshold left out")
    if not change:
        return Reference(handle, "total", column=column.name)
    companions = (companion(result, column.name, "previous"), companion(result, column.name, "change"))
    if not is_compared(result) or any(c is None or c.name not in result.totals for c in companions):
        raise Unbound(f"{handle} has no total change of {name}")
    return Reference(handle, "total_change", column=column.name)


def _extreme(handle: str, kind: Literal["highest", "lowest"], rest: str, result: ToolResult) -> Reference:
    column = _metric(result, rest)
    index = result.column_index(column.name)
    if not dimensions(result) or not all_rows_shown(result) or any(row[index] is None for row in result.rows):
        raise Unbound(f"{handle}.{kind} needs every row to be shown with a known {rest}")
    if len(result.rows) < 2:
        raise Unbound(f"{handle}.{kind} needs two rows or more")
    return Reference(handle, kind, column=column.name)


def _row(handle: str, row: int, rest: str, result: ToolResult) -> Reference:
    if row >= len(result.rows):
        raise Unbound(f"{handle} has no row {row}; its rows are 0 to {len(result.rows) - 1}")
    if rest == "rank":
        if ordering_metric(result) is None or row == result.other_row:
            raise Unbound(f"row {row} of {handle} has no rank")
        return Reference(handle, "rank", row)
    if rest == WHOLE_NAME and _find(result, rest) is None and dimensions(result):
        return Reference(handle, "name", row)
    if _find(result, rest) is None:
        name, change = _without_suffix(result, rest, ".change")
        if change:
            return _change(handle, row, name, result)
        name, superlative = _without_suffix(result, rest, ".superlative")
        if superlative:
            return _superlative(handle, row, name, result)
    column = _column(result, rest)
    if column.kind in NAME_KINDS:
        return Reference(handle, "name", row, column.name)
    if column.kind == "metric":
        return Reference(handle, "cell", row, column.name)
    if column.kind == "quotation":
        return Reference(handle, "quotation", row, column.name)
    if column.kind == "share" and column.metric:
        return Reference(handle, "share", row, column.name)
    if column.kind == "detail":
        raise Unbound(f"{rest} is told by {{{{{handle}.reasons}}}} only")
    raise Unbound(f"{rest} is shown through {{{{{handle}.{row}.{column.metric}.change}}}} only")


def _change(handle: str, row: int, name: str, result: ToolResult) -> Reference:
    column = _metric(result, name)
    if not is_compared(result) or not all(companion(result, column.name, k) for k in ("previous", "change")):
        raise Unbound(f"{handle} has no change of {name}")
    return Reference(handle, "change", row, column.name)


def _superlative(handle: str, row: int, name: str, result: ToolResult) -> Reference:
    column = _metric(result, name)
    known = result.rows[row][result.column_index(name)] is not None
    if row != 0 or result.other_row == 0 or not known or not ordered_by_value(result):
        raise Unbound(f"row {row} of {handle} has no superlative; the first row of an order by value has")
    if ordering_metric(result) != column.name or result.evidence.row_count < 2:
        raise Unbound(f"{handle} is not ordered by {name}, or has nothing to compare it with")
    return Reference(handle, "superlative", row, column.name)


def _metric(result: ToolResult, name: str) -> Column:
    column = _column(result, name)
    if column.kind != "metric":
        raise Unbound(f"{name} is not a metric; the metrics are {', '.join(c.name for c in metrics(result)) or 'none'}")
    return column


def _column(result: ToolResult, name: str) -> Column:
    column = _find(result, name)
    if column is None:
        raise Unbound(f"there is no column {name}; the columns are {', '.join(c.name for c in result.columns)}")
    return column


def _find(result: ToolResult, name: str) -> Column | None:
    return next((column for column in result.columns if column.name == name), None)


def _without_suffix(result: ToolResult, text: str, suffix: str) -> tuple[str, bool]:
    """Take `.change` off, unless the whole text is a column's name (a tag's key may end like that)."""
    if _find(result, text) is None and text.endswith(suffix):
        return text.removesuffix(suffix), True
    return text, False
