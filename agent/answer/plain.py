"""The draft that needs no model: it answers first, then lists, and is checked like any other."""

import re
from collections.abc import Iterator, Mapping, Sequence

from agent.answer.allocation_words import TOOL as ALLOCATE
from agent.answer.allocation_words import allocation_block
from agent.answer.facts import (
    all_rows_shown,
    companion,
    dimensions,
    is_change,
    is_compared,
    is_forecast,
    named_rows,
    ordered_by_value,
    ordering_metric,
    query_of,
    quotations,
)
from agent.answer.grammar import WHOLE_NAME
from agent.answer.told import is_wider_than_told, said
from tools.domain.result import Column, ToolResult

LONGEST_LIST = 10
"""More rows than these stand in the table only."""
HEAD_OF_LIST = 5
"""Of a longer ranking the text lists these; of a listing twice as many."""
WIDEST_LIST = 3
"""More figures a row than these stand in the table only."""

TOTALS = {
    "find_unowned": ("UnownedCost",),
    "find_savings": ("MonthlySaving", "WeighedSaving"),
    "health_check": ("Score",),
    "propose_remediation": ("MonthlySaving",),
    "realised_savings": ("Realised", "RealisedLow", "RealisedHigh", "Estimated", "DriftedBack"),
}
"""Tools of whose rows the text tells nothing but totals: what there is to say of each takes a table."""

_SAFE_NAME = re.compile(r"[^{}\n]+")


def plain_draft(results: Mapping[str, ToolResult]) -> str:
    """One block for each result, in order."""
    return "\n\n".join(_block(handle, result) for handle, result in results.items())


def bare_draft(results: Mapping[str, ToolResult]) -> str:
    """What each result is about, and nothing of its rows: they stand in the tables."""
    return "\n\n".join(
        _at(handle, "message") if result.no_data is not None else f"{_at(handle, 'headline')}."
        for handle, result in results.items()
    )


def listed(result: ToolResult) -> bool:
    """Whether the plain draft spells out every row, so that the table adds nothing."""
    if is_forecast(result):
        return len(result.rows) <= 1
    if not dimensions(result):
        return True
    if is_wider_than_told(result) or result.tool in TOTALS:
        return False
    names_are_safe = all(_SAFE_NAME.fullmatch(column.name) for column in result.columns)
    return len(named_rows(result)) <= LONGEST_LIST and len(_said(result)) <= WIDEST_LIST and names_are_safe


def _listed_rows(result: ToolResult) -> int:
    """How many rows the text lists: all of a short table, the first few of a ranking or of names."""
    if listed(result) or (is_wider_than_told(result) and len(result.rows) <= LONGEST_LIST):
        return len(result.rows)
    is_listing = query_of(result) is None or not _said(result)
    is_narrow = len(_said(result)) <= WIDEST_LIST and all(_SAFE_NAME.fullmatch(c.name) for c in result.columns)
    head = 2 * HEAD_OF_LIST if is_listing else HEAD_OF_LIST
    return min(head, len(result.rows)) if (is_listing or ordering_metric(result)) and is_narrow else 0


def _block(handle: str, result: ToolResult) -> str:
    if result.no_data is not None:
        return _at(handle, "message")
    if is_change(result):
        return _at(handle, "reasons")
    if not result.rows:
        count = f": {_at(handle, 'row_count')}" if dimensions(result) else ""
        return f"{_at(handle, 'headline')}{count}."
    if result.tool == ALLOCATE:
        return allocation_block(handle, result)
    if result.tool in TOTALS:
        return _total_block(handle, result, TOTALS[result.tool])
    if quotations(result):
        return _quoted(handle, result)
    if is_forecast(result):
        return f"{_at(handle, 'headline')}. {_at(handle, 'expected')}. {_at(handle, 'tested')}."
    if not dimensions(result):
        return _single(handle, result)
    parts = [_opening(handle, result)]
    shown = range(_listed_rows(result))
    if shown:
        parts.append("\n".join(_item(handle, result, row) for row in shown))
    closing = list(_closing(handle, result))
    if not listed(result) and len(shown) < len(result.rows):
        closing.append("The table lists the rows.")
    return "\n\n".join([*parts, *([" ".join(closing)] if closing else [])])


def _total_block(handle: str, result: ToolResult, totals: Sequence[str]) -> str:
    """Headline and totals."""
    known = [one for one in totals if result.totals.get(one) is not None]
    said = [f" {_at(handle, 'label', one)}: {_at(handle, 'total', one)}." for one in known]
    return f"{_at(handle, 'headline')}.{''.join(said)}"


def _quoted(handle: str, result: ToolResult) -> str:
    """Each passage after its file and heading."""
    passage = quotations(result)[0].name
    lines = [f"{_names(handle, result, row)}: {_at(handle, str(row), passage)}" for row in range(len(result.rows))]
    return "\n".join([f"{_at(handle, 'headline')}:\n", *lines])


