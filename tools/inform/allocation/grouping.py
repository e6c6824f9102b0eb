"""The two queries of an allocation: cost by month, payer and rule; and a metric of the payers, to split by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from sqlglot import exp

from tools.domain.allocation import DimensionRules, Rule
from tools.domain.errors import UnknownName
from tools.domain.period import Period
from tools.domain.scope import Filter
from tools.inform.allocation.branches import Branch, Branches
from tools.inform.allocation.owner_map import PAYER_COLUMNS, OwnerMap
from tools.inform.allocation.shares import ChargeGroup
from tools.registry import CostReader, SqlValue
from tools.semantic.columns import Columns, column
from tools.semantic.dimension import Dimension, column_dimension
from tools.semantic.metric import Metric
from tools.semantic.model import load_model
from tools.semantic.numbers import exact
from tools.semantic.parameters import Parameters

CostMetric = Literal["EffectiveCost", "BilledCost"]
BY_SERVICE = ("HostProviderName", "ServiceName")


class Measured(NamedTuple):
    """A metric of one payer's own charges in a month; `currency` None where it is no money."""

    month: date
    currency: str | None
    payer: str
    value: Decimal


@dataclass(frozen=True)
class Grouped:
    """Charge groups with the query that they come from; a group's `rule` is a place in `branches`."""

    groups: tuple[ChargeGroup, ...]
    branches: tuple[Branch, ...]
    sql: str
    parameters: tuple[SqlValue, ...]
    notes: tuple[str, ...]


