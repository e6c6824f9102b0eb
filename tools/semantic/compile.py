"""Plan → sqlglot expression → DuckDB SQL with `?` parameters.

The query has up to four steps. `grouped`: one row per group and time bucket, with every numerator and denominator.
`groups`: the same without the bucket. `ranked`: their place by the first metric, and whether they pass the threshold.
Last: the first N groups by name, the rest summed up, so that parts sum to the total. Ratios are divided by the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from sqlglot import exp

from tools.registry import SqlValue
from tools.semantic.columns import Columns, bucket, column
from tools.semantic.filters import known_values, lists_all, written
from tools.semantic.metric import MONEY, Metric
from tools.semantic.parts import Part, Side, metric_parts, parts_of
from tools.semantic.plan import Plan
from tools.semantic.scores import passes, score

MOST_GROUPS = 1000
"""Groups given by name when no limit is asked for; the rest becomes `other`."""
LEFT_OUT = 0
"""The place of groups that do not pass the threshold."""


@dataclass(frozen=True)
class CompiledQuery:
    """SQL, its values in the order of the `?`, and the limit it cuts at (None: every group is given)."""

    sql: str
    parameters: tuple[SqlValue, ...]
    limit: int | None


def compile_plan(plan: Plan, columns: Columns) -> CompiledQuery:
    """The one query of a plan."""
    limit = _limit(plan, columns)
    grouped = _grouped(plan, columns)
    query = grouped if limit is None else _limited(plan, columns, grouped, limit)
    sql, parameters = columns.parameters.write(query)
    return CompiledQuery(sql, parameters, limit)


def compile_unpriced(plan: Plan, columns: Columns) -> CompiledQuery:
    """Usage without a price among the rows that the plan's money comes from: its tokens and its rows."""
    tokens = exp.Filter(
        this=exp.Sum(this=column("ConsumedQuantity")),
        expression=exp.Where(this=exp.not_(column("x_TokenType").is_(exp.null()))),
    )
    rows: exp.Expr = exp.Sum(this=column("x_Rows")) if plan.table == "daily" else exp.Count(this=exp.Star())
    conditions = [*_time(plan, columns, "current", "charge"), *_filters(plan, columns), _counts(plan, columns, "cost")]
    conditions.append(column("x_PriceSource").eq(exp.Literal.string("unpriced")))
    query = (
        exp.select(_named(tokens, "tokens"), _named(rows, "rows"))
        .from_(_table(plan.table), copy=False)
        .where(*conditions, copy=False)
    )
    sql, parameters = columns.parameters.write(query)
    return CompiledQuery(sql, parameters, None)


def compile_available(plan: Plan, columns: Columns) -> CompiledQuery:
    """The first and last day on which the plan's filters and its first metric find anything, in any period."""
    day = _day(plan)
    condition = columns.condition(plan.metrics[0])
    conditions = [*_filters(plan, columns), _counts(plan, columns, plan.metrics[0].counts)]
    query = exp.select(exp.Min(this=day), exp.Max(this=day.copy())).from_(_table(plan.table), copy=False)
    query = query.where(*conditions, *([condition] if condition is not None else []))
    sql, parameters = columns.parameters.write(query)
    return CompiledQuery(sql, parameters, None)


def _limit(plan: Plan, columns: Columns) -> int | None:
    if plan.dimensions and {one.name for one in plan.dimensions} <= plan.splitters:
        return None  # units and currencies are few, and what is cut off could not be summed
    if plan.query.limit is not None:
        return plan.query.limit if plan.dimensions or plan.query.granularity else None
    if plan.query.threshold is not None:
        return MOST_GROUPS if plan.dimensions or plan.query.granularity else None
    groups = 1
    for dimension in plan.dimensions:
        known = len(known_values(dimension, columns.reader)) if lists_all(dimension, columns.reader) else MOST_GROUPS
        groups *= known + 1
    return None if groups <= MOST_GROUPS else MOST_GROUPS


def _grouped(plan: Plan, columns: Columns) -> exp.Query:
    slices: list[exp.Query] = []
    for side in parts_of(plan).sides:
        for basis in ("charge", "billing"):
            metrics = [metric for metric in plan.metrics if plan.time_basis(metric) == basis]
            if metrics:
                slices.append(_slice(plan, columns, side, basis, metrics))
    if len(slices) == 1:
        return slices[0]
    union = reduce(lambda left, right: exp.Union(this=left, expression=right, distinct=False, by_name=True), slices)
    keys = _keys(plan)
    return _by_position(
        exp.select(*keys, *_sums(plan)).from_(union.subquery("slices", copy=False), copy=False), len(keys)
    )


