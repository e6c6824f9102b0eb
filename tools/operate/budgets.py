"""budget_status: how budgets stand, where they will end, and when they are used up."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.records import Budget
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.domain.scope import Filter
from tools.inform.forecast.daily import LEAST_DAYS
from tools.inform.forecast.history import MOST_DAYS
from tools.operate.budget_state import BudgetState, Known, state_of
from tools.operate.projected_end import projected_ends
from tools.operate.spent import Reading, read_spent
from tools.registry import ToolContext, tool
from tools.semantic.numbers import over, plain

TOOL = "budget_status"
OVER = ("over budget", "heading over")
WORST_FIRST = ("over budget", "heading over", "at risk", "unknown", "on track", "within budget", "not begun")
Which = Literal["all", "over", "under"]


class BudgetRequest(BaseModel):
    """Which budgets, and what to warn of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Period | None = Field(default=None, description="budgets that overlap it; none: those in force today")
    filters: tuple[Filter, ...] = Field(default=(), description="only budgets whose slice has these values")
    of: str | None = Field(default=None, description="only budgets for a value of this dimension, such as x_Team")
    which: Which = Field(default="all", description="over: only those over budget or heading there; under: the others")
    thresholds: tuple[Decimal, ...] = Field(
        default=(Decimal("0.5"), Decimal("0.8"), Decimal(1)), description="soft thresholds, fractions of the amount"
    )


@tool(BudgetRequest)
def budget_status(ctx: ToolContext, request: BudgetRequest) -> ToolResult:
    """How budgets stand: spent, remaining, burn rate, projected end with 80 % interval, the day they are used up.

    Use it for every question about a budget: within or over budget, how much is left, when it runs out, variance.
    Spend without a budget is query_costs. Budgets come from `outlay ingest budgets`; each has a slice (a team, a
    project, everything), a span and an owner.

    filters: x_Team in [docflow] gives budgets of that slice only. of: x_Team gives the teams' budgets, not the
    company's. which: over gives those that are over or heading there. thresholds: which soft limit has been passed.
    Status: over budget, heading over (by the projection), at risk (the interval reaches over it), on track;
    within budget for spans that are over. The projected end is what forecast_costs tells of the same slice and days.
    Budgets overlap (teams inside a company), so they have no total.
    """
    try:
        budgets = _chosen(ctx, request)
    except NoData as nothing:
        return _nothing(ctx, request, nothing)
    known = _known(ctx)
    reading = read_spent(ctx, budgets, _days_to_read(ctx, budgets, known))
    running = [(one, spent) for one, spent in zip(budgets, reading.spent, strict=True) if known.is_running(one)]
    ends = projected_ends(ctx, running)
    states = [
        state_of(one, spent, known, request.thresholds, ends[one].landing if one in ends else None)
        for one, spent in zip(budgets, reading.spent, strict=True)
    ]
    shown = [one for one in states if _is_wanted(one, request.which)]
    if not shown:
        what = "over budget or heading there" if request.which == "over" else "within its budget"
        return _nothing(ctx, request, NoData(f"none of {len(states)} budgets is {what}", "absent"), budgets, reading)
    late = tuple(dict.fromkeys(end.late for end in ends.values() if end.late))
    return _result(ctx, request, _ordered(shown), reading, late)


def _known(ctx: ToolContext) -> Known:
    if ctx.store.loaded_through is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    return Known(min(ctx.store.loaded_through, ctx.as_of), min(ctx.store.loaded_through, ctx.as_of - timedelta(days=1)))


def _days_to_read(ctx: ToolContext, budgets: Sequence[Budget], known: Known) -> Period:
    """From the first day that a forecast looks at, or that a budget begins on, through the last that can count."""
    past = known.through - timedelta(days=MOST_DAYS - 1)
    history = max(past, ctx.store.loaded_from) if ctx.store.loaded_from else past
    first = min(history, *(one.start for one in budgets), known.through)
    return Period(start=first, end=min(max(one.end for one in budgets), known.through + timedelta(days=1)))


def _chosen(ctx: ToolContext, request: BudgetRequest) -> list[Budget]:
    """The budgets that are asked about. Raises NoData, saying which there are."""
    every = ctx.store.records("budgets")
    if not every:
        hint = "load them: outlay ingest budgets FILE (name, start, end, amount, currency, and a dimension)"
        raise NoData(f"no budget is loaded; {hint}", "not_loaded")
    _known(ctx)
    sliced = [one for one in every if _in_slice(one, request)]
    if not sliced:
        asked = " and ".join(f"{one.dimension} {' or '.join(one.values)}" for one in request.filters) or request.of
        there = sorted({" ".join(one.slice.values()) or "everything" for one in every})
        raise NoData(f"no budget is for {asked}; there are budgets for {', '.join(there[:12])}", "absent")
    period = request.period or Period.day_of(ctx.as_of)
    found = [one for one in sliced if one.start < period.end and period.start < one.end]
    if not found:
        first, last = min(one.start for one in sliced), max(one.end for one in sliced) - timedelta(days=1)
        days = f"{period.start} to {period.last_day}" if period.days > 1 else f"{period.start}"
        raise NoData(f"no budget covers {days}; such budgets run from {first} to {last}", "absent")
    return found


def _in_slice(budget: Budget, request: BudgetRequest) -> bool:
    if request.of is not None and request.of not in budget.slice:
        return False
    return all(
        (budget.slice.get(one.dimension) or "").lower() in {value.lower() for value in one.values}
        for one in request.filters
        if one.operator == "in"
    )


def _is_wanted(state: BudgetState, which: Which) -> bool:
    return which == "all" or (state.status in OVER) == (which == "over")


