"""What more GPUs cost: at what an hour of such a GPU was paid with in the base."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import yaml

import knowledge
from tools.domain.errors import MixedCurrencies, NoData
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.inform.scenario.attribution import shapley
from tools.inform.scenario.base import month_factor
from tools.inform.scenario.request import GPU_LEVERS, ScenarioRequest
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
    """A month of some kinds of GPU as it was, and what each change does to it."""

    before: Fraction
    parts: Mapping[str, Fraction]
    providers: frozenset[str]
    """Who was paid for GPUs of these kinds."""
    currency: str
    notes: tuple[str, ...]
    sql: str
    parameters: tuple[SqlValue, ...]


@dataclass(frozen=True)
class _Paid:
    """GPU-hours that were paid for in one way, and what they cost."""

    provider: str
    pricing: str
    hours: Fraction
    cost: Fraction

    @property
    def price(self) -> Fraction:
        return self.cost / self.hours


@dataclass(frozen=True)
class _Fleet:
    """One kind of GPU in the base. `on_demand` has the hours of every day of the base, by the provider of `at`."""

    kind: str
    paid: Sequence[_Paid]
    at: _Paid
    on_demand: Sequence[Fraction]


def gpu_costs(ctx: ToolContext, request: ScenarioRequest, period: Period) -> GpuCosts:
    """Changes at the price of a GPU-hour on demand where the base has such hours; else as its hours were paid for.

    More GPUs add hours on demand, alike on every day. A commitment is paid in full and takes the place of on-demand
    hours day by day, as far as there are any: what is over is wasted. Raises NoData when no such GPU was paid for.
    """
    rows, sql, parameters = _rows(ctx, request, period)
    month = month_factor(ctx, period)
    named = [one.kind for one in (request.more_gpus, request.commitment) if one is not None]
    fleets = {kind.upper(): _fleet(rows, kind, period) for kind in named}
    currencies = sorted({row["currency"] for row in rows if any(gpus_in(row["name"], kind) for kind in named)})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies)

    def cost(levers: frozenset[str]) -> Fraction:
        return sum((_changed(fleet, request, levers, month) for fleet in fleets.values()), Fraction(0))

    levers = tuple(name for name in GPU_LEVERS if getattr(request, name) is not None)
    return GpuCosts(
        before=sum((one.cost for fleet in fleets.values() for one in fleet.paid), Fraction(0)) * month,
        parts=shapley(levers, cost),
        providers=frozenset(one.provider for fleet in fleets.values() for one in fleet.paid),
        currency=currencies[0],
        notes=tuple(_note(fleet, currencies[0]) for fleet in fleets.values()),
        sql=sql,
        parameters=parameters,
    )


def _rows(
    ctx: ToolContext, request: ScenarioRequest, period: Period
) -> tuple[list[dict[str, Any]], str, tuple[SqlValue, ...]]:
    query = CostQuery(filters=request.filters, period=period)
    columns = Columns(ctx.store, load_model(), Parameters())
    plan = make_plan(query, reader=ctx.store, model=columns.model, columns=columns, as_of=ctx.as_of, rates=ctx.rates)
    sql, parameters = compile_instance_hours(plan, columns)
    rows = [dict(zip(HOUR_COLUMNS, row, strict=True)) for row in ctx.store.query(sql, parameters).rows]
    return [row for row in rows if row["hours"] and row["cost"]], sql, parameters


def _fleet(rows: Sequence[dict[str, Any]], kind: str, period: Period) -> _Fleet:
    mine = [row for row in rows if gpus_in(row["name"], kind)]
    if not mine:
        kinds = sorted({one for row in rows for one in _kinds_in(row["name"])})
        there = f"; there is {', '.join(kinds)}" if kinds else ""
        raise NoData(f"no hours of {kind} were paid for from {period.start} to {period.last_day}{there}", "absent")
    paid = _paid(mine, kind)
    at = max(paid, key=lambda one: (one.pricing == ON_DEMAND, one.hours, one.provider))
    by_day = [Fraction(0)] * period.days
    for row in mine:
        if (row["provider"], row["pricing"]) == (at.provider, ON_DEMAND):
            by_day[(row["day"] - period.start).days] += Fraction(row["hours"]) * gpus_in(row["name"], kind)
    return _Fleet(kind, paid, at, by_day)


def _changed(fleet: _Fleet, request: ScenarioRequest, levers: frozenset[str], month: Fraction) -> Fraction:
    """What a month's on-demand hours and commitment of a kind cost with some of the changes."""
    days = len(fleet.on_demand) * month
    more, bought = request.more_gpus, request.commitment
    added = covered = Fraction(0)
    if more is not None and "more_gpus" in levers and more.kind.upper() == fleet.kind.upper():
        added = more.count * Fraction(more.hours if more.hours is not None else MONTH_HOURS) / days
    fee = Fraction(0)
    if bought is not None and "commitment" in levers and bought.kind.upper() == fleet.kind.upper():
        covered = bought.count * Fraction(MONTH_HOURS) / days
        fee = bought.count * MONTH_HOURS * (1 - Fraction(bought.discount))
    left = sum(
        (hours + added - min(covered, max(hours + added, Fraction(0))) for hours in fleet.on_demand), Fraction(0)
    )
    return fleet.at.price * (left * month + fee)


