"""Hours of machines in a period, by what a bill calls them."""

from sqlglot import exp

from tools.registry import SqlValue
from tools.semantic.columns import Columns, column
from tools.semantic.filters import written
from tools.semantic.plan import Plan

HOUR_COLUMNS = ("provider", "name", "pricing", "currency", "day", "hours", "cost")
_NAMES = ("ChargeDescription", "SkuMeter", "SkuId", "ResourceType")


def compile_instance_hours(plan: Plan, columns: Columns) -> tuple[str, tuple[SqlValue, ...]]:
    """Priced hours and their cost by day in HOUR_COLUMNS; a name is a description, meter and SKU in one text."""
    start, end = (columns.parameters.add(day) for day in (plan.span.asked.start, plan.span.asked.end))
    named = [column(one) for one in _NAMES if one in columns.reader.columns]
    name: exp.Expr = exp.Anonymous(this="CONCAT_WS", expressions=[exp.Literal.string(" "), *named])
    items = {
        "provider": _or(column("HostProviderName"), ""),
        "name": name,
        "pricing": _or(column("PricingCategory"), "Standard"),
        "currency": _or(column("BillingCurrency"), ""),
        "day": exp.cast(column("ChargePeriodStart"), "DATE"),
        "hours": exp.Sum(this=column("PricingQuantity")),
        "cost": exp.Sum(this=column("EffectiveCost")),
    }
    conditions: list[exp.Expr] = [
        column("ChargePeriodStart") >= exp.cast(start, "DATE"),
        column("ChargePeriodStart") < exp.cast(end, "DATE"),
        exp.Lower(this=column("PricingUnit")).isin(exp.Literal.string("hours"), exp.Literal.string("hour")),
        _or(column("ChargeCategory"), "Usage").eq(exp.Literal.string("Usage")),
        column("x_CountsForCost"),
        *(written(one, dimension, columns) for one, dimension in plan.filters),
    ]
    keys = [exp.Literal.number(index + 1) for index in range(5)]
    query = exp.select(*(exp.alias_(value, key, quoted=True) for key, value in items.items()))
    query = query.from_(exp.Table(this=exp.to_identifier("charges")), copy=False).where(*conditions, copy=False)
    query = query.group_by(*keys, copy=False).order_by(*(key.copy() for key in keys), copy=False)
    return columns.parameters.write(query)


def _or(value: exp.Expr, otherwise: str) -> exp.Expr:
    return exp.Coalesce(this=value, expressions=[exp.Literal.string(otherwise)])
