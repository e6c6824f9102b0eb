"""Shares: what each payer bears of each group of charges, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.allocation import Part
from tools.semantic.numbers import EXACT


@dataclass(frozen=True)
class ChargeGroup:
    """Charges of a month that one rule (None: none fits) treats alike; `payer` where it is known without a split."""

    month: date
    currency: str | None
    provider: str | None
    service: str | None
    rule: int | None
    payer: str | None
    cost: Decimal


@dataclass(frozen=True)
class Share:
    """A payer's part of a group's cost. `payer` None: nobody's (`unallocated`), or not to be told (`is_outside`)."""

    month: date
    currency: str | None
    provider: str | None
    service: str | None
    part: Part
    rule: str | None
    payer: str | None
    cost: Decimal
    is_outside: bool = False


def total_of(shares: Iterable[Share | ChargeGroup]) -> Decimal:
    """The exact sum of their costs."""
    total = Decimal(0)
    for share in shares:
        total = EXACT.add(total, share.cost)
    return total


def currencies_of(shares: Sequence[Share]) -> tuple[str, ...]:
    """Currencies in which anything was charged, in order."""
    return tuple(sorted({share.currency or "" for share in shares if share.cost}))
