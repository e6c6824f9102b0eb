"""The last days of data that are not whole yet: usage that came late, a day that is not over."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

MOST_LATE_DAYS = 4
WEEKS = 4
PART = Decimal("0.6")
"""A last day below this part of what its weekday had, and of every day of the two weeks before, is not whole."""


def last_whole_day(first: date, amounts: Sequence[Decimal | None], as_of: date) -> tuple[date, str]:
    """The last day to count as actual, with a sentence on the days left out or ''; `amounts` begin on `first`."""
    loaded = first + timedelta(days=len(amounts) - 1)
    last = min(loaded, as_of - timedelta(days=1))
    count = (last - first).days + 1
    dropped = 0
    while dropped < MOST_LATE_DAYS and _is_cut(amounts[: count - dropped]):
        dropped += 1
    if dropped == MOST_LATE_DAYS:
        dropped = 0  # so many days are no delay but a lower level
    whole = last - timedelta(days=dropped)
    if whole == loaded:
        return whole, ""
    left = f"{whole + timedelta(days=1)}" + (f" to {loaded}" if loaded > whole + timedelta(days=1) else "")
    return whole, f"{left} is not wholly loaded yet, so it is foreseen rather than counted"


def _is_cut(amounts: Sequence[Decimal | None]) -> bool:
    if len(amounts) < 7 * WEEKS + 1:
        return False
    last = amounts[-1] or Decimal(0)
    weekdays = [amounts[-1 - 7 * week] or Decimal(0) for week in range(1, WEEKS + 1)]
    usual = median(weekdays)
    before = [one or Decimal(0) for one in amounts[-15:-1]]
    return usual > 0 and last < PART * usual and last < PART * min(weekdays) and last < min(before)
