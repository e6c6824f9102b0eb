"""What groups are ranked by and must pass, as expressions over the columns of `grouped`.

Amounts are compared exactly; ratios and converted amounts as DOUBLE, for ranking alone: the cells are divided exactly.
"""

from decimal import Decimal

from sqlglot import exp

from tools.semantic.parameters import Parameters
from tools.semantic.parts import Role, Side, alias_of, currencies, roles
from tools.semantic.plan import Plan


def score(plan: Plan) -> exp.Expr:
    """The first metric, or its change."""
    order_by = plan.query.order_by
    if order_by is None or order_by == "time":
        return _time_or_value(plan)
    if order_by == "metric":
        return _value(plan, "current")
    change = _change(plan)
    if order_by == "absolute_change":
        return exp.Abs(this=change)
    return change if order_by == "change" else _over(change, _value(plan, "previous"))


def passes(plan: Plan, parameters: Parameters) -> exp.Expr:
    """Whether a group passes the threshold; true when there is none."""
    threshold = plan.query.threshold
    if threshold is None:
        return exp.true()
    value = _value(plan, "current")
    if threshold.column == "share":
        whole = exp.Window(this=exp.Sum(this=value.copy()))
        value = _over(value, whole)
    elif threshold.column == "change":
        value = _change(plan)
    elif threshold.column == "change_ratio":
        value = _over(_change(plan), _value(plan, "previous"))
    limit = _double(parameters.add(Decimal(threshold.value)))
    compared = value >= limit if threshold.operator == "over" else value <= limit
    return exp.Coalesce(this=exp.paren(compared), expressions=[exp.false()])


def _time_or_value(plan: Plan) -> exp.Expr:
    if plan.query.granularity is None or plan.dimensions:
        return _value(plan, "current")
    return exp.column("Time", quoted=True)


def _value(plan: Plan, side: Side) -> exp.Expr:
    metric = plan.metrics[0]
    numerator = _part(plan, "numerator", side)
    return numerator if metric.additive else _over(numerator, _part(plan, "denominator", side))


def _part(plan: Plan, role: Role, side: Side) -> exp.Expr:
    metric = plan.metrics[0]
    terms = dict(roles(metric))[role]
    total: exp.Expr | None = None
    for currency in currencies(plan, terms):
        own: exp.Expr = exp.column(alias_of(metric, role, side, currency), quoted=True)
        if currency is not None:
            rate = plan.rates.get(currency, Decimal(0))
            own = exp.Coalesce(this=_double(own) * exp.Literal.number(str(rate)), expressions=[exp.Literal.number(0)])
        total = own if total is None else exp.Add(this=total, expression=own)
    if total is None:
        return exp.null()
    return exp.paren(total) if isinstance(total, exp.Add) else total


def _change(plan: Plan) -> exp.Expr:
    sides = [_value(plan, "current"), _value(plan, "previous")]
    if plan.metrics[0].additive:
        sides = [exp.Coalesce(this=one, expressions=[exp.Literal.number(0)]) for one in sides]
    return exp.paren(exp.Sub(this=sides[0], expression=sides[1]))


def _over(numerator: exp.Expr, denominator: exp.Expr) -> exp.Expr:
    divisor = exp.Nullif(this=_double(denominator), expression=exp.Literal.number(0))
    return exp.Div(this=_double(numerator), expression=divisor)


def _double(value: exp.Expr) -> exp.Expr:
    return exp.cast(value.copy(), "DOUBLE")
