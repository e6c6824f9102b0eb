"""gpu_machine: hours of machines with GPUs, as they are charged. Quotas, forbidden and expensive cards."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tools.domain.period import Period
from tools.domain.result import Evidence
from tools.inform.scenario.gpus import machine_type
from tools.operate.policies.kinds.charged import filters_of, owner_of, target_of
from tools.operate.policies.kinds.machine_hours import FoundHours, MachineHours, read_machine_hours
from tools.operate.policies.resource import Number, Reading, ResourceKind, Row
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext
from tools.semantic.numbers import EXACT, over, plain

CARD, INSTANCE = "Card", "Instance"
HOURS, COST, PRICE = "GpuHours", "EffectiveCost", "PricePerGpuHour"
DERIVED = (CARD, INSTANCE)
"""Columns that are read out of a charge's description."""


@dataclass
class _Sum:
    hours: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    cards: set[str] = field(default_factory=set)


def _read(ctx: ToolContext, rule: Rule, period: Period) -> Reading:
    by = rule.by if rule.by is not None else GPU_MACHINE.by
    filters, notes = filters_of(ctx, rule, leave_out=DERIVED)
    if filters is None:
        return Reading((), notes=tuple(notes))
    stored = tuple(name for name in by if name not in DERIVED)
    found = read_machine_hours(ctx, stored, filters, period)
    sums = _summed(rule, by, stored, found.rows)
    rows = [_row(rule, by, values, currency, one) for (values, currency), one in sums.items()]
    return Reading(tuple(rows), (_evidence(ctx, found, period),), tuple(notes))


_Key = tuple[tuple[str | None, ...], str]


def _summed(rule: Rule, by: Sequence[str], stored: Sequence[str], rows: Sequence[MachineHours]) -> dict[_Key, _Sum]:
    """GPU-hours and cost by group and currency, of machines whose GPUs are known and that pass the derived filters."""
    sums: dict[_Key, _Sum] = defaultdict(_Sum)
    derived = [one for one in rule.conditions if one.column in DERIVED]
    for row in rows:
        kind = machine_type(row.name)
        if kind is None:
            continue
        own: dict[str, str | None] = {CARD: kind.kind, INSTANCE: kind.instance}
        if not all(one.holds(own[one.column]) for one in derived):
            continue
        own |= dict(zip(stored, row.values, strict=True))
        one = sums[tuple(own[name] for name in by), row.currency]
        one.hours = EXACT.add(one.hours, EXACT.multiply(row.hours, Decimal(kind.gpus)))
        one.cost = EXACT.add(one.cost, row.cost)
        one.cards.add(kind.kind)
    return sums


def _row(rule: Rule, by: Sequence[str], values: Sequence[str | None], currency: str, one: _Sum) -> Row:
    numbers = {HOURS: plain(one.hours), COST: plain(one.cost), PRICE: over(one.cost, one.hours)}
    facts = (f"of {', '.join(sorted(one.cards))}",)
    return Row(target_of(by, values), owner_of(rule, by, values), numbers, currency, facts)


def _evidence(ctx: ToolContext, found: FoundHours, period: Period) -> Evidence:
    return Evidence(
        sql=found.sql,
        parameters=found.parameters,
        period=period,
        generation=ctx.store.generation,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
    )


GPU_MACHINE = ResourceKind(
    name="gpu_machine",
    says="hours of GPU machines",
    numbers={
        HOURS: Number("GPU-hours", "GPU-hours"),
        COST: Number("effective cost", None),
        PRICE: Number("price of a GPU-hour", None),
    },
    measure=HOURS,
    texts=(CARD, INSTANCE, "x_Team", "x_Project", "x_Environment", "HostProviderName", "RegionId"),
    read=_read,
    by=("x_Team",),
    is_open=True,
    can_group=True,
)
