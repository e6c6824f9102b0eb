"""Sums over an issued statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.closing import Accrual, Statement
from tools.semantic.numbers import EXACT, plain


@dataclass
class PayerTotal:
    """What one payer is charged; the parts sum to the total."""

    payer: str | None
    currency: str | None
    total: Decimal = Decimal(0)
    direct: Decimal = Decimal(0)
    shared: Decimal = Decimal(0)
    fallback: Decimal = Decimal(0)
    adjustments: Decimal = Decimal(0)
    unallocated: Decimal = Decimal(0)

    def add(self, part: str, cost: Decimal) -> None:
        setattr(self, part, plain(EXACT.add(getattr(self, part), cost)))
        self.total = plain(EXACT.add(self.total, cost))


def payer_totals(statement: Statement) -> tuple[PayerTotal, ...]:
    """One per payer and currency, the costliest first, what is unallocated last."""
    found: dict[tuple[str | None, str | None], PayerTotal] = {}
    for line in statement.lines:
        key = (line.currency, line.payer)
        found.setdefault(key, PayerTotal(line.payer, line.currency)).add(line.part, line.cost)
    for one in statement.adjustments:
        key = (one.currency, one.payer)
        found.setdefault(key, PayerTotal(one.payer, one.currency)).add("adjustments", one.cost)
    return tuple(
        sorted(found.values(), key=lambda one: (one.currency or "", one.payer is None, -one.total, one.payer or ""))
    )


def accrued(accruals: Sequence[Accrual]) -> tuple[tuple[str | None, Decimal], ...]:
    """What is accrued, by currency."""
    return tuple(_by_currency((one.currency, one.cost) for one in accruals).items())


def adjusted(statement: Statement) -> tuple[tuple[date, str | None, Decimal], ...]:
    """What each earlier month was restated by, over all payers."""
    months = sorted({one.month for one in statement.adjustments})
    return tuple(
        (month, currency, cost)
        for month in months
        for currency, cost in _by_currency(
            (one.currency, one.cost) for one in statement.adjustments if one.month == month
        ).items()
    )


def _by_currency(amounts: Iterable[tuple[str | None, Decimal]]) -> dict[str | None, Decimal]:
    sums: dict[str | None, Decimal] = {}
    for currency, cost in amounts:
        sums[currency] = plain(EXACT.add(sums.get(currency, Decimal(0)), cost))
    return sums
