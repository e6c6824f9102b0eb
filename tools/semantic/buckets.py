"""Time buckets that a period has, to tell which of them are empty."""

from datetime import date, timedelta

from tools.semantic.plan import Plan

PLURALS = {"day": "days", "week": "weeks", "month": "months", "quarter": "quarters", "year": "years"}


def empty_buckets(plan: Plan, found: frozenset[str], loaded_from: date | None, loaded_through: date | None) -> str:
    """A sentence about loaded buckets without a charge, or ''. Hours and weekdays are not counted."""
    granularity = plan.query.granularity or ""
    if granularity not in PLURALS or loaded_from is None or loaded_through is None or plan.query.limit:
        return ""
    period = plan.span.current
    first, last = max(period.start, loaded_from), min(period.last_day, loaded_through)
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    expected = {_start(day, granularity).isoformat() for day in days}
    empty = len(expected - found)
    if not empty:
        return ""
    return f"{empty} of {len(expected)} {PLURALS[granularity]} have no such charge and are left out"


def cut_buckets(plan: Plan, loaded_from: date | None, loaded_through: date | None) -> str:
    """A sentence about the first and last week, month, quarter or year that are not whole, or ''."""
    granularity = plan.query.granularity or ""
    if granularity not in PLURALS or granularity == "day" or loaded_from is None or loaded_through is None:
        return ""
    period = plan.span.current
    first, last = max(period.start, loaded_from), min(period.last_day, loaded_through)
    if first > last:
        return ""
    cut = []
    if _start(first, granularity) != first:
        cut.append(f"the first {granularity} starts on {first}")
    if _start(last + timedelta(days=1), granularity) != last + timedelta(days=1):
        cut.append(f"the last {granularity} ends on {last}")
    return f"not every {granularity} is whole: {' and '.join(cut)}" if cut else ""


def _start(day: date, granularity: str) -> date:
    if granularity == "day":
        return day
    if granularity == "week":
        return day - timedelta(days=day.weekday())
    if granularity == "month":
        return day.replace(day=1)
    return day.replace(month=(day.month - 1) // 3 * 3 + 1 if granularity == "quarter" else 1, day=1)
