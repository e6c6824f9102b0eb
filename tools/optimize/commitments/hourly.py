"""The hourly ledger: what ran on which kind of machine in each hour, and at which price."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from tools.domain.period import Period
from tools.domain.recommendation import Edit
from tools.optimize.commitments.problem import Floats
from tools.optimize.ledger import KEYS, Line, remaining
from tools.registry import SqlValue, ToolContext

_TEXTS = ("ChargeDescription", "SkuMeter", "SkuId", "ResourceType")
_MACHINE = re.compile(
    r"(?<![\w.-])((?:ml|db|cache)\.)?[a-z]\w*?\d\w*(?:-\w+)*\.(?:nano|micro|small|medium|\d*x?large|metal(?:-\d+xl)?)"
    r"(?:\.search)?(?![\w-])|(?<![\w.-])[a-z]\d\w?-[a-z]+-\w+(?![\w-])|(?<![\w.-])standard_[a-z]+\w*",
    re.IGNORECASE,
)


class Kind(NamedTuple):
    """What is bought in one unit."""

    provider: str
    service: str
    region: str | None
    machine: str
    currency: str


@dataclass
class Usage:
    """A kind's usage. Arrays are by hour of the period; hours of machines."""

    kind: Kind
    text: str
    """Descriptions, meters and SKUs that it goes by."""
    on_demand: Floats
    covered: Floats
    """Under commitments in force."""
    unused: Mapping[str, Floats] = field(default_factory=dict)
    """CommitmentDiscountId → machine-hours that are paid for and idle, where the commitment is in machines."""
    cost: Fraction = Fraction(0)
    """Of what ran on demand; likewise `list_cost`."""
    list_cost: Fraction = Fraction(0)
    hours: Fraction = Fraction(0)
    descriptions: tuple[str, ...] = ()
    """ChargeDescriptions of what ran on demand."""
    committed: Mapping[tuple[str, str, str], tuple[Fraction, Fraction]] = field(default_factory=dict)
    """(category, id, name) of a commitment → what its used hours cost, and the hours."""

    @property
    def price(self) -> Decimal:
        """Paid per hour on demand."""
        return decimal(self.cost / self.hours) if self.hours else Decimal(0)

    @property
    def list_price(self) -> Decimal:
        return decimal(self.list_cost / self.hours) if self.hours and self.list_cost else self.price


@dataclass(frozen=True)
class Hourly:
    """All kinds of machines that were charged by the hour."""

    usages: tuple[Usage, ...]
    period: Period
    sql: str
    parameters: tuple[SqlValue, ...]


def decimal(value: Fraction) -> Decimal:
    return Decimal(round(value * 10**12)).scaleb(-12)


def read_hourly(ctx: ToolContext, period: Period, edits: Sequence[Edit] = ()) -> Hourly:
    """Machine-hours by hour; a charge for a longer span is spread evenly over its hours.

    `edits` are usage savings that are taken already: usage is what they leave.
    """
    sql, parameters = _query(ctx, edits), (period.start, period.end)
    count = period.days * 24
    found: dict[Kind, Usage] = {}
    rows = [_Row(row, _group_keys(edits)) for row in ctx.store.query(sql, parameters).rows]
    parts = remaining([row.line for row in rows], edits)
    for row, part in zip(rows, parts, strict=True):
        kind = row.kind
        usage = found.setdefault(kind, Usage(kind, "", np.zeros(count), np.zeros(count)))
        _add(usage, row, part, period, count)
    return Hourly(tuple(sorted(found.values(), key=lambda one: -one.cost)), period, sql, parameters)


class _Row:
    """One row of the query: a kind's usage in one span of time, under one commitment or none."""

    def __init__(self, row: Sequence[Any], keys: Sequence[str]) -> None:
        texts, rest = row[: len(_TEXTS)], row[len(_TEXTS) :]
        named = dict(zip((*_TEXTS, *keys), row, strict=False))
        self.line = Line(named, Fraction(0), None, None, Fraction(0), Fraction(0))
        self.text = " ".join(text for text in texts if text)
        self.description = texts[0] or ""
        (self.currency, self.category, self.name, self.start, self.end, self.quantity, self.committed, self.cost,
         self.list_cost) = rest[len(keys) :]  # fmt: skip

    @property
    def status(self) -> str | None:
        return self.line["CommitmentDiscountStatus"]

    @property
    def commitment(self) -> str:
        return self.line["CommitmentDiscountId"] or ""

    @property
    def kind(self) -> Kind:
        line = self.line
        return Kind(
            line["HostProviderName"] or "", line["ServiceName"] or "", line["RegionId"], machine_of(self.text),
            self.currency or "",
        )  # fmt: skip


