"""Close a month: what is charged back for it, as it will stand from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tools.domain.allocation import AllocationRules
from tools.domain.closing import Accrual, Closing, Line, Statement
from tools.domain.errors import BadInput
from tools.domain.period import Period, first_of_next_month
from tools.inform.allocation.adjust import pending_adjustments
from tools.inform.allocation.engine import allocate_period
from tools.inform.allocation.grouping import Source
from tools.inform.allocation.owner_map import owner_map
from tools.inform.allocation.shares import Share
from tools.registry import CostReader
from tools.semantic.numbers import EXACT, exact

DEFAULT = "x_Team"
"""Who pays where allocation.yaml names nobody."""


@dataclass(frozen=True)
class Occasion:
    """Who closes, and when."""

    by: str
    at: datetime


def close_month(
    reader: CostReader, rules: AllocationRules, closings: Sequence[Closing], month: date, occasion: Occasion
) -> Closing:
    """The month's statements by every dimension that has rules, accruals, and adjustments of earlier months.

    Raises:
        BadInput: the month is not over, not wholly loaded, or does not follow the last closed one.
    """
    _check(reader, closings, month, occasion.at.date())
    statements = []
    for dimension in rules.allocate or (DEFAULT,):
        owners = owner_map(reader, dimension)
        shares = allocate_period(Source(reader, dimension, rules.of(dimension), owners), Period.month_of(month)).shares
        adjustments = pending_adjustments(reader, owners, dimension, closings)
        statements.append(Statement(dimension=dimension, lines=_lines(shares), adjustments=adjustments))
    return Closing(
        month=month,
        generation=reader.generation,
        loaded_through=reader.loaded_through or month,
        rules=rules,
        statements=tuple(statements),
        accruals=accruals(reader, month),
        closed_at=occasion.at,
        closed_by=occasion.by,
    )


def accruals(reader: CostReader, month: date) -> tuple[Accrual, ...]:
    """The month's cost that counts and stands on no invoice yet, by provider and what it stands on."""
    period = Period.month_of(month)
    rows = reader.query(
        'SELECT "HostProviderName", "x_CostBasis", "BillingCurrency", CAST(min("ChargeDay") AS DATE), '
        'CAST(max("ChargeDay") AS DATE), sum("EffectiveCost") FROM daily WHERE "x_CountsForCost" '
        'AND "x_CostBasis" <> \'invoice\' AND "ChargeDay" >= ? AND "ChargeDay" < ? GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
        [period.start, period.end],
    ).rows
    found = []
    for provider, basis, currency, first, last, amount in rows:
        cost = exact(amount)
        if cost:
            found.append(
                Accrual(provider=provider, basis=basis, currency=currency, first_day=first, last_day=last, cost=cost)
            )
    return tuple(found)


def _check(reader: CostReader, closings: Sequence[Closing], month: date, today: date) -> None:
    period = Period.month_of(month)
    if period.end > today:
        raise BadInput(f"{month:%Y-%m} is not over; it can be closed from {period.end} on")
    first, last = reader.loaded_from, reader.loaded_through
    if first is None or last is None or first > period.last_day:
        raise BadInput(f"nothing is loaded for {month:%Y-%m}; load its bills or usage first")
    if last < period.last_day:
        raise BadInput(f"{month:%Y-%m} is loaded through {last} only; load the rest of it first")
    if closings and month != (following := first_of_next_month(closings[-1].month)):
        raise BadInput(
            f"months are closed in order: {closings[-1].month:%Y-%m} was the last, so {following:%Y-%m} is the next"
        )


def _lines(shares: Sequence[Share]) -> tuple[Line, ...]:
    sums: dict[tuple[str | None, ...], Line] = {}
    for one in shares:
        key = (one.payer, one.part, one.rule, one.provider, one.service, one.currency)
        before = sums[key].cost if key in sums else Decimal(0)
        sums[key] = Line(
            currency=one.currency,
            provider=one.provider,
            service=one.service,
            part=one.part,
            rule=one.rule,
            payer=one.payer,
            cost=EXACT.add(before, one.cost),
        )
    ordered = sorted(sums, key=lambda key: tuple((part is None, part or "") for part in key))
    return tuple(sums[key] for key in ordered)
