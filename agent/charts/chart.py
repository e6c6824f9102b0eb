"""A result becomes a ChartSpec."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from agent.answer.dates import day_text, period_text
from agent.answer.display import unescaped
from agent.answer.facts import companion, granularity_of, is_change, is_compared, metrics
from agent.answer.headline import headline_parts
from agent.charts.fan import bands_of, has_bands
from agent.charts.folding import folded
from agent.charts.kinds import Shape, kind_for
from agent.charts.places import Grid, Layout, grid_of, layout_of, names, time_column
from agent.charts.spec import ChartKind, ChartSpec, NoChart
from agent.charts.waterfall import waterfall
from tools.domain.answer import Answer
from tools.domain.result import Column, ToolResult
from tools.semantic.metric import Metric
from tools.semantic.model import load_model


def chart_of(answer: Answer, kind: ChartKind | None = None) -> ChartSpec:
    """The chart of the first result that has one; without a kind, the one that suits it. Raises NoChart."""
    reasons = []
    for result in answer.results.values():
        try:
            return replace(chart_of_result(result, answer.as_of, kind), source=source_of(answer, result))
        except NoChart as reason:
            reasons.append(reason)
    raise reasons[0] if reasons else NoChart("there is nothing to draw in that answer")


def chart_of_result(result: ToolResult, as_of: date | None, kind: ChartKind | None = None) -> ChartSpec:
    """The chart of one result. Raises NoChart."""
    if is_change(result) and kind in (None, "waterfall"):
        return waterfall(result, as_of)
    metric, unit = _drawn_metric(result)
    if kind == "waterfall":
        raise NoChart("a waterfall shows the reasons of a change; ask why a cost moved, as in `why did spend go up`")
    shape = _shape(result, metric)
    chosen = kind_for(shape, kind)
    layout = layout_of(result, split=chosen == "stacked")
    grid = grid_of(result, metric, layout)
    if chosen == "bar" and is_compared(result):
        grid = _beside_before(result, metric, grid, layout)
    spec = ChartSpec(
        kind=chosen,
        title=unescaped("".join(part.text for part in headline_parts(result, as_of))),
        metric=metric.label,
        unit=unit,
        places=grid.places,
        series=grid.series,
        times=grid.times,
        granularity=granularity_of(result) if layout.over_time else None,
        bands=bands_of(result, grid, layout) if chosen == "fan" else (),
        notes=tuple(_notes(result, metric, grid)),
        caveats=result.evidence.caveats,
    )
    return folded(spec, is_additive=shape.is_additive)


def source_of(answer: Answer, result: ToolResult) -> str:
    """Where the figures of a chart come from, and how they are checked."""
    through = result.evidence.loaded_through
    fresh = f"data through {day_text(through)} · " if through else ""
    return f"{fresh}outlay verify {answer.id}"


def _drawn_metric(result: ToolResult) -> tuple[Column, str]:
    """The first metric, which also ranks the rows, with its unit."""
    if result.no_data is not None or not result.rows:
        raise NoChart("there is no chart, as the answer has no data")
    found = metrics(result)
    if not found:
        raise NoChart("that answer lists names, without numbers to draw; ask for an amount, such as spend by model")
    unit = found[0].unit
    if unit is None:
        raise NoChart(f"the rows of {found[0].label} are in different units, which share no axis; ask for one of them")
    return found[0], unit


def _shape(result: ToolResult, metric: Column) -> Shape:
    time = time_column(result)
    index = result.column_index(time.name) if time else None
    declared: Metric | None = load_model().metrics.get(metric.name)
    return Shape(
        rows=len(result.rows),
        buckets=0 if index is None else len({row[index] for row in result.rows}),
        names=len(names(result)),
        label=metric.label,
        is_additive=declared is not None and declared.additive,
        has_bands=has_bands(result),
    )


def _beside_before(result: ToolResult, metric: Column, grid: Grid, layout: Layout) -> Grid:
    """The period before as bars of its own, beside those of the period asked for."""
    before, evidence = companion(result, metric.name, "previous"), result.evidence
    if before is None or len(grid.series) != 1 or not (evidence.period and evidence.compare_period):
        return grid
    earlier = grid_of(result, before, layout).series[0]
    now = replace(grid.series[0], name=period_text(evidence.period))
    return replace(grid, series=(now, replace(earlier, name=period_text(evidence.compare_period))))


def _notes(result: ToolResult, metric: Column, grid: Grid) -> Iterator[str]:
    others = [column.label for column in metrics(result)[1:]]
    if others:
        yield f"not drawn: {', '.join(others)}"
    if grid.unknown:
        rest = f" and {len(grid.unknown) - 3} more" if len(grid.unknown) > 3 else ""
        yield f"unknown, so not drawn: {metric.label} of {', '.join(grid.unknown[:3])}{rest}"
