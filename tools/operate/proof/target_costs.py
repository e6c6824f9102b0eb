"""What targets of remediations cost, day by day, and the last day that is wholly known of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.domain.errors import MixedCurrencies
from tools.registry import SqlValue, ToolContext
from tools.semantic.numbers import EXACT

MOST_TARGETS = 2_000
_COMMITTED = "Used"


@dataclass
class TargetCost:
    """One target's EffectiveCost by day; a day without charges is not in it. `committed`: the part of it that a
    commitment paid for."""

    daily: dict[date, Decimal] = field(default_factory=dict)
    committed: dict[date, Decimal] = field(default_factory=dict)
    complete: date = date.min
    """The last day on which all charges of it are loaded, as far as its source and its provider's usual lag tell."""


@dataclass(frozen=True)
class TargetCosts:
    """By target id; a target that no charge names is not in it."""

    of: Mapping[str, TargetCost]
    currency: str | None
    sql: str
    parameters: tuple[SqlValue, ...]


def read_target_costs(ctx: ToolContext, ids: Sequence[str]) -> TargetCosts:
    """The daily costs of the resources with these ids, all days that are loaded.

    A charge is a target's when its ResourceId is the target's id, or an ARN that ends in it.

    Raises:
        MixedCurrencies: they are charged in more than one.
    """
    wanted = tuple(sorted(set(ids)))[:MOST_TARGETS]
    sql, parameters = _query(ctx, wanted), (*wanted, *wanted, *wanted)
    rows = ctx.store.query(sql, parameters).rows if wanted else ()
    currencies = sorted({row[0] for row in rows if row[0] is not None})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies)
    found: dict[str, TargetCost] = {}
    for row in rows:
        _add(ctx, found.setdefault(_target_of(row[1], wanted), TargetCost()), row)
    return TargetCosts(found, currencies[0] if currencies else None, sql, parameters)


def _query(ctx: ToolContext, wanted: Sequence[str]) -> str:
    def item(name: str) -> str:
        return f'"{name}"' if name in ctx.store.columns else f'CAST(NULL AS VARCHAR) AS "{name}"'

    marks = ", ".join("?" for _ in wanted)
    names = ("BillingCurrency", "ResourceId", "HostProviderName", "CommitmentDiscountStatus")
    return f"""
WITH named AS (
    SELECT {", ".join(item(name) for name in names)}, "x_Source", "ChargeDay", "EffectiveCost" FROM charges
    WHERE "x_CountsForCost" AND "EffectiveCost" IS NOT NULL
),
reach AS (SELECT "x_Source", MAX("ChargeDay") AS "Through" FROM daily GROUP BY ALL)
SELECT "BillingCurrency", "ResourceId", "HostProviderName", "x_Source", "Through", "ChargeDay",
    SUM("EffectiveCost") AS "EffectiveCost",
    SUM("EffectiveCost") FILTER ("CommitmentDiscountStatus" = '{_COMMITTED}') AS "CommittedCost"
FROM named JOIN reach USING ("x_Source")
WHERE "ResourceId" IN ({marks}) OR ("ResourceId" LIKE 'arn:%' AND (
    regexp_extract("ResourceId", '[^:]+$') IN ({marks}) OR regexp_extract("ResourceId", '[^:/]+$') IN ({marks})))
GROUP BY ALL ORDER BY ALL
""".strip()


def _target_of(resource: str, wanted: Sequence[str]) -> str:
    """The longest id that the resource ends in: endpoint/a rather than a."""
    return max((one for one in wanted if resource == one or resource.endswith((f":{one}", f"/{one}"))), key=len)


def _add(ctx: ToolContext, cost: TargetCost, row: Sequence[Any]) -> None:
    _, _, provider, _, through, day, amount, committed = row
    cost.daily[day] = EXACT.add(cost.daily.get(day, Decimal(0)), amount)
    cost.committed[day] = EXACT.add(cost.committed.get(day, Decimal(0)), committed or Decimal(0))
    settled = ctx.as_of - timedelta(days=1 + ctx.lag.of(provider or ""))
    cost.complete = max(cost.complete, min(through, settled))