class Queried(NamedTuple):
    """A query's rows as the store gives them, and what wrote it."""

    rows: Sequence[tuple[Any, ...]]
    branches: tuple[Branch, ...]
    sql: str
    parameters: tuple[SqlValue, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What is allocated: a reader's charges, under the rules of one dimension."""

    reader: CostReader
    dimension: str
    rules: DimensionRules
    owners: OwnerMap


def group_charges(source: Source, period: Period, metric: CostMetric, filters: Sequence[Filter]) -> Grouped:
    """Cost by month, currency, provider, service, rule and payer, of the charges that count for cost."""
    queried = query_charges(source, period, BY_SERVICE, metric, filters)
    found = tuple(_groups(queried.rows, queried.branches))
    return Grouped(found, queried.branches, queried.sql, queried.parameters, queried.notes)


def query_charges(
    source: Source,
    period: Period,
    dimensions: Sequence[str],
    metric: CostMetric = "EffectiveCost",
    filters: Sequence[Filter] = (),
) -> Queried:
    """Rows of month, currency, place of the branch, the value that names the payer, `dimensions`, and cost."""
    columns = _columns(source)
    writer, branches = _branches(source, columns)
    named = [
        exp.alias_(writer.value(columns.model.dimension(name, source.reader.columns)), name, quoted=True)
        for name in dimensions
    ]
    conditions = [*_time(metric, period), column("x_CountsForCost"), *writer.asked(filters)]
    items = [*_keys(metric, branches), *named, exp.alias_(exp.Sum(this=column(metric)), "cost", quoted=True)]
    sql, parameters = _written(source, columns, writer, items, conditions, keys=4 + len(dimensions))
    rows = source.reader.query(sql, parameters).rows
    return Queried(rows, branches, sql, parameters, tuple(dict.fromkeys(writer.notes)))


def measure_payers(source: Source, period: Period, rule: Rule, metric: Metric) -> Iterator[Measured]:
    """The metric of each payer's direct charges by month; what is split or nobody's is nobody's measure."""
    columns = _columns(source)
    writer, branches = _branches(source, columns)
    if columns.missing(metric) is not None:
        return
    writer.used |= columns.used(metric)
    counts = column("x_CountsForCost" if metric.counts == "cost" else "x_CountsForUsage")
    own = columns.condition(metric)
    conditions = [*_time("EffectiveCost", period), counts, *writer.where(rule.metric_where, rule.name)]
    conditions += [own] if own is not None else []
    table = _table(source, writer)
    total = exp.alias_(_total(columns, metric, table), "value", quoted=True)
    items = [*_keys("EffectiveCost", branches), total]
    sql, parameters = _written(source, columns, writer, items, conditions, keys=4)
    for month, currency, place, value, amount in source.reader.query(sql, parameters).rows:
        branch = branches[place] if place is not None else None
        measured = exact(amount)
        if branch is None or branch.part != "direct" or not measured:
            continue
        payer = branch.payer_of(value)
        if payer is not None:
            yield Measured(_month(month), currency if metric.monetary else None, payer, measured)


def payer_dimension(name: str, reader: CostReader) -> Dimension:
    """The dimension whose values pay; one that only the owner map fills needs no column. Raises UnknownName."""
    try:
        return load_model().dimension(name, reader.columns)
    except UnknownName:
        if name in PAYER_COLUMNS:
            return column_dimension(name)
        raise


def _columns(source: Source) -> Columns:
    return Columns(source.reader, load_model(), Parameters())


def _branches(source: Source, columns: Columns) -> tuple[Branches, tuple[Branch, ...]]:
    dimension = payer_dimension(source.dimension, source.reader)
    writer = Branches(columns, dimension, source.owners.payer())
    branches = writer.of(source.rules)
    if source.rules.owners:
        writer.used |= source.owners.columns(columns)
    return writer, branches


def _keys(metric: CostMetric, branches: Sequence[Branch]) -> list[exp.Expr]:
    """Month, currency, the place of the branch that decides, and the value that names the payer."""
    day = column("BillingPeriodStart" if metric == "BilledCost" else "ChargeDay")
    month = exp.Anonymous(this="DATE_TRUNC", expressions=[exp.Literal.string("month"), day])
    place, value = exp.Case(), exp.Case()
    for index, branch in enumerate(branches):
        place = place.when(branch.condition.copy(), exp.Literal.number(index))
        payer = branch.payer.copy() if branch.payer is not None else exp.cast(exp.null(), "VARCHAR")
        value = value.when(branch.condition.copy(), payer)
    items = {"month": exp.cast(month, "DATE"), "currency": column("BillingCurrency"), "place": place, "payer": value}
    return [exp.alias_(item, name, quoted=True) for name, item in items.items()]


def _time(metric: CostMetric, period: Period) -> list[exp.Expr]:
    day = column("BillingPeriodStart" if metric == "BilledCost" else "ChargeDay")
    start, end = (exp.cast(exp.Literal.string(one.isoformat()), "DATE") for one in (period.start, period.end))
    return [day >= start, day.copy() < end]


def _total(columns: Columns, metric: Metric, table: Literal["charges", "daily"]) -> exp.Expr:
    total: exp.Expr | None = None
    for term in metric.numerator:
        value: exp.Expr = exp.Sum(this=columns.measure(term, table))
        if (own := columns.condition(term)) is not None:
            value = exp.Filter(this=value, expression=exp.Where(this=own))
        value = exp.Coalesce(this=value, expressions=[exp.Literal.number(0)])
        kind = exp.Sub if term.minus else exp.Add
        total = value if total is None else kind(this=total, expression=value)
    if total is None:
        raise ValueError(f"metric {metric.name} has no terms")
    return total


def _table(source: Source, writer: Branches) -> Literal["charges", "daily"]:
    return "daily" if writer.used <= source.reader.rollup_columns else "charges"


def _written(
    source: Source,
    columns: Columns,
    writer: Branches,
    items: Sequence[exp.Expr],
    conditions: Sequence[exp.Expr],
    keys: int,
) -> tuple[str, tuple[SqlValue, ...]]:
    table = exp.Table(this=exp.to_identifier(_table(source, writer)))
    query = exp.select(*items).from_(table, copy=False).where(*conditions, copy=False)
    if source.rules.owners:
        query = source.owners.joined(query, columns)
    by = [exp.Literal.number(place + 1) for place in range(keys)]
    return columns.parameters.write(query.group_by(*by, copy=False).order_by(*by, copy=False))


def _groups(rows: Sequence[tuple[object, ...]], branches: Sequence[Branch]) -> Iterator[ChargeGroup]:
    for month, currency, place, value, provider, service, amount in rows:
        cost = exact(amount)
        if cost is None:
            continue
        rule = place if isinstance(place, int) else None
        payer = branches[rule].payer_of(_text(value)) if rule is not None else None
        yield ChargeGroup(_month(month), _text(currency), _text(provider), _text(service), rule, payer, cost)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _month(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a month")
    return date(value.year, value.month, 1)
