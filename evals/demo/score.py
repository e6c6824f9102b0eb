"""Scoring: is an answer exact by value, currency, period, names and order?"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from evals.demo.truth import LAST_DAY, Expected, Row, Truth
from evals.report import Outcome
from tools.domain.answer import Answer
from tools.domain.result import Cell, ToolResult

RATIO_TOLERANCE = Decimal("1e-9")
NO_ANSWER = ("no_data", "clarify", "not_understood", "refused", "failed")
Names = tuple[str, ...]
Line = tuple[Names, Cell, Cell, Cell]
"""Names, value, previous value, share."""


def score(case: Expected, truth: Truth | None, answer: Answer) -> tuple[Outcome, str]:
    """The outcome, and what came, in a few words."""
    if case.status != "answered":
        allowed = {"no_data": ("no_data",), "clarify": ("clarify",)}.get(case.status, NO_ANSWER)
        if answer.status in allowed:
            return "exact", answer.status
        return ("wrong" if answer.status == "answered" else "refused"), f"{answer.status}: {answer.text[:160]}"
    if answer.status != "answered":
        if case.may_decline and answer.status in NO_ANSWER:
            return "exact", answer.status
        return "refused", f"{answer.status}: {answer.text[:160]}"
    if truth and truth.spec.count:
        return _score_count(truth, answer)
    faults = _faults_of_truth(truth, answer) if truth else []
    faults += [f"{figure} is not stated" for figure in case.contains if not _holds(answer, Decimal(figure))]
    faults += [f"{word!r} is not said" for word in case.says if word.lower() not in _everything(answer)]
    return ("wrong", "; ".join(faults)[:300]) if faults else ("exact", "")


def _faults_of_truth(truth: Truth, answer: Answer) -> list[str]:
    """Nothing when one of the answer's results is exact, else what is wrong with the nearest one."""
    every = [_faults(truth, result) for result in answer.results.values() if result.columns]
    return min(every, key=len) if every else [f"no table: {answer.text[:120]}"]


def _score_count(truth: Truth, answer: Answer) -> tuple[Outcome, str]:
    """A number of things has to be said; a right list without its number leaves the counting to the reader."""
    counted = [Decimal(one.value) for one in answer.figures if one.column == "row_count" and _is_number(one.value)]
    if len(truth.rows) in counted:
        return "exact", ""
    listed = any(_groups_named(result) == len(truth.rows) for result in answer.results.values())
    return ("refused" if listed else "wrong"), f"{len(truth.rows)} is not stated: {answer.text[:120]}"


def _groups_named(result: ToolResult) -> int:
    rows = [cells for number, cells in enumerate(result.rows) if number != result.other_row]
    return sum(1 for cells in rows if cells and cells[0] is not None)


def _faults(truth: Truth, result: ToolResult) -> list[str]:
    faults = _period_faults(truth, result)
    metrics = [column for column in result.columns if column.kind == "metric"]
    if not metrics:
        return [*faults, "no metric"]
    expected, found = _expected(truth), _found(truth, result, metrics[0].name)
    unit = metrics[0].unit or ""
    if not unit.startswith(truth.unit):
        faults.append(f"unit {unit} for {truth.unit}")
    if not truth.spec.by:
        grouped = len(found) != 1 and any(column.kind == "dimension" for column in result.columns)
        whole: Line = ((), result.totals.get(metrics[0].name), None, None)
        return faults + _line_faults(truth, expected[0], whole if grouped or not found else found[0])
    want, got = [line[0] for line in expected], [line[0] for line in found]
    if set(want) != set(got):
        missing, extra = [n for n in want if n not in got], [n for n in got if n not in want]
        return [*faults, f"rows missing {missing[:4]}, not asked for {extra[:4]}"]
    if truth.ordered and want != got:
        faults.append(f"order {got[:6]} for {want[:6]}")
    by_name = {line[0]: line for line in found}
    return faults + [fault for line in expected for fault in _line_faults(truth, line, by_name[line[0]])]


