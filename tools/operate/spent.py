"""What slices cost day by day, by the same query that answers questions about spend."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tools.domain.errors import NoData, ToolFault
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.records import Budget
from tools.domain.result import ToolResult
from tools.domain.scope import Filter
from tools.inform.spend import query_costs
from tools.registry import ToolContext
from tools.semantic.numbers import EXACT

ENVIRONMENT = "x_Environment"
PRODUCTION = frozenset({"production", "prod", "prd", "live"})
"""Values of x_Environment, in lower case, that are no experiment."""


@dataclass
class Spent:
    """One slice's cost: by day, and apart by what its environment says. `missing` says why nothing is known."""

    daily: dict[date, Decimal] = field(default_factory=dict)
    production: dict[date, Decimal] = field(default_factory=dict)
    experiment: dict[date, Decimal] = field(default_factory=dict)
    missing: str = ""
    told_by: ToolResult | None = None
    """The query that told it."""
    unseen: str = ""
    """A value of the slice that no charge has: nothing is spent there, or it is spelled in another way."""

    def add(self, day: date, environment: str | None, cost: Decimal) -> None:
        _add(self.daily, day, cost)
        if environment is not None:
            _add(self.production if environment.lower() in PRODUCTION else self.experiment, day, cost)


@dataclass(frozen=True)
class Reading:
    """The slices' costs, in the order of the budgets, and the queries that were run."""

    spent: tuple[Spent, ...]
    results: tuple[ToolResult, ...]


def read_spent(ctx: ToolContext, budgets: Sequence[Budget], period: Period) -> Reading:
    """What the slice of each budget cost on each day of `period`: one read for all that name the same dimensions.

    Environments are told apart from the first day of the earliest budget on.
    """
    spent = tuple(Spent() for _ in budgets)
    results = []
    groups: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for place, budget in enumerate(budgets):
        groups.setdefault((tuple(sorted(budget.slice)), budget.currency), []).append(place)
    for (dimensions, currency), every in sorted(groups.items()):
        places = [place for place in every if not _unknown(ctx, budgets[place])]
        for place in set(every) - set(places):
            spent[place].unseen = _unknown(ctx, budgets[place])
        if not places:
            continue
        found = _read(ctx, dimensions, currency, [budgets[place] for place in places], period)
        if isinstance(found, str):
            for place in places:
                spent[place].missing = found
            continue
        results += found
        told_by = next((one for one in reversed(found) if one.rows), None)
        keys = {_key(budgets[place].slice[name] for name in dimensions): spent[place] for place in reversed(places)}
        for result in found:
            _sort_out(result, len(dimensions), keys)
        for place in places:
            same = keys[_key(budgets[place].slice[name] for name in dimensions)]
            spent[place].daily, spent[place].production = same.daily, same.production
            spent[place].experiment, spent[place].told_by = same.experiment, told_by
    return Reading(spent, tuple(results))


def _unknown(ctx: ToolContext, budget: Budget) -> str:
    """The first value of the slice that no charge has; empty where all are known, or can't be listed."""
    for name, value in sorted(budget.slice.items()):
        known = ctx.store.values(name)
        if known and value.lower() not in {one.lower() for one in known}:
            return value
    return ""


def _read(
    ctx: ToolContext, dimensions: tuple[str, ...], currency: str, budgets: Sequence[Budget], period: Period
) -> list[ToolResult] | str:
    """The results by slice and day, the budgets' days by environment too; or why there are none."""
    slices = tuple(
        Filter(dimension=name, values=tuple(sorted({one.slice[name] for one in budgets}))) for name in dimensions
    )
    asked = CostQuery(
        group_by=dimensions, filters=slices, period=period, granularity="day", currency=converted_to(ctx, currency)
    )
    found = []
    for query in _by_environment(ctx, asked, min(one.start for one in budgets)):
        try:
            result = query_costs.run(ctx, query)
        except (ToolFault, NoData) as fault:
            return str(fault)
        if result.no_data is not None and result.no_data_reason != "absent":
            return result.no_data
        found.append(result)
    return found


def _by_environment(ctx: ToolContext, asked: CostQuery, start: date) -> list[CostQuery]:
    """The query in two: as it is before `start`, by environment from then on."""
    period = asked.period
    if ENVIRONMENT not in ctx.store.columns or ENVIRONMENT in asked.group_by or period is None:
        return [asked]
    apart = {"group_by": (*asked.group_by, ENVIRONMENT)}
    if not period.start < start < period.end:
        return [asked.model_copy(update=apart)]
    before, since = Period(start=period.start, end=start), Period(start=start, end=period.end)
    return [asked.model_copy(update={"period": before}), asked.model_copy(update={**apart, "period": since})]


def converted_to(ctx: ToolContext, currency: str) -> str | None:
    """The currency to ask for; None where everything is billed in it."""
    return None if ctx.store.values("BillingCurrency") in ((currency,), ()) else currency


def _sort_out(result: ToolResult, slices: int, keys: Mapping[tuple[str, ...], Spent]) -> None:
    if not result.rows:
        return
    names = [column.name for column in result.columns]
    when, cost = names.index("Time"), names.index("EffectiveCost")
    environment = names.index(ENVIRONMENT) if ENVIRONMENT in names else None
    for row in result.rows:
        spent = keys.get(_key(str(value) for value in row[:slices]))
        value = row[cost]
        if spent is not None and isinstance(value, Decimal):
            where = None if environment is None else row[environment]
            spent.add(date.fromisoformat(str(row[when])), where if isinstance(where, str) else None, value)


def _key(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value.lower() for value in values)


def _add(days: dict[date, Decimal], day: date, cost: Decimal) -> None:
    days[day] = EXACT.add(days.get(day, Decimal(0)), cost)
