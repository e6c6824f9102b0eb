"""Adjustments: closed months measured again by today's data, against what was charged for them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from tools.domain.closing import Adjustment, Closing, Line, Statement
from tools.domain.period import Period
from tools.inform.allocation.engine import allocate_period
from tools.inform.allocation.grouping import Source
from tools.inform.allocation.owner_map import OwnerMap
from tools.inform.allocation.shares import Share
from tools.registry import CostReader
from tools.semantic.numbers import EXACT, plain

_Payer = tuple[str | None, str | None]
"""Currency and payer."""


def pending_adjustments(
    reader: CostReader, owners: OwnerMap, dimension: str, closings: Sequence[Closing]
) -> tuple[Adjustment, ...]:
    """What closed months would have to be charged more (or less) by the data that `reader` has now.

    Each month goes by the rules that it was issued under, and what later months have posted for it counts as charged.
    A month whose closing was read from this very generation has none.
    """
    own = [
        (closing, statement)
        for closing in closings
        if closing.generation != reader.generation and (statement := closing.statement(dimension)) is not None
    ]
    now = _measured(reader, owners, dimension, [closing for closing, _ in own])
    return tuple(
        adjustment
        for closing, statement in own
        for adjustment in _differences(closing, now[closing.month], _charged(closing, statement, dimension, closings))
    )


def _measured(
    reader: CostReader, owners: OwnerMap, dimension: str, closings: Sequence[Closing]
) -> dict[date, dict[_Payer, Decimal]]:
    """What today's data gives for each month; neighbouring months of the same rules take one query."""
    found: dict[date, dict[_Payer, Decimal]] = {}
    for rules, group in groupby(closings, key=lambda one: one.rules.of(dimension)):
        months = list(group)
        span = Period(start=months[0].month, end=months[-1].period.end)
        shares = allocate_period(Source(reader, dimension, rules, owners), span).shares
        found |= {one.month: _sums(share for share in shares if share.month == one.month) for one in months}
    return found


def _charged(
    closing: Closing, statement: Statement, dimension: str, closings: Sequence[Closing]
) -> dict[_Payer, Decimal]:
    posted = [
        adjustment
        for later in closings
        if (own := later.statement(dimension)) is not None
        for adjustment in own.adjustments
        if adjustment.month == closing.month
    ]
    return _sums([*statement.lines, *posted])


def _differences(closing: Closing, now: dict[_Payer, Decimal], charged: dict[_Payer, Decimal]) -> Iterator[Adjustment]:
    for currency, payer in sorted({*now, *charged}, key=lambda one: (one[0] or "", one[1] is None, one[1] or "")):
        cost = EXACT.subtract(now.get((currency, payer), Decimal(0)), charged.get((currency, payer), Decimal(0)))
        if cost:
            yield Adjustment(month=closing.month, currency=currency, payer=payer, cost=plain(cost))


def _sums(items: Iterable[Share | Line | Adjustment]) -> dict[_Payer, Decimal]:
    sums: dict[_Payer, Decimal] = {}
    for item in items:
        key = (item.currency, item.payer)
        sums[key] = EXACT.add(sums.get(key, Decimal(0)), item.cost)
    return sums
