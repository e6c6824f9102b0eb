"""Plan: a CostQuery with its names resolved against the model and the store, before any SQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from tools.domain.errors import BadRequest, NoData, UnknownName
from tools.domain.model_usage import OWN_SOURCE
from tools.domain.query import CostQuery
from tools.domain.scope import Filter
from tools.registry import CostReader
from tools.semantic.columns import Columns, Table
from tools.semantic.dimension import Dimension
from tools.semantic.filters import checked
from tools.semantic.metric import SPLITTING_UNITS, Metric, TimeBasis
from tools.semantic.model import SemanticModel
from tools.semantic.spans import Span, span_of

FINE = ("hour", "day", "week", "weekday")


@dataclass(frozen=True)
class Plan:
    """Everything that the SQL and the result are made from."""

    query: CostQuery
    metrics: tuple[Metric, ...]
    dimensions: tuple[Dimension, ...]
    filters: tuple[tuple[Filter, Dimension], ...]
    span: Span
    table: Table
    billing_by_charge: bool
    """BilledCost is taken by charge period, because a bill covers no part of a month."""
    added: tuple[str, ...] = ()
    """Unit columns that were grouped by so that units are not summed."""
    currencies: tuple[str, ...] = ()
    """Billing currencies that the rows may have."""
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    """When amounts are converted: currency → how much of `query.currency` one unit is."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Unit columns that have one value in the whole store, with that value."""
    caveats: tuple[str, ...] = ()

    def time_basis(self, metric: Metric) -> TimeBasis:
        return "charge" if self.billing_by_charge else metric.time

    @property
    def is_of_own_usage(self) -> bool:
        """Whether only Outlay's own usage is asked for: it is told in full, also where an invoice counts instead."""
        return any(
            one.dimension == "x_Source" and one.operator == "in" and one.values == (OWN_SOURCE,)
            for one in self.query.filters
        )

    @property
    def splitters(self) -> frozenset[str]:
        """Dimensions across whose values some metric is not summed: units and, unless converted, currencies."""
        names = {metric.unit_column for metric in self.metrics if metric.unit_column}
        if any(metric.monetary for metric in self.metrics) and not self.rates:
            names.add("BillingCurrency")
        return frozenset(names)

    @property
    def detects_currency(self) -> bool:
        """Whether the query has to find out which currencies it touched."""
        grouped = any(one.name == "BillingCurrency" for one in self.dimensions)
        return any(one.monetary for one in self.metrics) and len(self.currencies) != 1 and not (grouped or self.rates)


def make_plan(
    query: CostQuery,
    *,
    reader: CostReader,
    model: SemanticModel,
    columns: Columns,
    as_of: date,
    rates: Mapping[str, Decimal],
) -> Plan:
    """Resolve names, units, currency and table.

    Raises:
        UnknownName, BadRequest, MixedCurrencies: the request can be repaired.
        NoData: the store is empty, or lacks a column.
    """
    if reader.loaded_from is None or reader.loaded_through is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    metrics = tuple(dict.fromkeys(model.metric(name).name for name in query.metrics))
    resolved = tuple(model.metrics[name] for name in metrics)
    dimensions = _unique(model.dimension(name, reader.columns) for name in query.group_by)
    filters = tuple(_filter(one, reader, model) for one in query.filters)
    _check_columns(resolved, (*dimensions, *(dimension for _, dimension in filters)), columns)
    _check_tags((*dimensions, *(dimension for _, dimension in filters)), reader)
    _check_share(query, resolved[0])
    span = span_of(query, as_of, reader.loaded_from, reader.loaded_through)
    caveats = list(span.caveats)
    units = _units_to_add(resolved, dimensions, filters, reader, model)
    if units:
        caveats.append(f"amounts in different units are not summed: grouped by {', '.join(one.label for one in units)}")
    dimensions += units
    by_charge, notes = _billing_basis(query, resolved, span, as_of, reader.loaded_through)
    currencies, used_rates, stated = _currency(query, resolved, filters, reader, rates)
    return Plan(
        query=query,
        metrics=resolved,
        dimensions=dimensions,
        filters=filters,
        span=span,
        table=_table(query, resolved, dimensions, filters, columns),
        billing_by_charge=by_charge,
        added=tuple(one.name for one in units),
        currencies=currencies,
        rates=used_rates,
        units={one: reader.values(one)[0] for one in SPLITTING_UNITS if len(reader.values(one)) == 1},
        caveats=(*caveats, *notes, *stated),
    )


def _unique(dimensions: Iterable[Dimension]) -> tuple[Dimension, ...]:
    return tuple({one.name: one for one in dimensions}.values())


def _filter(one: Filter, reader: CostReader, model: SemanticModel) -> tuple[Filter, Dimension]:
    dimension = model.dimension(one.dimension, reader.columns)
    if not ({dimension.store_column, dimension.fallback} & reader.columns):
        return one, dimension
    return checked(one, dimension, reader), dimension