def gpus_in(name: str, kind: str) -> int:
    """GPUs of a kind in one machine of that name: `8x H100 SXM node` and `ml.p5.48xlarge` have 8 H100; else 0."""
    found = re.search(rf"\b(\d+)\s*x\s*(?:nvidia\s+)?{re.escape(kind)}\b", name, re.I)
    if found:
        return int(found[1])
    for instance, (gpu, count) in _instances().items():
        if gpu.lower() == kind.lower() and re.search(rf"(?<![\w-]){re.escape(instance)}(?!\w)", name, re.I):
            return count
    return 1 if re.search(rf"\b{re.escape(kind)}\b", name, re.I) else 0


class MachineType(NamedTuple):
    """What a machine's name says: its instance type where that is known, the kind of its GPUs and how many."""

    instance: str | None
    kind: str
    gpus: int


@cache
def machine_type(name: str) -> MachineType | None:
    """What a charge's description says of a machine with GPUs; None for one without."""
    found = re.search(r"(?<![\w-])(\d+)\s*x\s*(?:nvidia\s+)?([a-z]+\d+[a-z]*)\b", name, re.I)
    if found and found[2].upper() in {kind for kind, _ in _instances().values()}:
        return MachineType(None, found[2].upper(), int(found[1]))
    for instance, (kind, count) in _instances().items():
        if re.search(rf"(?<![\w-]){spelled(instance)}(?!\w)", name, re.I):
            return MachineType(instance, kind, count)
    return None


@cache
def spelled(instance: str) -> str:
    """A regular expression for how bills write an instance type: Google has `A2 high-GPU 1g` for a2-highgpu-1g."""
    return re.escape(instance).replace(r"\-", r"[-\s]?").replace("gpu", r"[-\s]?gpu")


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


def _note(fleet: _Fleet, currency: str) -> str:
    def told(one: _Paid) -> str:
        how = "on demand" if one.pricing == ON_DEMAND else one.pricing.lower()
        return f"{float(one.price):.4f} {currency} at {one.provider}, {how}"

    others = [told(one) for one in fleet.paid if one is not fleet.at]
    rest = f"; elsewhere it was {'; '.join(others)}" if others else ""
    return f"a month has {MONTH_HOURS} hours; an hour of one {fleet.kind} was {told(fleet.at)}{rest}"


@cache
def _instances() -> dict[str, tuple[str, int]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(knowledge.read("gpu_instances.yaml"), Loader=loader)
    return {row["instance"]: (row["gpu"], int(row["count"])) for row in rows}