def _slice(plan: Plan, columns: Columns, side: Side, basis: str, metrics: Sequence[Metric]) -> exp.Query:
    keys = [_named(columns.dimension(one), one.name) for one in plan.dimensions]
    if plan.query.granularity:
        keys.append(_named(_bucket(plan, side, basis), "Time"))
    rows = {metric.name: _rows(plan, columns, metric) for metric in metrics}
    shared = len({condition.sql() for condition in rows.values()}) == 1
    items: list[exp.Expr] = []
    for metric in metrics:
        for part in metric_parts(plan, metric, side):
            items.append(_named(_sum(plan, columns, part, None if shared else rows[metric.name]), part.alias))
    items += [_named(item, name) for name, item in _helpers(plan, metrics)]
    matching = [next(iter(rows.values()))] if shared else [exp.paren(exp.or_(*(one.copy() for one in rows.values())))]
    conditions = [*_time(plan, columns, side, basis), *_filters(plan, columns), *matching]
    return _by_position(
        exp.select(*keys, *items).from_(_table(plan.table), copy=False).where(*conditions, copy=False), len(keys)
    )


def _rows(plan: Plan, columns: Columns, metric: Metric) -> exp.Expr:
    condition = columns.condition(metric)
    counts = _counts(plan, columns, metric.counts)
    return counts if condition is None else exp.and_(counts, condition)


def _counts(plan: Plan, columns: Columns, counts: str) -> exp.Expr:
    if plan.query.cost_basis is not None:
        return column("x_CostBasis").eq(columns.parameters.add(plan.query.cost_basis))
    if plan.is_of_own_usage:
        return exp.true()
    return column("x_CountsForCost" if counts == "cost" else "x_CountsForUsage")


def _sum(plan: Plan, columns: Columns, part: Part, rows: exp.Expr | None) -> exp.Expr:
    total: exp.Expr | None = None
    for term in part.terms:
        own = columns.condition(term)
        currency = part.currency and column("BillingCurrency").eq(columns.parameters.add(part.currency))
        conditions = [one.copy() for one in (rows, own, currency) if isinstance(one, exp.Expr)]
        value: exp.Expr = exp.Sum(this=columns.measure(term, plan.table))
        if conditions:
            value = exp.Filter(this=value, expression=exp.Where(this=exp.and_(*conditions)))
        if len(part.terms) > 1:
            value = exp.Coalesce(this=value, expressions=[exp.Literal.number(0)])
        kind = exp.Sub if term.minus else exp.Add
        total = value if total is None else kind(this=total, expression=value)
    if total is None:
        raise ValueError(f"metric {part.metric} has no terms")
    return total


def _helpers(plan: Plan, metrics: Sequence[Metric]) -> list[tuple[str, exp.Expr]]:
    """Columns for the caller alone: how many rows were found, and between which currencies they lie."""
    found: list[tuple[str, exp.Expr]] = [("found", exp.Count(this=exp.Star()))]
    money = [term.sum for metric in metrics for term in metric.terms if term.sum in MONEY]
    if not plan.detects_currency or not money:
        return found
    spent = exp.or_(*(column(name).neq(exp.Literal.number(0)) for name in dict.fromkeys(money) if name))
    for name, kind in (("first_currency", exp.Min), ("last_currency", exp.Max)):
        value = kind(this=column("BillingCurrency"))
        found.append((name, exp.Filter(this=value, expression=exp.Where(this=spent.copy()))))
    return found


def _time(plan: Plan, columns: Columns, side: Side, basis: str) -> list[exp.Expr]:
    period = plan.span.current if side == "current" else plan.span.previous
    if period is None:
        raise ValueError("there is no earlier period to read")
    when = column("BillingPeriodStart") if basis == "billing" else _day(plan)
    start, end = (columns.parameters.add(day) for day in (period.start, period.end))
    return [when >= exp.cast(start, "DATE"), when.copy() < exp.cast(end, "DATE")]


def _day(plan: Plan) -> exp.Column:
    return column("ChargeDay" if plan.table == "daily" else "ChargePeriodStart")


def _bucket(plan: Plan, side: Side, basis: str) -> exp.Expr:
    granularity = plan.query.granularity
    if granularity is None:
        raise ValueError("a bucket needs a granularity")
    when: exp.Expr = column("BillingPeriodStart") if basis == "billing" else _day(plan)
    if side == "previous" and plan.span.previous is not None and granularity != "weekday":
        when = _moved(when, plan)
    table = "charges" if basis == "billing" or side == "previous" else plan.table
    return bucket(granularity, when, table)


