"""Where budgets will end: by the forecaster that answers questions about the days to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tools.domain.period import Period
from tools.domain.records import Budget
from tools.domain.scope import Filter
from tools.inform.forecast.freshness import last_whole_day
from tools.inform.forecast.future_prices import known_price_changes
from tools.inform.forecast.history import History, history_of
from tools.inform.forecast.landing import Landing, land
from tools.inform.forecast.request import ForecastRequest
from tools.operate.spent import Spent, converted_to
from tools.registry import ToolContext


@dataclass(frozen=True)
class ProjectedEnd:
    """A budget's end, None where too little is known for one; `late` tells days that are not wholly loaded."""

    landing: Landing | None
    late: str = ""


@dataclass(frozen=True)
class _Past:
    """What a budget's slice cost on each whole day."""

    budget: Budget
    history: History
    late: str


def projected_ends(ctx: ToolContext, running: Sequence[tuple[Budget, Spent]]) -> Mapping[Budget, ProjectedEnd]:
    """The ends of running budgets whose slices had costs, from those of each day through the last one loaded."""
    through = ctx.store.loaded_through
    if through is None:
        return {}
    pasts = [past for budget, spent in running if (past := _past(budget, spent, through, ctx.as_of)) is not None]
    priced = _prices_change(ctx, pasts)
    return {past.budget: _end(ctx, past, priced=priced) for past in pasts}


def _past(budget: Budget, spent: Spent, through: date, as_of: date) -> _Past | None:
    if not spent.daily or spent.told_by is None:
        return None
    read = history_of(spent.told_by, spent.daily, min(through, as_of))
    last, late = last_whole_day(read.first, read.whole, as_of)
    return _Past(budget, read.through(last), late)


def _prices_change(ctx: ToolContext, pasts: Sequence[_Past]) -> bool:
    """Whether any price is known to change before the last budget ends: one query, so that most need none of theirs."""
    if not pasts:
        return False
    earliest = min(pasts, key=lambda one: one.history.last)
    request = ForecastRequest(currency=converted_to(ctx, earliest.budget.currency))
    return bool(known_price_changes(ctx, request, earliest.history, max(one.budget.end for one in pasts), ()))


def _end(ctx: ToolContext, past: _Past, *, priced: bool) -> ProjectedEnd:
    budget, history = past.budget, past.history
    slice_ = tuple(Filter(dimension=name, values=(value,)) for name, value in sorted(budget.slice.items()))
    request = ForecastRequest(filters=slice_, currency=converted_to(ctx, budget.currency))
    prices = known_price_changes(ctx, request, history, budget.end, ()) if priced else ()
    amounts = [amount for amount in history.whole if amount is not None]
    return ProjectedEnd(land(history.first, amounts, Period(start=budget.start, end=budget.end), prices), past.late)