def _single(handle: str, result: ToolResult) -> str:
    """`Effective cost, October 2026: $1,234.50.`"""
    said = _said(result)
    if len(said) == 1:
        return f"{_at(handle, 'headline')}: {_say(handle, result, 0, said[0])}."
    lines = [f"- {_at(handle, 'label', c.name)}: {_say(handle, result, 0, c)}" for c in said]
    return f"{_at(handle, 'headline')}:\n\n" + "\n".join(lines)


def _opening(handle: str, result: ToolResult) -> str:
    """The headline; with a comparison or over time, the total at once."""
    headline, said = _at(handle, "headline"), _said(result)
    if len(said) == 1 and is_compared(result) and _has_total_change(result, said[0]):
        return f"{headline}. {_at(handle, 'label', said[0].name)} {_at(handle, 'total', said[0].name, 'change')}."
    if len(said) == 1 and _over_time(result) and _has_total(result, said[0]):
        return f"{headline}: {_at(handle, 'total', said[0].name)}."
    return f"{headline}:" if _listed_rows(result) else f"{headline}."


def _item(handle: str, result: ToolResult, row: int) -> str:
    names = _names(handle, result, row)
    said = _said(result)
    start = f"{_at(handle, str(row), 'rank')} " if row in named_rows(result) and _ranked(result) else "- "
    if not said:
        return f"{start}{names}"
    if len(said) == 1:
        return f"{start}{names}: {_say(handle, result, row, said[0])}"
    figures = ", ".join(f"{_at(handle, 'label', c.name)}: {_say(handle, result, row, c)}" for c in said)
    return f"{start}{names}, {figures}"


def _names(handle: str, result: ToolResult, row: int) -> str:
    """What names a row: its dimensions, or for a listing what there is of them."""
    if query_of(result) is None:
        return _at(handle, str(row), WHOLE_NAME)
    return ", ".join(_at(handle, str(row), column.name) for column in dimensions(result))


def _say(handle: str, result: ToolResult, row: int, column: Column) -> str:
    """A metric of a row: its change when compared, with its share when there is one."""
    if is_compared(result) and companion(result, column.name, "change"):
        return _at(handle, str(row), column.name, "change")
    share = companion(result, column.name, "share")
    cell = _at(handle, str(row), column.name)
    return f"{cell}, {_at(handle, str(row), share.name)}" if share else cell


def _is_counted(result: ToolResult) -> bool:
    """Whether the count is worth a sentence: "how many teams" asks for it, and a headline with a limit has it.

    Rows without a name are no team: where there are some, the number of rows is not the number of teams.
    """
    query, names = query_of(result), dimensions(result)
    if query is None:
        return not listed(result) and len(names) == 1 and len(result.rows) > 1
    if query.limit is not None or _over_time(result) or len(named_rows(result)) < 2:
        return False
    positions = [result.column_index(column.name) for column in names]
    return all(row[position] is not None for row in result.rows for position in positions)


def _closing(handle: str, result: ToolResult) -> Iterator[str]:
    """How many there are, the highest and lowest of a series, the total."""
    query, said = query_of(result), _said(result)
    if _is_counted(result):
        yield f"There are {_at(handle, 'row_count')}."
    if query and query.limit is not None and result.evidence.row_count < query.limit and query.threshold is None:
        yield f"{_at(handle, 'limit_note')}."
    if len(said) != 1:
        for column in said:
            if _has_total(result, column) and len(result.rows) > 1 and not is_compared(result):
                yield f"{_at(handle, 'label', column.name)}: {_at(handle, 'total', column.name)}."
        return
    metric = said[0]
    if _over_time(result) and len(result.rows) > 2 and _has_extremes(result, metric):
        yield f"{_at(handle, 'highest', metric.name)}; {_at(handle, 'lowest', metric.name)}."
    already = _over_time(result) or is_compared(result)
    if not already and len(result.rows) > 1 and _has_total(result, metric):
        yield f"{_at(handle, 'label', metric.name)}: {_at(handle, 'total', metric.name)}."


def _ranked(result: ToolResult) -> bool:
    query = query_of(result)
    return bool(query and ordered_by_value(result) and not is_compared(result))


def _over_time(result: ToolResult) -> bool:
    """Whether it is a whole series, so that its total can stand beside its headline."""
    columns = dimensions(result)
    return len(columns) == 1 and columns[0].kind == "time" and all_rows_shown(result)


def _has_total_change(result: ToolResult, metric: Column) -> bool:
    companions = (companion(result, metric.name, "previous"), companion(result, metric.name, "change"))
    return _has_total(result, metric) and all(c and c.name in result.totals for c in companions)


def _has_total(result: ToolResult, metric: Column) -> bool:
    """Whether there is a total of what is listed; a threshold leaves groups out that the total holds."""
    query = query_of(result)
    return result.totals.get(metric.name) is not None and not (query and query.threshold)


def _has_extremes(result: ToolResult, metric: Column) -> bool:
    index = result.column_index(metric.name)
    return all_rows_shown(result) and all(row[index] is not None for row in result.rows)


def _said(result: ToolResult) -> tuple[Column, ...]:
    return said(result)


def _at(handle: str, *path: str) -> str:
    return f"{{{{{handle}.{'.'.join(path)}}}}}"
