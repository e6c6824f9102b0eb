"""forecast_costs: what a metric will come to, with its interval, its error and its baseline."""

from decimal import Decimal

from tools.domain.errors import BadRequest
from tools.domain.period import Period
from tools.domain.result import Cell, Evidence, ToolResult
from tools.inform.forecast.changes import check_changes
from tools.inform.forecast.foreseen import too_short
from tools.inform.forecast.freshness import last_whole_day
from tools.inform.forecast.history import read_history
from tools.inform.forecast.horizon import Bucket, asked_period, buckets_before, buckets_of, step_of
from tools.inform.forecast.notes import notes_of
from tools.inform.forecast.projection import Expected, actual_in
from tools.inform.forecast.request import ForecastRequest
from tools.inform.forecast.rounding import quantum_of
from tools.inform.forecast.slices import Slices, foresee_slices
from tools.inform.forecast.table import cells_of, columns_of, row_of
from tools.registry import ToolContext, tool

TOOL = "forecast_costs"


@tool(ForecastRequest)
def forecast_costs(ctx: ToolContext, request: ForecastRequest) -> ToolResult:
    """What a metric is expected to come to: next month, the end of this one, a quarter, up to 18 months ahead.

    Use it for "forecast", "will we spend", "where will November end", "on track", "expected". For what has been spent
    use query_costs. A period that has begun mixes its actuals with the days to come, so the running month is its
    landing; leave the period out for just that. group_by: the parts sum to the whole exactly.
    changes: what the past can't show, such as a launch (per_day, ramp_days) or a commitment that ends.
    Rows are actual, forecast, or both (Basis); totals are of the period. Low80 and High80 hold 80 % of outcomes,
    Low95 and High95 95 %. Baseline is the seasonal-naive forecast. Error and BaselineError are back-tested WAPEs.
    Too short a history gives the seasonal-naive forecast without an interval, or no_data. Prices with a `from` date
    to come in own price lists are taken into account.
    """
    read = read_history(ctx, request)
    if isinstance(read, ToolResult):
        return read.model_copy(update={"tool": TOOL, "evidence": _evidence(ctx, request, read, ())})
    last, late = last_whole_day(read.first, read.whole, ctx.as_of)
    if read.metric.unit is None:
        raise BadRequest(f"{read.metric.label} is in different units here, which one forecast can't add: name one")
    period = asked_period(request, last, ctx.as_of)
    if (short := too_short(read.first, last, period)) is not None:
        evidence = _evidence(ctx, request, read.result, ())
        return ToolResult(tool=TOOL, evidence=evidence, no_data=str(short), no_data_reason=short.reason)
    history = read.through(last)
    check_changes(request.changes, last)
    slices = foresee_slices(ctx, request, history, period)
    resolved = request.model_copy(update={"period": period, "granularity": step_of(request, period)})
    return _result(ctx, resolved, slices, notes_of(slices, period, late))


def _result(ctx: ToolContext, request: ForecastRequest, slices: Slices, caveats: tuple[str, ...]) -> ToolResult:
    history, period = slices.history, request.period or Period.day_of(ctx.as_of)
    step = step_of(request, period)
    quantum = quantum_of(slices.whole.to_come(period), is_count=history.metric.unit in ("tokens", "requests"))
    buckets = buckets_of(period, step)
    rows: list[tuple[Cell, ...]] = []
    if not history.dimensions and history.is_additive:
        rows += [_row_before(slices, one, quantum) for one in buckets_before(period, step, history.first)]
    for bucket in buckets:
        rows += [
            row_of(names, bucket, expected, is_past=bucket.days.last_day <= history.last)
            for names, expected in slices.of_bucket(bucket, quantum)
        ]
    columns = columns_of(history.dimensions, history.metric, step)
    if request.group_by:
        rows.sort(key=lambda row: str(row[len(history.dimensions)]))
    totals = cells_of(slices.of_period(buckets, period, quantum))
    names = [column.name for column in columns[len(history.dimensions) + 2 :]]
    return ToolResult(
        tool=TOOL,
        columns=columns,
        rows=tuple(rows),
        totals=dict(zip(names, totals, strict=True)),
        evidence=_evidence(ctx, request, history.result, caveats, len(rows)),
    )


def _row_before(slices: Slices, bucket: Bucket, quantum: Decimal) -> tuple[Cell, ...]:
    """A bucket of context: actual, or for the running one what it comes to."""
    history, days = slices.history, bucket.days
    if days.last_day > history.last:
        ((names, expected),) = slices.of_bucket(bucket, quantum)
        return row_of(names, bucket, expected, is_past=False)
    actual = actual_in(history.first, history.whole, days) or Decimal(0)
    return row_of((), bucket, Expected(actual, actual, None, {}, None, None), is_past=True)


def _evidence(
    ctx: ToolContext, request: ForecastRequest, read: ToolResult, caveats: tuple[str, ...], rows: int = 0
) -> Evidence:
    """The query of the daily past, from which the rest follows."""
    return Evidence(
        sql=read.evidence.sql,
        parameters=read.evidence.parameters,
        arguments=request.model_dump(mode="json"),
        period=request.period,
        generation=ctx.store.generation,
        row_count=rows,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=caveats,
    )
