"""`outlay verify`: the queries behind an answer, run again on the data that it saw and on today's."""

from collections.abc import Mapping, Sequence

from agent.answer.bindings import cell_of, value_of
from agent.answer.check import check_answer
from agent.answer.compose import WITHOUT_TOOL
from agent.answer.facts import dimensions
from agent.answer.spoken import no_data_result
from agent.answer.verification import verification_lines
from agent.answer.verify_report import Difference, FigureCheck, ResultCheck, VerifyReport
from tools.domain.answer import Answer, Figure
from tools.domain.errors import NoData, OutlayError
from tools.domain.result import ToolResult
from tools.registry import Tool, ToolContext

__all__ = ["VerifyReport", "verification_lines", "verify"]

MOST_DIFFERENCES = 20


def verify(
    answer: Answer, at_generation: ToolContext | None, current: ToolContext, tools: Sequence[Tool]
) -> VerifyReport:
    """Run everything behind `answer` again.

    `at_generation` reads the generation of the answer's evidence, None when it is gone; then nothing can be said to
    hold, and only the drift is reported. Both contexts are as of the answer's day.
    """
    by_name = {tool.name: tool for tool in tools}
    rerun = {h: r for h, r in answer.results.items() if r.tool not in WITHOUT_TOOL}
    then = {handle: _again(result, by_name, at_generation) for handle, result in rerun.items()}
    now = {handle: _again(result, by_name, current) for handle, result in rerun.items()}
    results = tuple(_compared(handle, result, then[handle]) for handle, result in rerun.items())
    figures = tuple(_figure(figure, answer.results, then, now) for figure in answer.figures if figure.result in rerun)
    faults = tuple(str(violation) for violation in check_answer(answer))
    holds = not faults and all(r.holds for r in results) and all(f.holds for f in figures)
    return VerifyReport(
        answer_id=answer.id,
        holds=holds,
        generation=at_generation.store.generation if at_generation else None,
        current_generation=current.store.generation,
        faults=faults,
        results=results,
        figures=figures,
    )


def _again(result: ToolResult, tools: Mapping[str, Tool], context: ToolContext | None) -> ToolResult | str:
    """The result once more, or why there is none."""
    if context is None:
        return "the store has dropped the data that it was read from"
    tool = tools.get(result.tool)
    if tool is None:
        return f"there is no tool {result.tool} any more"
    try:
        return tool.run(context, tool.request.model_validate(result.evidence.arguments))
    except NoData as fault:
        return no_data_result(result.tool, fault, result.evidence.arguments)
    except (OutlayError, ValueError) as fault:
        return str(fault)


def _compared(handle: str, recorded: ToolResult, again: ToolResult | str) -> ResultCheck:
    cells = len(recorded.rows) * len(recorded.columns) + len(recorded.totals)
    if isinstance(again, str):
        return ResultCheck(result=handle, tool=recorded.tool, same_sql=False, cells=0, fault=again)
    return ResultCheck(
        result=handle,
        tool=recorded.tool,
        same_sql=recorded.evidence.sql == again.evidence.sql
        and recorded.evidence.parameters == again.evidence.parameters,
        cells=cells,
        differences=tuple(_differences(recorded, again))[:MOST_DIFFERENCES],
    )


def _differences(recorded: ToolResult, again: ToolResult) -> list[Difference]:
    if recorded.columns != again.columns or len(recorded.rows) != len(again.rows):
        return [Difference(row=-1, column="rows", recorded=_shape(recorded), found=_shape(again))]
    found = [
        Difference(row=index, column=column.name, recorded=value_of(before), found=value_of(after))
        for index, (old, new) in enumerate(zip(recorded.rows, again.rows, strict=True))
        for column, before, after in zip(recorded.columns, old, new, strict=True)
        if before != after
    ]
    for name in sorted({*recorded.totals, *again.totals}):
        before, after = recorded.totals.get(name), again.totals.get(name)
        if before != after:
            found.append(Difference(row=-1, column=name, recorded=value_of(before), found=value_of(after)))
    if recorded.no_data != again.no_data:
        found.append(Difference(row=-1, column="no_data", recorded=str(recorded.no_data), found=str(again.no_data)))
    return found


def _shape(result: ToolResult) -> str:
    return f"{len(result.rows)} rows of {', '.join(column.name for column in result.columns) or 'nothing'}"


def _figure(
    figure: Figure,
    recorded: Mapping[str, ToolResult],
    then: Mapping[str, ToolResult | str],
    now: Mapping[str, ToolResult | str],
) -> FigureCheck:
    result = recorded[figure.result]
    return FigureCheck(
        text=figure.text,
        result=figure.result,
        row=figure.row,
        column=figure.column,
        unit=figure.unit,
        recorded=figure.value,
        again=_found(figure, result, then[figure.result]),
        today=_found(figure, result, now[figure.result]),
    )


def _found(figure: Figure, recorded: ToolResult, again: ToolResult | str) -> str | None:
    """The figure's value in another run: rows are met by their names, as a ranking may have changed."""
    if isinstance(again, str):
        return None
    column = next((c for c in again.columns if c.name == figure.column), None)
    if column is None:
        return _bound_by_name(figure, again)
    if figure.row == -1:
        return value_of(cell_of(again, -1, column)) if column.name in again.totals else None
    row = _row_named(_name(recorded, figure.row), again)
    return None if row is None else value_of(cell_of(again, row, column))


def _bound_by_name(figure: Figure, again: ToolResult) -> str | None:
    if figure.column == "row_count":
        return str(again.evidence.row_count)
    if figure.column == "no_data":
        return again.no_data
    return figure.value


def _name(result: ToolResult, row: int) -> tuple[object, ...]:
    names = [result.rows[row][result.column_index(column.name)] for column in dimensions(result)]
    return (row == result.other_row, *names)


def _row_named(name: tuple[object, ...], result: ToolResult) -> int | None:
    return next((row for row in range(len(result.rows)) if _name(result, row) == name), None)