def _check_columns(metrics: tuple[Metric, ...], dimensions: tuple[Dimension, ...], columns: Columns) -> None:
    for metric in metrics:
        if name := columns.missing(metric):
            raise NoData(
                f"{metric.label} needs the column {name}, which no loaded file has", "missing_column", column=name
            )
    for dimension in dimensions:
        if not columns.stored_in(dimension):
            name = dimension.store_column
            raise NoData(
                f"{dimension.label} needs the column {name}, which no loaded file has", "missing_column", column=name
            )


def _check_tags(dimensions: Iterable[Dimension], reader: CostReader) -> None:
    """A tag key that no charge has is a mistake, not a group of untagged charges."""
    keys = reader.tag_keys()
    for key in [dimension.key for dimension in dimensions if dimension.json_column == "Tags"]:
        if not keys or key.lower() in {known.lower() for known in keys}:
            continue
        if get_close_matches(key.lower(), [known.lower() for known in keys], cutoff=0.7):
            raise UnknownName("tag", key, keys)
        raise NoData(f"no charge has the tag {key!r}; there are {', '.join(keys[:8])}", "absent", available=keys[:20])


def _check_share(query: CostQuery, first: Metric) -> None:
    about_share = query.with_share or (query.threshold is not None and query.threshold.column == "share")
    if about_share and not first.additive:
        raise BadRequest(f"{first.label} is a ratio: it has no share of a total; ask for a share of an amount")
    if query.threshold is not None and query.threshold.column.startswith("change") and query.compare_to is None:
        raise BadRequest("a threshold on a change needs compare_to: 'previous' or a period")
    if query.threshold and not query.group_by and query.granularity is None:
        raise BadRequest("a threshold keeps groups: say of what, such as models, teams or days")


def _units_to_add(
    metrics: tuple[Metric, ...],
    dimensions: tuple[Dimension, ...],
    filters: tuple[tuple[Filter, Dimension], ...],
    reader: CostReader,
    model: SemanticModel,
) -> tuple[Dimension, ...]:
    """The unit columns to group by: those of which the rows may have more than one value."""
    pinned = {dimension.name for one, dimension in filters if one.operator == "in" and len(one.values) == 1}
    have = {dimension.name for dimension in dimensions} | pinned
    wanted = dict.fromkeys(metric.unit_column for metric in metrics if metric.unit_column)
    return tuple(model.dimensions[name] for name in wanted if name not in have and len(reader.values(name)) != 1)


def _billing_basis(
    query: CostQuery, metrics: tuple[Metric, ...], span: Span, as_of: date, loaded_through: date
) -> tuple[bool, tuple[str, ...]]:
    names = [metric.label for metric in metrics if metric.time == "billing"]
    if not names:
        return False, ()
    sides = [span.current] if span.previous is None else [span.current, span.previous]
    whole = all(side.whole_months for side in sides)
    first = span.asked.start
    to_date = first.day == 1 and span.asked.end > min(as_of, loaded_through) and span.previous is None
    if query.granularity in FINE or not (whole or to_date):
        return True, (f"a bill covers whole months: for these days {names[0]} goes by charge period",)
    if not whole:
        return False, (f"{names[0]} goes by billing period, and the last one is not over",)
    return False, ()


def _currency(
    query: CostQuery,
    metrics: tuple[Metric, ...],
    filters: tuple[tuple[Filter, Dimension], ...],
    reader: CostReader,
    rates: Mapping[str, Decimal],
) -> tuple[tuple[str, ...], Mapping[str, Decimal], tuple[str, ...]]:
    known = reader.values("BillingCurrency")
    for one, dimension in filters:
        if dimension.name == "BillingCurrency" and one.operator == "in":
            known = tuple(one.values)
    if not any(metric.monetary for metric in metrics) or query.currency is None or known == (query.currency,):
        return known, {}, ()
    found = {currency: rate for currency in known if (rate := _rate(currency, query.currency, rates)) is not None}
    stated = [
        f"1 {currency} = {rate} {query.currency}" for currency, rate in found.items() if currency != query.currency
    ]
    if known and not found:
        raise BadRequest(
            f"no rate from {', '.join(known)} to {query.currency} is stated; "
            "state one in outlay.toml under [currency.rates]"
        )
    return known, found, ((f"converted with the stated rate {', '.join(stated)}",) if stated else ())


def _rate(currency: str, target: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    if currency == target:
        return Decimal(1)
    if (direct := rates.get(f"{currency}/{target}")) is not None:
        return direct
    inverse = rates.get(f"{target}/{currency}")
    return None if not inverse else Decimal(1) / inverse


def _table(
    query: CostQuery,
    metrics: tuple[Metric, ...],
    dimensions: tuple[Dimension, ...],
    filters: tuple[tuple[Filter, Dimension], ...],
    columns: Columns,
) -> Table:
    used = frozenset[str]().union(*(columns.used(metric) for metric in metrics))
    for dimension in (*dimensions, *(dimension for _, dimension in filters)):
        used |= columns.stored_in(dimension)
    return "daily" if query.granularity != "hour" and used <= columns.reader.rollup_columns else "charges"
