"""A verification as people read it."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from agent.answer.display import value_text
from agent.answer.verify_report import FigureCheck, ResultCheck, VerifyReport


def verification_lines(report: VerifyReport) -> tuple[str, ...]:
    """One sentence a line: the verdict, each query, each figure that differs, what has changed since."""
    return tuple(_lines(report))


def _lines(report: VerifyReport) -> Iterator[str]:
    yield _verdict(report)
    yield from (f"the answer was changed after it was written: {fault}" for fault in report.faults)
    for result in report.results:
        yield _result(result)
        yield from (
            f"  {_place(result, difference.row)} {difference.column}: was {difference.recorded}, is {difference.found}"
            for difference in result.differences
        )
    yield from (f"{f.text}: was {f.recorded}, the query gives {f.again or 'nothing'}" for f in _broken(report))
    yield from _drift(report)


def _verdict(report: VerifyReport) -> str:
    if report.holds:
        queries = len(report.results)
        return f"{report.answer_id} holds: {len(report.figures)} figures, {queries} {_queries(queries)} run again"
    if report.generation is None:
        return f"{report.answer_id} can't be proved: the store has dropped the data that it was read from"
    return f"{report.answer_id} does not hold"


def _result(result: ResultCheck) -> str:
    if result.fault:
        return f"{result.result} {result.tool}: not run again; {result.fault}"
    sql = "same SQL" if result.same_sql else "other SQL"
    return (
        f"{result.result} {result.tool}: {sql}, {result.cells - len(result.differences)} of {result.cells} cells alike"
    )


def _place(result: ResultCheck, row: int) -> str:
    return "total" if row == -1 else f"row {row + 1}"


def _broken(report: VerifyReport) -> Iterator[FigureCheck]:
    return (figure for figure in report.figures if report.generation is not None and not figure.holds)


def _drift(report: VerifyReport) -> Iterator[str]:
    drifted = [figure for figure in report.figures if figure.drifted]
    if not drifted:
        yield "today's data gives the same figures"
        return
    yield f"since then {len(drifted)} of {len(report.figures)} figures have changed:"
    for figure in drifted:
        yield f"  {figure.text} would be {_today(figure)} today"


def _today(figure: FigureCheck) -> str:
    if figure.today is None:
        return "absent"
    try:
        return value_text(Decimal(figure.today), figure.unit) if figure.unit else figure.today
    except InvalidOperation:
        return figure.today


def _queries(count: int) -> str:
    return "query" if count == 1 else "queries"
