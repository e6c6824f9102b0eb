"""The daily past of a slice and of its groups, from the semantic layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import Cell, Column, ToolResult
from tools.domain.sums import exact_sum
from tools.inform.forecast.request import ForecastRequest
from tools.inform.spend import query_costs
from tools.registry import ToolContext
from tools.semantic.model import load_model

MOST_GROUPS = 12
"""Groups foreseen by name, the largest first; the others are one."""
MOST_DAYS = 1100
"""Three years, so that a yearly rhythm can show."""
_ABOUT_BUCKETS = ("not every", "no period was named")
_LEFT_OUT = "are left out"


@dataclass(frozen=True)
class Group:
    """A group's names, and its amount for each day; a day on which nothing was charged has zero (a ratio: None)."""

    names: tuple[Cell, ...]
    amounts: tuple[Decimal | None, ...]
    is_rest: bool = False


@dataclass(frozen=True)
class History:
    """`groups` has one without names where there is no group_by. `first`: the day of the first amount."""

    first: date
    dimensions: tuple[Column, ...]
    metric: Column
    groups: tuple[Group, ...]
    result: ToolResult
    is_additive: bool

    @property
    def days(self) -> int:
        return len(self.groups[0].amounts)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    @property
    def whole(self) -> tuple[Decimal | None, ...]:
        """The sum of the groups, day by day."""
        if len(self.groups) == 1:
            return self.groups[0].amounts
        return tuple(exact_sum(day) for day in zip(*(group.amounts for group in self.groups), strict=True))

    def through(self, last: date) -> "History":
        """The same without the days after `last`."""
        kept = (last - self.first).days + 1
        cut = tuple(Group(one.names, one.amounts[:kept], one.is_rest) for one in self.groups)
        return History(self.first, self.dimensions, self.metric, cut, self.result, self.is_additive)

    @property
    def caveats(self) -> tuple[str, ...]:
        """Those of the query that hold for its forecast too."""
        found = self.result.evidence.caveats
        return tuple(one for one in found if not one.startswith(_ABOUT_BUCKETS) and not one.endswith(_LEFT_OUT))


def read_history(ctx: ToolContext, request: ForecastRequest) -> History | ToolResult:
    """The daily past; the query's own result where it found nothing. Raises ToolFault as query_costs does."""
    through, start = ctx.store.loaded_through, ctx.store.loaded_from
    last = min(through, ctx.as_of) if through else ctx.as_of
    first = max(start, last - timedelta(days=MOST_DAYS - 1)) if start and start <= last else last
    query = CostQuery(
        metrics=(request.metric,),
        group_by=request.group_by,
        filters=request.filters,
        period=Period(start=first, end=last + timedelta(days=1)),
        granularity="day",
        limit=MOST_GROUPS if request.group_by else None,
        currency=request.currency,
    )
    result = query_costs.run(ctx, query)
    return result if result.no_data is not None else _history(result, last)


def history_of(result: ToolResult, daily: Mapping[date, Decimal], last: date) -> History:
    """The past of one slice through `last` from amounts that `result` told; a day without one cost nothing."""
    start = max(min(daily), last - timedelta(days=MOST_DAYS - 1))
    amounts = tuple(daily.get(start + timedelta(days=n), Decimal(0)) for n in range((last - start).days + 1))
    return History(start, (), _metric(result), (Group((), amounts),), result, is_additive=True)


def _history(result: ToolResult, last: date) -> History:
    metric = _metric(result)
    names = tuple(column for column in result.columns if column.kind == "dimension")
    by_name: dict[tuple[Cell, ...], dict[date, Decimal | None]] = {}
    value, time = result.column_index(metric.name), result.column_index("Time")
    places = [result.column_index(column.name) for column in names]
    for row in result.rows:
        key = tuple(row[place] for place in places)
        by_name.setdefault(key, {})[date.fromisoformat(str(row[time])[:10])] = _number(row[value])
    first = min(min(days) for days in by_name.values())
    declared = load_model().metrics[metric.name]
    calendar = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    absent = Decimal(0) if declared.additive else None
    groups = [
        Group(key, tuple(days.get(day, absent) for day in calendar), _is_rest(key)) for key, days in by_name.items()
    ]
    groups.sort(key=lambda group: (group.is_rest, -sum((abs(one) for one in group.amounts if one), Decimal(0))))
    return History(first, names, metric, tuple(groups), result, declared.additive)


def _metric(result: ToolResult) -> Column:
    return next(column for column in result.columns if column.kind == "metric")


def _is_rest(names: Sequence[Cell]) -> bool:
    return "other" in names


def _number(cell: Cell) -> Decimal | None:
    return cell if isinstance(cell, Decimal) else None
