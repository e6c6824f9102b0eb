"""What the spend brought: return on investment, payback, and customers that cost more than they bring.

ROI = (benefit − cost) / cost. Source: finops.org/kpi, value-for-ai-initiatives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from tools.domain.errors import BadRequest, NoData
from tools.domain.period import Period
from tools.domain.records import BusinessMetric
from tools.domain.scope import Filter
from tools.inform.economics.business import Series, build_series, holds, is_benefit
from tools.inform.economics.costs import EFFECTIVE, by_value, daily
from tools.inform.economics.table import Table, amount, cell, name
from tools.registry import ToolContext
from tools.semantic.numbers import difference, over, total

CUSTOMER = "x_Customer"


@dataclass(frozen=True)
class Return:
    """Cost and benefit of the same days."""

    cost: Decimal | None
    benefit: Decimal | None
    days: int

    @property
    def net(self) -> Decimal | None:
        return difference(self.benefit, self.cost)

    @property
    def ratio(self) -> Decimal | None:
        return over(self.net, self.cost)

    @property
    def payback_days(self) -> Decimal | None:
        """How many days of the benefit, at the period's rate, pay for the period's cost."""
        return over(self.cost, over(self.benefit, Decimal(self.days)))


def returns(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> Table:
    """ROI and payback of a slice. Raises NoData without a benefit or a cost."""
    rows = _one_benefit(ctx, filters)
    series = build_series(rows[0].metric, rows, filters)
    (costs,) = daily(ctx, [EFFECTIVE], filters, period)
    both = _both(ctx, series, period)
    found = Return(costs.amount(both), series.amount(both), both.days)
    label = series.name.replace("_", " ")
    columns = (
        amount(EFFECTIVE, "cost", costs.unit),
        amount("Benefit", label, costs.unit),
        amount("Net", f"{label} less cost", costs.unit),
        amount("ReturnOnInvestment", "return on investment", "ratio"),
        amount("PaybackDays", f"days of {label} that pay for the cost", "days"),
    )
    figures = (found.cost, found.benefit, found.net, found.ratio, found.payback_days)
    caveats = [f"return on investment is ({label} − cost) / cost, with all loaded {label} as the benefit of this cost"]
    if series.is_shared:
        caveats.append(f"{label} is not loaded for this part, so all of it is set against this part's cost")
    if both != period:
        caveats.append(f"both are known for {both.start} to {both.last_day}, and only those days count")
    return Table(columns, (tuple(cell(one) for one in figures),), period, (costs.result,), tuple(caveats))


def customers(ctx: ToolContext, filters: Sequence[Filter], period: Period, *, loss_only: bool) -> Table:
    """Cost, revenue and margin by customer, the lowest margin first. Raises NoData without revenue by customer."""
    rows = [row for row in _one_benefit(ctx) if CUSTOMER in row.slice]
    if not rows:
        raise NoData(
            "revenue is not loaded by customer; load it with a column x_Customer: outlay ingest metrics FILE", "absent"
        )
    span = _both(ctx, build_series(rows[0].metric, rows, ()), period)
    costs = by_value(ctx, CUSTOMER, filters, span)
    spent, unnamed = _by_customer(costs.rows, costs.column_index(EFFECTIVE))
    names, brought = _revenue(rows, span)
    found = sorted(
        ((name, spent.get(key), brought.get(key)) for key, name in {**names, **_names(costs.rows)}.items()),
        key=lambda one: (_margin(one[1], one[2]), one[0]),
    )
    if loss_only:
        found = [one for one in found if _margin(one[1], one[2]) < 0]
    if not found:
        raise NoData(f"none of {len(brought)} customers costs more than it brings in {_said(span)}", "absent")
    currency = costs.columns[costs.column_index(EFFECTIVE)].unit
    columns = (
        name("Customer", "customer", "customers"), amount(EFFECTIVE, "cost", currency),
        amount("Benefit", "revenue", currency), amount("Net", "revenue less cost", currency),
        amount("CostShare", "cost as a part of revenue", "ratio"),
    )  # fmt: skip
    table = tuple(
        (who, cell(cost), cell(revenue), cell(_margin(cost, revenue)), cell(over(cost, revenue)))
        for who, cost, revenue in found
    )
    caveats = ["cost is what is charged with the customer's name; nothing shared is divided among them"]
    if unnamed:
        caveats.append(f"{unnamed:,.2f} {currency} of cost names no customer")
    return Table(columns, table, span, (costs,), tuple(caveats))


def benefits(ctx: ToolContext) -> list[BusinessMetric]:
    """The rows of every metric that is a benefit. Raises NoData without one, BadRequest in another currency."""
    rows = [row for row in ctx.store.records("metrics") if is_benefit(row.metric)]
    if not rows:
        raise NoData(
            "no revenue or other benefit is loaded; load it: outlay ingest metrics FILE (date, metric revenue, value)",
            "not_loaded",
        )
    units = {row.unit for row in rows if row.unit}
    charged = set(ctx.store.values("BillingCurrency"))
    if units and charged and units != charged:
        raise BadRequest(
            f"{_first_named(rows)} is in {', '.join(sorted(units))}, the charges are in {', '.join(sorted(charged))}"
        )
    return rows


def _one_benefit(ctx: ToolContext, filters: Sequence[Filter] = ()) -> list[BusinessMetric]:
    """The rows of one benefit: one that is loaded for just this slice, else revenue, else the first by name."""
    rows = benefits(ctx)
    own = [row for row in rows if filters and all(holds(row, one) for one in filters)]
    name = _first_named(own or rows)
    return [row for row in rows if row.metric == name]


def _first_named(rows: Sequence[BusinessMetric]) -> str:
    return min({row.metric for row in rows}, key=lambda one: ("revenue" not in one, one))


def _both(ctx: ToolContext, series: Series, period: Period) -> Period:
    """The days of the period for which cost and benefit are loaded. Raises NoData when there are none."""
    first, through = ctx.store.loaded_from, ctx.store.loaded_through
    loaded = None
    if first is not None and through is not None:
        loaded = Period(start=first, end=through + timedelta(days=1)).overlap(period)
    both = series.clipped(loaded) if loaded else None
    if both is None:
        covered = series.covered
        raise NoData(
            f"{series.name} has no value in {_said(period)}; it is loaded from {covered.start} to {covered.last_day}",
            "not_loaded",
        )
    return both


def _by_customer(rows: Sequence[Sequence[object]], at: int) -> tuple[dict[str, Decimal], Decimal]:
    spent, unnamed = {}, Decimal(0)
    for row in rows:
        cost = row[at]
        if isinstance(cost, Decimal) and row[0] is None:
            unnamed = cost
        elif isinstance(cost, Decimal):
            spent[str(row[0]).lower()] = cost
    return spent, unnamed


def _names(rows: Sequence[Sequence[object]]) -> dict[str, str]:
    return {str(row[0]).lower(): str(row[0]) for row in rows if row[0] is not None}


def _revenue(rows: Sequence[BusinessMetric], span: Period) -> tuple[dict[str, str], dict[str, Decimal]]:
    names: dict[str, str] = {}
    brought: dict[str, list[Decimal]] = {}
    for row in rows:
        if span.contains(row.day):
            key = row.slice[CUSTOMER].lower()
            names[key] = row.slice[CUSTOMER]
            brought.setdefault(key, []).append(row.value)
    return names, {key: total(values) or Decimal(0) for key, values in brought.items()}


def _margin(cost: Decimal | None, revenue: Decimal | None) -> Decimal:
    return (revenue or Decimal(0)) - (cost or Decimal(0))


def _said(period: Period) -> str:
    return f"{period.start} to {period.last_day}"
