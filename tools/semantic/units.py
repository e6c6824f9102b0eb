"""The unit of a metric's cells, found in the rows it came from."""

from collections.abc import Mapping, Sequence
from typing import Any

from tools.domain.money import UNKNOWN_CURRENCY
from tools.semantic.metric import Metric
from tools.semantic.plan import Plan


def unit_of(metric: Metric, plan: Plan, records: Sequence[Mapping[str, Any]]) -> str | None:
    """`USD`, `USD/1M tokens`, `tokens`, …; None when rows have several, which a column of theirs then tells."""
    unit = metric.unit
    if "{currency}" in unit:
        currency = _currency(plan, records)
        if currency is None:
            return None
        unit = unit.replace("{currency}", currency)
    if metric.unit_column is not None:
        own = _unit(metric.unit_column, plan, records)
        if own is None:
            return None
        unit = unit.replace(f"{{{metric.unit_column}}}", own)
    return unit


def _currency(plan: Plan, records: Sequence[Mapping[str, Any]]) -> str | None:
    if plan.rates and plan.query.currency is not None:
        return plan.query.currency
    if len(plan.currencies) == 1:
        return plan.currencies[0]
    name = "first_currency" if plan.detects_currency else "BillingCurrency"
    found = {record[name] for record in records if record.get(name)}
    if not found and plan.detects_currency:
        return UNKNOWN_CURRENCY
    return str(found.pop()) if len(found) == 1 else None


def _unit(column: str, plan: Plan, records: Sequence[Mapping[str, Any]]) -> str | None:
    found = {record[column] for record in records if record.get(column) is not None}
    for one, dimension in plan.filters:
        if dimension.name == column and one.operator == "in" and len(one.values) == 1:
            found = {one.values[0]}
    if not found and column in plan.units:
        found = {plan.units[column]}
    return str(found.pop()) if len(found) == 1 else None