def _moved(when: exp.Expr, plan: Plan) -> exp.Expr:
    """The earlier period laid over the current one, so that its buckets meet."""
    current, previous = plan.span.current, plan.span.previous
    if previous is None:
        return when
    months = (current.start.year - previous.start.year) * 12 + current.start.month - previous.start.month
    by_months = plan.query.granularity in ("month", "quarter", "year") and current.start.day == previous.start.day
    number, unit = (months, "MONTH") if by_months else ((current.start - previous.start).days, "DAY")
    interval = exp.Interval(this=exp.Literal.string(str(number)), unit=exp.var(unit))
    return exp.paren(exp.Add(this=when, expression=interval))


def _filters(plan: Plan, columns: Columns) -> list[exp.Expr]:
    return [written(one, dimension, columns) for one, dimension in plan.filters]


def _keys(plan: Plan, *, time: bool = True) -> list[exp.Expr]:
    names = [one.name for one in plan.dimensions] + (["Time"] if plan.query.granularity and time else [])
    return [exp.column(name, quoted=True) for name in names]


def _sums(plan: Plan, table: str | None = None) -> list[exp.Expr]:
    """Every measure and helper of `grouped`, summed once more."""
    items: list[exp.Expr] = []
    for name in (*parts_of(plan).aliases, "found"):
        items.append(_named(exp.Sum(this=exp.column(name, table=table, quoted=True)), name))
    if plan.detects_currency:
        for name, kind in (("first_currency", exp.Min), ("last_currency", exp.Max)):
            items.append(_named(kind(this=exp.column(name, table=table, quoted=True)), name))
    return items


def _limited(plan: Plan, columns: Columns, grouped: exp.Query, limit: int) -> exp.Query:
    both = bool(plan.dimensions and plan.query.granularity)
    names = [one.name for one in plan.dimensions] if plan.dimensions else ["Time"]
    keys = [exp.column(name, quoted=True) for name in names]
    groups = "groups" if both else "grouped"
    scored = exp.select(exp.Star(), *_scores(plan, columns)).from_(_table(groups), copy=False)
    place = _place(plan, names)
    count = exp.Window(this=exp.Sum(this=exp.cast(exp.column("passes"), "INT")))
    ranked = exp.select(exp.Star(), _named(place, "place"), _named(count, "groups")).from_(_table("scored"), copy=False)
    at_most = columns.parameters.add(limit)
    shown = exp.column("place", table="ranked") <= at_most
    outer = exp.Anonymous(this="LEAST", expressions=[exp.column("place", table="ranked"), at_most.copy() + 1])
    items = [_named(outer, "place")]
    for key, name in zip(keys, names, strict=True):
        own = exp.column(name, table="ranked", quoted=True)
        splits = name in plan.splitters and len(names) > 1
        items.append(_named(own if splits else exp.Case().when(shown.copy(), own), key.name))
    if both:
        items.append(_named(exp.column("Time", table="grouped", quoted=True), "Time"))
    keyed = len(items)
    last = exp.select(*items, *_sums(plan, "grouped" if both else "ranked"))
    last = last.select(_named(exp.Max(this=exp.column("groups", table="ranked")), "groups")).from_(
        _table("ranked"), copy=False
    )
    if both:
        same = [
            exp.NullSafeEQ(
                this=exp.column(name, table="grouped", quoted=True),
                expression=exp.column(name, table="ranked", quoted=True),
            )
            for name in names
        ]
        last = last.join(_table("grouped"), on=exp.and_(*same, copy=False), copy=False)
    last = _by_position(last, keyed).with_("grouped", as_=grouped, copy=False)
    if both:
        whole = exp.select(*_keys(plan, time=False), *_sums(plan)).from_(_table("grouped"), copy=False)
        last = last.with_("groups", as_=_by_position(whole, len(names)), copy=False)
    return last.with_("scored", as_=scored, copy=False).with_("ranked", as_=ranked, copy=False)


def _scores(plan: Plan, columns: Columns) -> list[exp.Expr]:
    return [_named(score(plan), "score"), _named(passes(plan, columns.parameters), "passes")]


def _place(plan: Plan, names: Sequence[str]) -> exp.Expr:
    """1, 2, 3, … within a unit or currency; 0 for groups that do not pass the threshold."""
    descending = plan.query.order == "descending"
    by_score = exp.Ordered(this=exp.column("score"), desc=descending, nulls_first=False)
    ties = [exp.Ordered(this=exp.column(name, quoted=True), desc=False, nulls_first=False) for name in names]
    apart = [exp.column(name, quoted=True) for name in names if name in plan.splitters and len(names) > 1]
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=[*apart, exp.column("passes")],
        order=exp.Order(expressions=[by_score, *ties]),
    )
    return exp.Case().when(exp.column("passes"), number).else_(exp.Literal.number(LEFT_OUT))


def _table(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name))


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(value, name, quoted=True)


def _by_position(query: exp.Select, keys: int) -> exp.Select:
    return query.group_by(*(exp.Literal.number(index + 1) for index in range(keys)), copy=False) if keys else query
