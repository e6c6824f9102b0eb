"""Cost per unit of business, average and marginal.

Average: cost over units, of the days for which both are known. Marginal: the change in cost over the change in units
against the span before; None when units did not rise and fall with cost, as it then says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import Period, first_of_next_month, shift_months
from tools.domain.result import Column
from tools.domain.scope import Filter
from tools.inform.economics.business import Series, all_series, is_benefit, series_named
from tools.inform.economics.costs import EFFECTIVE, MODEL_USAGE, REQUESTS, Daily, daily
from tools.inform.economics.table import Table, amount, cell, name, time
from tools.registry import ToolContext
from tools.semantic.numbers import difference, over
from tools.semantic.spans import previous_period

MODEL_REQUESTS = ("request", "requests", "call", "calls", "api call", "api calls")
"""Units that the charges themselves count."""


@dataclass(frozen=True)
class Unit:
    """Costs and units of one span."""

    cost: Decimal | None
    units: Decimal | None

    @property
    def unit_cost(self) -> Decimal | None:
        return over(self.cost, self.units)

    def marginal(self, before: "Unit") -> Decimal | None:
        """Δcost / Δunits; None where more units came with less cost, or fewer with more."""
        cost, units = difference(self.cost, before.cost), difference(self.units, before.units)
        return over(cost, units) if cost is not None and units and cost * units >= 0 else None


def unit_costs(
    ctx: ToolContext, per: str | None, filters: Sequence[Filter], period: Period, granularity: str | None
) -> Table:
    """One row per metric and bucket. Raises NoData when a metric or the cost is not there."""
    before = previous_period(period, ctx.as_of)
    buckets = _buckets(period, granularity)
    if per is not None and per.lower() in MODEL_REQUESTS:
        return _per_request(ctx, filters, period, buckets, before, granularity)
    found = [series_named(ctx, per, filters)] if per else _divisors(ctx, filters)
    whole = Period(start=min(before.start, buckets[0].start), end=period.end)
    (costs,) = daily(ctx, [EFFECTIVE], filters, whole)
    rows, caveats = [], [f"{one.name} is the mean of its days, as it is a level" for one in found if one.is_level]
    caveats += _caveats(ctx, found, filters, period)
    for series in found:
        spans = _with_before(ctx, buckets, before, granularity)
        units = [_unit(ctx, series, costs, span) for span in spans]
        if all(one.units is None for one in units[1:]):
            if per:
                raise NoData(
                    f"{series.name} has no value in {period.start} to {period.last_day}; it is loaded from "
                    f"{series.covered.start} to {series.covered.last_day}", "not_loaded",
                )  # fmt: skip
            continue
        for span, now, earlier in zip(buckets, units[1:], units, strict=False):
            lead = [*([] if per else [series.noun]), *([span.start.isoformat()] if granularity else [])]
            rows.append((*lead, *_figures(now, earlier)))
    if any(row[-1] is None for row in rows):
        caveats.append("no marginal cost where cost and units did not move the same way, or no span before is loaded")
    columns = _columns(found[0] if per else None, costs.unit, granularity)
    compared = f"marginal: what each further unit cost, against {before.start} to {before.last_day}"
    return Table(columns, tuple(rows), period, (costs.result,), (*caveats, *(() if granularity else (compared,))))


def _per_request(
    ctx: ToolContext,
    filters: Sequence[Filter],
    period: Period,
    buckets: Sequence[Period],
    before: Period,
    granularity: str | None,
) -> Table:
    whole = Period(start=before.start, end=period.end)
    costs, requests = daily(ctx, [MODEL_USAGE, REQUESTS], filters, whole)
    spans = _with_before(ctx, buckets, before, granularity)
    units = [Unit(costs.amount(span), requests.amount(span)) for span in spans]
    series = Series("requests", {}, None, is_monthly=False, is_level=False)
    rows = tuple(
        (*([span.start.isoformat()] if granularity else []), *_figures(now, earlier))
        for span, now, earlier in zip(buckets, units[1:], units, strict=False)
    )
    compared = f"marginal: what each further request cost, against {before.start} to {before.last_day}"
    caveats = () if granularity else (compared,)
    return Table(_columns(series, costs.unit, granularity), rows, period, (costs.result,), caveats)


def _with_before(ctx: ToolContext, buckets: Sequence[Period], before: Period, granularity: str | None) -> list[Period]:
    """The spans, and before them the one that the first is held against, cut to as many loaded days."""
    if granularity is not None:
        return [_bucket_before(buckets[0], granularity), *buckets]
    (span,), through = buckets, ctx.store.loaded_through
    if through is None or not span.contains(through) or span.last_day == through:
        return [before, span]
    end = min(before.end, before.start + timedelta(days=(through - span.start).days + 1))
    return [Period(start=before.start, end=end), span]


def _unit(ctx: ToolContext, series: Series, costs: Daily, span: Period) -> Unit:
    """Cost and units over the days that both are loaded for."""
    first, through = ctx.store.loaded_from, ctx.store.loaded_through
    if first is None or through is None:
        return Unit(None, None)
    loaded = Period(start=first, end=through + timedelta(days=1)).overlap(span)
    both = series.clipped(loaded) if loaded else None
    return Unit(None, None) if both is None else Unit(costs.amount(both), series.amount(both))


def _figures(now: Unit, before: Unit) -> tuple[Decimal | None, ...]:
    return tuple(cell(value) for value in (now.cost, now.units, now.unit_cost, before.unit_cost, now.marginal(before)))


def _columns(series: Series | None, currency: str | None, granularity: str | None) -> tuple[Column, ...]:
    noun = series.noun if series else "unit"
    plural = series.name.replace("_", " ") if series else "units"
    rate = f"{currency}/{noun}" if currency else None
    return (
        *(() if series else (name("Unit", "unit", "units"),)),
        *((time(granularity),) if granularity else ()),
        amount(EFFECTIVE, "cost", currency),
        amount("Units", "units", plural if series else None),
        amount("UnitCost", f"cost per {noun}", rate),
        amount("UnitCostBefore", f"cost per {noun} before", rate),
        amount("MarginalCost", f"marginal cost per {noun}", rate),
    )


def _divisors(ctx: ToolContext, filters: Sequence[Filter]) -> list[Series]:
    found = [one for one in all_series(ctx, filters) if not is_benefit(one.name)]
    if not found:
        hint = "load some: outlay ingest metrics FILE (date, metric, value, and any dimension)"
        raise NoData(f"no business metric is loaded to divide the cost by; {hint}", "not_loaded")
    return found


def _caveats(ctx: ToolContext, found: Sequence[Series], filters: Sequence[Filter], period: Period) -> list[str]:
    caveats = []
    for one in found:
        if one.is_shared:
            asked = " and ".join(filter_.dimension.removeprefix("x_").lower() for filter_ in filters)
            caveats.append(f"{one.name} is not loaded by {asked}: the cost is divided by all of it")
        if (both := one.clipped(period)) is not None and (missing := one.missing_days(both)):
            caveats.append(f"{one.name} has no value on {missing} of these days")
        if both is not None and both != period and both.end < min(period.end, ctx.as_of):
            caveats.append(f"{one.name} is loaded through {both.last_day}; cost of later days is left out")
    return caveats


def _buckets(period: Period, granularity: str | None) -> list[Period]:
    if granularity is None:
        return [period]
    found, start = [], _bucket_start(period.start, granularity)
    while start < period.end:
        end = _bucket_end(start, granularity)
        if (part := Period(start=start, end=end).overlap(period)) is not None:
            found.append(part)
        start = end
    return found


def _bucket_start(day: date, granularity: str) -> date:
    match granularity:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case _:
            return day


def _bucket_end(start: date, granularity: str) -> date:
    match granularity:
        case "week":
            return start + timedelta(days=7)
        case "month":
            return first_of_next_month(start)
        case "quarter":
            return shift_months(start, 3)
        case "year":
            return date(start.year + 1, 1, 1)
        case _:
            return start + timedelta(days=1)


def _bucket_before(first: Period, granularity: str) -> Period:
    end = _bucket_start(first.start, granularity)
    return Period(start=_bucket_start(end - timedelta(days=1), granularity), end=end)
