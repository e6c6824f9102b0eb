"""Token usage by what has one price: provider, model, service tier and token type; and its cost by day."""

from datetime import date

from sqlglot import exp

from tools.domain.period import Period
from tools.registry import SqlValue
from tools.semantic.columns import Columns, column
from tools.semantic.filters import written
from tools.semantic.plan import Plan

LINE_COLUMNS = (
    "provider",
    "model",
    "tier",
    "token_type",
    "currency",
    "tokens",
    "requests",
    "cost",
    "unpriced_tokens",
    "estimated",
)
_PROVIDER = exp.Coalesce(
    this=column("HostProviderName"), expressions=[column("ServiceProviderName"), exp.Literal.string("")]
)


def compile_token_lines(plan: Plan, columns: Columns) -> tuple[str, tuple[SqlValue, ...]]:
    """Tokens, requests and cost of the usage that counts, in LINE_COLUMNS; rows without a price apart."""
    cost = column("EffectiveCost")
    priced = exp.not_(cost.copy().is_(exp.null()))
    tokens = column("ConsumedQuantity")
    items = {
        "provider": _PROVIDER.copy(),
        "model": _or(column("x_Model"), ""),
        "tier": _or(column("x_ServiceTier"), "standard"),
        "token_type": column("x_TokenType"),
        "currency": _or(column("BillingCurrency"), ""),
        "tokens": _sum(tokens, priced),
        "requests": _sum(column("x_Requests"), priced.copy()),
        "cost": _sum(cost, None),
        "unpriced_tokens": _sum(tokens.copy(), cost.copy().is_(exp.null())),
        "estimated": _sum(cost.copy(), column("x_CostBasis").eq(exp.Literal.string("estimate"))),
    }
    query = _from(plan, columns, items, plan.span.asked)
    keys = [exp.Literal.number(index + 1) for index in range(5)]
    return columns.parameters.write(
        query.group_by(*keys, copy=False).order_by(*(key.copy() for key in keys), copy=False)
    )


def compile_token_days(plan: Plan, columns: Columns, first: date) -> tuple[str, tuple[SqlValue, ...]]:
    """The cost of the same usage by day, from `first` to the end of the plan's period."""
    items = {"day": exp.cast(_day(plan), "DATE"), "cost": _sum(column("EffectiveCost"), None)}
    query = _from(plan, columns, items, Period(start=first, end=plan.span.asked.end))
    return columns.parameters.write(
        query.group_by(exp.Literal.number(1), copy=False).order_by(exp.Literal.number(1), copy=False)
    )


def _from(plan: Plan, columns: Columns, items: dict[str, exp.Expr], period: Period) -> exp.Select:
    start, end = (columns.parameters.add(day) for day in (period.start, period.end))
    conditions: list[exp.Expr] = [
        _day(plan) >= exp.cast(start, "DATE"),
        _day(plan) < exp.cast(end, "DATE"),
        exp.not_(column("x_TokenType").is_(exp.null())),
        column("x_CountsForUsage"),
        *(written(one, dimension, columns) for one, dimension in plan.filters),
    ]
    named = [exp.alias_(value, name, quoted=True) for name, value in items.items()]
    return (
        exp.select(*named)
        .from_(exp.Table(this=exp.to_identifier(plan.table)), copy=False)
        .where(*conditions, copy=False)
    )


def _day(plan: Plan) -> exp.Column:
    return column("ChargeDay" if plan.table == "daily" else "ChargePeriodStart")


def _or(value: exp.Expr, otherwise: str) -> exp.Expr:
    return exp.Coalesce(this=value, expressions=[exp.Literal.string(otherwise)])


def _sum(value: exp.Expr, rows: exp.Expr | None) -> exp.Expr:
    total = exp.Sum(this=value)
    return exp.Filter(this=total, expression=exp.Where(this=rows)) if rows is not None else total