def _ordered(states: Sequence[BudgetState]) -> list[BudgetState]:
    """By span, what covers everything first, then the worst, then the largest."""
    return sorted(
        states,
        key=lambda one: (
            one.budget.start,
            bool(one.budget.slice),
            WORST_FIRST.index(one.status),
            -one.budget.amount,
            one.budget.name,
        ),
    )


def _columns(currency: str | None) -> tuple[Column, ...]:
    def money(key: str, label: str, unit: str | None = currency) -> Column:
        return Column(name=key, kind="metric", label=label, unit=unit, metric=key)

    def name(key: str, label: str, plural: str = "") -> Column:
        return Column(name=key, kind="dimension", label=label, plural=plural)

    return (
        name("Budget", "budget", "budgets"), name("Status", "status"), name("Owner", "owner", "owners"),
        money("Amount", "budget"), money("Spent", "spent"), money("Projected", "projected end"),
        money("Remaining", "remaining"), money("UsedShare", "used", "ratio"),
        money("BurnRate", "burn rate per day"),
        money("ProjectedLow", "projected end at least"), money("ProjectedHigh", "projected end at most"),
        money("Variance", "variance", "ratio"), money("Production", "production"), money("Experiment", "experiment"),
        name("ExhaustedOn", "used up on"),
        money("Threshold", "threshold passed", "ratio"), name("ThresholdOn", "passed on"),
        name("From", "first day"), name("Through", "last day"), name("Currency", "currency"),
    )  # fmt: skip


def _row(state: BudgetState) -> tuple[Cell, ...]:
    budget, end = state.budget, state.projection
    numbers = (
        budget.amount, state.spent, end.mean if end else None, state.remaining,
        over(state.spent, budget.amount), state.burn_rate, end.low if end else None, end.high if end else None,
        state.variance, state.production, state.experiment,
    )  # fmt: skip
    days = (budget.start, budget.end - timedelta(days=1))
    return (
        *(budget.name, state.status, budget.owner),
        *(None if number is None else plain(_stored(number)) for number in numbers),
        *(_iso(state.exhausted_on), state.threshold, _iso(state.threshold_on)),
        *map(_iso, days),
        budget.currency,
    )


def _stored(value: Decimal) -> Decimal:
    """A projection is no exact amount: digits beyond the store's scale say nothing."""
    return value if -int(value.as_tuple().exponent) <= 24 else value.quantize(Decimal(1).scaleb(-24))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _result(
    ctx: ToolContext, request: BudgetRequest, states: Sequence[BudgetState], reading: Reading, late: tuple[str, ...]
) -> ToolResult:
    currencies = {one.budget.currency for one in states}
    evidence = _evidence(ctx, request, [one.budget for one in states], reading)
    caveats = (*late, *_caveats(states, reading), *evidence.caveats)
    return ToolResult(
        tool=TOOL,
        columns=_columns(currencies.pop() if len(currencies) == 1 else None),
        rows=tuple(_row(one) for one in states),
        evidence=evidence.model_copy(update={"row_count": len(states), "caveats": tuple(dict.fromkeys(caveats))}),
    )


def _caveats(states: Sequence[BudgetState], reading: Reading) -> list[str]:
    caveats = []
    ends = [one.projection for one in states if one.projection is not None]
    errors = [one.error for one in ends if one.error is not None]
    if ends:
        text = "ends are projected by the forecast of each slice's days to come"
        if errors:
            span = dict.fromkeys(f"{error * 100:.1f}" for error in (min(errors), max(errors)))
            text += f"; in the past it was off by {' to '.join(span)} % of what was to come"
        caveats.append(text)
    if any(one.low is None for one in ends):
        caveats.append(
            "where no interval is given the history is too short to test a forecast: the end is the last week again"
        )
    if any(one.status == "unknown" and one.spent is not None for one in states):
        caveats.append(
            f"where no end is given there are too few days of spend: it takes {LEAST_DAYS}, and a third of what is left"
        )
    caveats += [spent.missing for spent in reading.spent if spent.missing]
    unseen = dict.fromkeys(spent.unseen for spent in reading.spent if spent.unseen)
    if unseen:
        caveats.append(f"no charge is for {', '.join(unseen)}: nothing is spent there, or it is called otherwise")
    return caveats


def _evidence(ctx: ToolContext, request: BudgetRequest, budgets: Sequence[Budget], reading: Reading | None) -> Evidence:
    results = reading.results if reading else ()
    span = None
    if budgets:
        span = Period(start=min(one.start for one in budgets), end=max(one.end for one in budgets))
    arguments: dict[str, Any] = request.model_dump(mode="json")
    arguments["period"] = (request.period or Period.day_of(ctx.as_of)).model_dump(mode="json")
    return Evidence(
        sql=";\n\n".join(one.evidence.sql for one in results),
        parameters=tuple(value for one in results for value in one.evidence.parameters),
        arguments=arguments,
        period=span or request.period,
        generation=ctx.store.generation,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(
            caveat for one in results for caveat in one.evidence.caveats if not caveat.startswith("data ends")
        ),
    )


def _nothing(
    ctx: ToolContext,
    request: BudgetRequest,
    nothing: NoData,
    budgets: Sequence[Budget] = (),
    reading: Reading | None = None,
) -> ToolResult:
    return ToolResult(
        tool=TOOL,
        evidence=_evidence(ctx, request, budgets, reading),
        no_data=str(nothing),
        no_data_reason=nothing.reason,
        suggestions=("are we within budget",) if request.which != "all" or request.filters else (),
    )
