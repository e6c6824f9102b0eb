"""What more GPUs cost: at what an hour of such a GPU was paid with in the base."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import yaml

import knowledge
from tools.domain.errors import MixedCurrencies, NoData
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.inform.scenario.base import month_factor
from tools.inform.scenario.request import MoreGpus, ScenarioRequest
from tools.registry import SqlValue, ToolContext
from tools.semantic.columns import Columns
from tools.semantic.instance_hours import HOUR_COLUMNS, compile_instance_hours
from tools.semantic.model import load_model
from tools.semantic.parameters import Parameters
from tools.semantic.plan import make_plan

MONTH_HOURS = 730
"""8,760 hours of a year over 12."""
ON_DEMAND = "Standard"


@dataclass(frozen=True)
class GpuCosts:
    """A month of a kind of GPU as it was, and what the change adds."""

    before: Fraction
    change: Fraction
    currency: str
    note: str
    sql: str
    parameters: tuple[SqlValue, ...]


@dataclass(frozen=True)
class _Paid:
    provider: str
    pricing: str
    gpu_hours: Fraction
    cost: Fraction

    @property
    def price(self) -> Fraction:
        return self.cost / self.gpu_hours


def gpu_costs(ctx: ToolContext, request: ScenarioRequest, more: MoreGpus, period: Period) -> GpuCosts:
    """The change at the price of a GPU-hour on demand, where most such hours were bought so; else as they were bought.

    Raises NoData when no such GPU was paid for by the hour in the base.
    """
    query = CostQuery(filters=request.filters, period=period)
    columns = Columns(ctx.store, load_model(), Parameters())
    plan = make_plan(query, reader=ctx.store, model=columns.model, columns=columns, as_of=ctx.as_of, rates=ctx.rates)
    sql, parameters = compile_instance_hours(plan, columns)
    rows = [dict(zip(HOUR_COLUMNS, row, strict=True)) for row in ctx.store.query(sql, parameters).rows]
    mine = [row for row in rows if row["hours"] and row["cost"] and gpus_in(row["name"], more.kind)]
    if not mine:
        kinds = sorted({kind for row in rows for kind in _kinds_in(row["name"])})
        there = f"; there is {', '.join(kinds)}" if kinds else ""
        raise NoData(f"no hours of {more.kind} were paid for from {period.start} to {period.last_day}{there}", "absent")
    currencies = sorted({row["currency"] for row in mine})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies)
    paid = _paid(mine, more.kind)
    at = max(paid, key=lambda one: (one.pricing == ON_DEMAND, one.gpu_hours, one.provider))
    hours = Fraction(more.hours) if more.hours is not None else Fraction(MONTH_HOURS)
    return GpuCosts(
        before=sum((one.cost for one in paid), Fraction(0)) * month_factor(ctx, period),
        change=more.count * hours * at.price,
        currency=currencies[0],
        note=_note(more, at, paid, hours, currencies[0]),
        sql=sql,
        parameters=parameters,
    )


def gpus_in(name: str, kind: str) -> int:
    """GPUs of a kind in one machine of that name: `8x H100 SXM node` and `ml.p5.48xlarge` have 8 H100; else 0."""
    found = re.search(rf"\b(\d+)\s*x\s*(?:nvidia\s+)?{re.escape(kind)}\b", name, re.I)
    if found:
        return int(found[1])
    for instance, (gpu, count) in _instances().items():
        if gpu.lower() == kind.lower() and re.search(rf"(?<![\w-]){re.escape(instance)}(?!\w)", name, re.I):
            return count
    return 1 if re.search(rf"\b{re.escape(kind)}\b", name, re.I) else 0


def _kinds_in(name: str) -> set[str]:
    written = {match[1].upper() for match in re.finditer(r"\b\d+\s*x\s*(?:nvidia\s+)?([a-z]+\d+[a-z]*)\b", name, re.I)}
    return written | {gpu for instance, (gpu, _) in _instances().items() if instance in name.lower()}


def _paid(rows: Sequence[dict[str, Any]], kind: str) -> list[_Paid]:
    hours: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    cost: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in rows:
        key = (row["provider"], row["pricing"])
        hours[key] += Fraction(row["hours"]) * gpus_in(row["name"], kind)
        cost[key] += Fraction(row["cost"])
    return [_Paid(*key, hours[key], cost[key]) for key in sorted(hours) if hours[key]]


def _note(more: MoreGpus, at: _Paid, paid: Sequence[_Paid], hours: Fraction, currency: str) -> str:
    def told(one: _Paid) -> str:
        how = "on demand" if one.pricing == ON_DEMAND else one.pricing.lower()
        return f"{float(one.price):.4f} {currency} at {one.provider}, {how}"

    others = [told(one) for one in paid if one is not at]
    rest = f"; elsewhere it was {'; '.join(others)}" if others else ""
    return f"{float(hours):g} hours a month for each {more.kind}, an hour at {told(at)}{rest}"


@cache
def _instances() -> dict[str, tuple[str, int]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(knowledge.read("gpu_instances.yaml"), Loader=loader)
    return {row["instance"]: (row["gpu"], int(row["count"])) for row in rows}