def machine_of(text: str) -> str:
    """The machine that a charge is for: an instance type where one is named, else the whole description."""
    match = _MACHINE.search(text)
    return match.group(0).lower() if match else text


def _add(usage: Usage, row: _Row, part: Fraction, period: Period, count: int) -> None:
    if row.status == "Unused":
        _add_unused(usage, row, period, count)
        return
    hours = Fraction(row.quantity or 0) * part
    series = usage.covered if row.status == "Used" else usage.on_demand
    spread(series, row.start, row.end, float(hours), period)
    usage.text = f"{usage.text} {row.text}" if row.text not in usage.text else usage.text
    cost = Fraction(row.cost or 0) * part
    if row.status == "Used":
        key = row.category or "", row.commitment, row.name or ""
        had = usage.committed.get(key, (Fraction(0), Fraction(0)))
        usage.committed = {**usage.committed, key: (had[0] + cost, had[1] + hours)}
        return
    usage.cost += cost
    usage.list_cost += Fraction(row.list_cost or 0) * part
    usage.hours += hours
    if row.description not in usage.descriptions:
        usage.descriptions = (*usage.descriptions, row.description)


def _add_unused(usage: Usage, row: _Row, period: Period, count: int) -> None:
    series = usage.unused.get(row.commitment)
    if series is None:
        series = np.zeros(count)
        usage.unused = {**usage.unused, row.commitment: series}
    spread(series, row.start, row.end, float(row.committed or 0), period)


def spread(series: Floats, start: datetime, end: datetime, quantity: float, period: Period) -> None:
    """Add a quantity evenly to the hours that a span touches."""
    origin = datetime(period.start.year, period.start.month, period.start.day)
    first = int((start - origin).total_seconds() // 3600)
    length = max(1, -int(-(end - start).total_seconds() // 3600))
    last = min(first + length, len(series))
    series[max(first, 0) : last] += quantity / length


def _group_keys(edits: Sequence[Edit]) -> tuple[str, ...]:
    used = {column for edit in edits for column in edit.where}
    own = ("HostProviderName", "ServiceName", "RegionId", "CommitmentDiscountStatus", "CommitmentDiscountId")
    return (*own, *(name for name in KEYS if name in used and name not in own and name != "ChargeDescription"))


def _query(ctx: ToolContext, edits: Sequence[Edit]) -> str:
    def item(name: str, kind: str = "VARCHAR") -> str:
        return f'"{name}"' if name in ctx.store.columns else f'CAST(NULL AS {kind}) AS "{name}"'

    keys = (*_TEXTS, *_group_keys(edits), "BillingCurrency", "CommitmentDiscountCategory", "CommitmentDiscountName")
    names = dict.fromkeys((*keys, "PricingCategory", "ConsumedUnit", "PricingUnit", "ChargeCategory", "x_TokenType"))
    numbers = ("ConsumedQuantity", "PricingQuantity", "CommitmentDiscountQuantity", "EffectiveCost", "ListCost")
    listed = ", ".join(f'"{key}"' for key in keys)
    return f"""
WITH rows_ AS (
    SELECT {", ".join(item(name) for name in names)}, "ChargePeriodStart", "ChargePeriodEnd",
        {", ".join(item(name, "DECIMAL(38,18)") for name in numbers)}
    FROM charges
    WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" < CAST(? AS DATE) AND "x_CountsForCost"
)
SELECT {listed}, "ChargePeriodStart", "ChargePeriodEnd",
    SUM(COALESCE("ConsumedQuantity", "PricingQuantity")), SUM("CommitmentDiscountQuantity"),
    SUM("EffectiveCost"), SUM("ListCost")
FROM rows_
WHERE "x_TokenType" IS NULL AND COALESCE("ChargeCategory", 'Usage') = 'Usage'
    AND (("CommitmentDiscountStatus" = 'Unused' AND COALESCE("CommitmentDiscountCategory", 'Usage') = 'Usage')
        OR (COALESCE("ConsumedUnit", "PricingUnit") ILIKE '%hour%'
            AND COALESCE("PricingCategory", 'Standard') IN ('Standard', 'Committed')))
GROUP BY ALL ORDER BY ALL
""".strip()


def owner_of_unused(usages: Sequence[Usage]) -> Mapping[str, Kind]:
    """CommitmentDiscountId → the kind of machine whose hours it covers, where it covers one kind only."""
    kinds: dict[str, set[Kind]] = defaultdict(set)
    for usage in usages:
        for _, commitment, _ in usage.committed:
            kinds[commitment].add(usage.kind)
    return {commitment: next(iter(found)) for commitment, found in kinds.items() if len(found) == 1}


def hours_of(period: Period) -> int:
    return int(timedelta(days=period.days).total_seconds() // 3600)
