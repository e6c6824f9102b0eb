"""Hours that machines were charged for, summed in the store by what a bill calls them and by any dimensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from tools.domain.money import UNKNOWN_CURRENCY
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.scope import Filter
from tools.registry import SqlValue, ToolContext
from tools.semantic.columns import Columns, column
from tools.semantic.filters import written
from tools.semantic.model import load_model
from tools.semantic.numbers import plain
from tools.semantic.parameters import Parameters
from tools.semantic.plan import make_plan

_NAMES = ("ChargeDescription", "SkuMeter", "SkuId", "ResourceType")
HOUR_UNITS = ("hour", "hours", "hrs", "hrs.", "hr", "1 hour", "instance-hours", "node-hours")


@dataclass(frozen=True)
class MachineHours:
    """Machine-hours of one name and one way of paying, and what they cost; `values` are of the dimensions asked for."""

    values: tuple[str | None, ...]
    name: str
    """Description, meter and SKU in one text."""
    pricing: str
    currency: str
    hours: Decimal
    cost: Decimal


@dataclass(frozen=True)
class FoundHours:
    rows: tuple[MachineHours, ...]
    sql: str
    parameters: tuple[SqlValue, ...]


def read_machine_hours(
    ctx: ToolContext, by: Sequence[str], filters: Sequence[Filter], period: Period, *, apart_by_price: bool = False
) -> FoundHours:
    """Usage that is charged by the hour and has a cost; with `apart_by_price` hours of unlike prices stay apart.

    Raises NoData for an empty store, or a missing column.
    """
    columns = Columns(ctx.store, load_model(), Parameters())
    query = CostQuery(group_by=tuple(by), filters=tuple(filters), period=period)
    plan = make_plan(query, reader=ctx.store, model=columns.model, columns=columns, as_of=ctx.as_of, rates=ctx.rates)
    start, end = (columns.parameters.add(day) for day in (period.start, period.end))
    items = [columns.dimension(columns.model.dimension(name, ctx.store.columns)) for name in by]
    items += [_name(ctx), _or("PricingCategory", "Standard", ctx), _or("BillingCurrency", UNKNOWN_CURRENCY, ctx)]
    hours, unit = _hours(ctx)
    conditions: list[exp.Expr] = [
        column("ChargeDay") >= exp.cast(start, "DATE"),
        column("ChargeDay") < exp.cast(end, "DATE"),
        exp.Lower(this=unit).isin(*map(exp.Literal.string, HOUR_UNITS)),
        _or("ChargeCategory", "Usage", ctx).eq(exp.Literal.string("Usage")),
        column("x_CountsForCost"),
        *(written(one, dimension, columns) for one, dimension in plan.filters),
    ]
    if "x_TokenType" in ctx.store.columns:
        conditions.append(column("x_TokenType").is_(exp.null()))
    if apart_by_price:
        items.append(_unit_price(hours))
    sums = [exp.Sum(this=hours.copy()), exp.Sum(this=column("EffectiveCost"))]
    named = [exp.alias_(value, f"c{place}") for place, value in enumerate([*items, *sums])]
    select = exp.select(*named).from_("charges").where(*conditions)
    select = select.group_by(*(exp.Literal.number(place + 1) for place in range(len(items))))
    sql, parameters = columns.parameters.write(select.order_by(*(f"c{n}" for n in range(len(items)))))
    rows = tuple(_row(len(by), row) for row in ctx.store.query(sql, parameters).rows if row[-2] and row[-1] is not None)
    return FoundHours(rows, sql, parameters)


def _row(width: int, row: Sequence[object]) -> MachineHours:
    values, (name, pricing, currency), (hours, cost) = row[:width], row[width : width + 3], row[-2:]
    assert isinstance(hours, Decimal)
    assert isinstance(cost, Decimal)
    texts = tuple(None if value is None else str(value) for value in values)
    return MachineHours(texts, str(name), str(pricing), str(currency), plain(hours), plain(cost))


def _unit_price(hours: exp.Expr) -> exp.Expr:
    """A rounded quotient, which only tells hours apart: what they cost is summed exactly."""
    quotient = exp.Div(this=column("EffectiveCost"), expression=exp.func("NULLIF", hours.copy(), exp.Literal.number(0)))
    return exp.func("ROUND", exp.cast(quotient, "DOUBLE"), exp.Literal.number(6))


def _hours(ctx: ToolContext) -> tuple[exp.Expr, exp.Expr]:
    """The quantity and its unit: what was priced, or where that is not told what was consumed."""
    has = [one for one in ("Pricing", "Consumed") if {f"{one}Quantity", f"{one}Unit"} <= ctx.store.columns]
    if not has:
        return exp.cast(exp.null(), "DECIMAL(38, 18)"), exp.cast(exp.null(), "VARCHAR")
    quantities, units = ([column(f"{one}{what}") for one in has] for what in ("Quantity", "Unit"))
    if len(has) == 1:
        return quantities[0], units[0]
    by_hour = exp.Lower(this=units[0].copy()).isin(*map(exp.Literal.string, HOUR_UNITS))
    priced = exp.and_(by_hour, exp.not_(quantities[0].copy().is_(exp.null())))
    return (
        exp.Case().when(priced.copy(), quantities[0]).else_(quantities[1]),
        exp.Case().when(priced, units[0]).else_(units[1]),
    )


def _name(ctx: ToolContext) -> exp.Expr:
    named = [column(one) for one in _NAMES if one in ctx.store.columns]
    return exp.Anonymous(this="CONCAT_WS", expressions=[exp.Literal.string(" "), *named])


def _or(name: str, otherwise: str, ctx: ToolContext) -> exp.Expr:
    if name not in ctx.store.columns:
        return exp.Literal.string(otherwise)
    return exp.Coalesce(this=column(name), expressions=[exp.Literal.string(otherwise)])