def _period_faults(truth: Truth, result: ToolResult) -> list[str]:
    period = result.evidence.period
    if period is None:
        return ["no period"]
    end = min(period.end, LAST_DAY + timedelta(days=1))
    if (period.start, end) == (truth.start, truth.end):
        return []
    return [f"period {_span(period.start, end)} for {_span(truth.start, truth.end)}"]


def _span(start: date, end: date) -> str:
    return f"{start}..{end}"


def _expected(truth: Truth) -> list[Line]:
    rows = [row for row in truth.rows if not truth.spec.by or row.value or row.before]
    return [line for row in rows if not _is_left_out((line := _line(row))[0], truth)]


def _line(row: Row) -> Line:
    return _names(row.names), row.value, row.before, row.share


def _found(truth: Truth, result: ToolResult, metric: str) -> list[Line]:
    dims = [i for i, column in enumerate(result.columns) if column.kind in ("dimension", "time")]
    dims = [i for i in dims if not _says_the_filter(truth, result, i, len(dims))]
    value = result.column_index(metric)
    kinds = {column.kind: i for i, column in reversed(list(enumerate(result.columns))) if column.metric == metric}
    before, share = kinds.get("previous"), kinds.get("share")
    lines = []
    for number, cells in enumerate(result.rows):
        if number == result.other_row:
            continue
        names = _names([None if cells[i] is None else str(cells[i]) for i in dims])
        line = (names, cells[value], cells[before] if before is not None else None,
                cells[share] if share is not None else None)  # fmt: skip
        if truth.spec.by and (_is_left_out(names, truth) or not (line[1] or line[2])):
            continue
        lines.append(line)
    return lines


def _says_the_filter(truth: Truth, result: ToolResult, index: int, dims: int) -> bool:
    """Whether a column more than asked for only repeats the one value that the rows are narrowed to."""
    only = [values[0] for values in truth.spec.where.values() if len(values) == 1]
    told = {cells[index] for cells in result.rows}
    return dims > len(truth.spec.by) and len(told) == 1 and told <= set(only)


def _names(names: Sequence[str | None]) -> Names:
    return tuple(sorted(name if name is not None else "(not set)" for name in names))


def _is_left_out(names: Names, truth: Truth) -> bool:
    """A rank, a threshold or a mover is about things with a name."""
    return truth.ordered and "(not set)" in names


def _line_faults(truth: Truth, want: Line, got: Line) -> list[str]:
    faults = [] if _same(want[1], got[1], truth.ratio) else [f"{want[0]}: {got[1]} for {want[1]}"]
    if truth.spec.against and not _same(want[2], got[2], truth.ratio):
        faults.append(f"{want[0]} before: {got[2]} for {want[2]}")
    if truth.spec.share and not _same(want[3], got[3], True):
        faults.append(f"{want[0]} share: {got[3]} for {want[3]}")
    return faults


def _same(want: Cell, got: Cell, ratio: bool) -> bool:
    """Sums are equal to the last digit, ratios to one part in a billion; nothing and zero are the same sum."""
    wanted, given = Decimal(want or 0), Decimal(got or 0) if _is_number(str(got or 0)) else None
    if given is None:
        return False
    return abs(wanted - given) <= abs(wanted) * RATIO_TOLERANCE if ratio else wanted == given


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).replace("E", "").replace("+", "").isdigit()


def _holds(answer: Answer, figure: Decimal) -> bool:
    cells = [cell for result in answer.results.values() for row in result.rows for cell in row]
    figures = [Decimal(one.value) for one in answer.figures if _is_number(one.value)]
    return figure in figures or any(isinstance(cell, Decimal) and cell == figure for cell in cells)


def _everything(answer: Answer) -> str:
    cells = [str(cell) for result in answer.results.values() for row in result.rows for cell in row]
    return " ".join([answer.text, str(answer.loaded_through), *cells]).lower()


def expectation(case: Expected, truth: Truth | None) -> str:
    """What is expected, in a few words."""
    if truth is None:
        return " ".join([case.status, *case.contains, *case.says])
    return f"{truth.start}..{truth.end} " + ", ".join(_say(row) for row in truth.rows[:3])


def _say(row: Row) -> str:
    return f"{'/'.join(name or '(not set)' for name in row.names)} {row.value}".strip()
