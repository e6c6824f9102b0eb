"""How often a CronJob runs in a month of 730 hours.

Source: Kubernetes, CronJob, schedule syntax: minute, hour, day of month, month, day of week, and macros such as @daily.
"""

import re
from decimal import Decimal
from functools import reduce

from tools.semantic.numbers import EXACT, QUOTIENT

_MACROS = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NAMES = {
    name: str(number)
    for names, first in (("jan feb mar apr may jun jul aug sep oct nov dec", 1), ("sun mon tue wed thu fri sat", 0))
    for number, name in enumerate(names.split(), start=first)
}
YEAR_DAYS = 365
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def runs_a_month(schedule: str) -> Decimal | None:
    """Runs of a common year over 12; a day of the week counts 365/7 times. None for what is no schedule, or is one by
    days of the month and of the week at once."""
    fields = _MACROS.get(schedule.strip().lower(), schedule).split()
    if len(fields) != 5:
        return None
    sets = [_values(text, low, high) for text, (low, high) in zip(fields, _FIELDS, strict=True)]
    if any(one is None for one in sets):
        return None
    minutes, hours, days, months, weekdays = (one or set() for one in sets)
    each_day, by_day, by_weekday = len(minutes) * len(hours), fields[2] != "*", fields[4] != "*"
    if by_day and by_weekday:
        return None
    matching = sum(1 for month in months for day in range(1, _MONTH_DAYS[month - 1] + 1) if day in days)
    a_year = Decimal(each_day * matching)
    if by_weekday:
        a_year = QUOTIENT.divide(EXACT.multiply(a_year, Decimal(len({day % 7 for day in weekdays}))), Decimal(7))
    return QUOTIENT.divide(a_year, Decimal(12))


def _values(text: str, low: int, high: int) -> set[int] | None:
    parts = [_part(one, low, high) for one in text.split(",")]
    if any(one is None for one in parts):
        return None
    return reduce(lambda found, one: found | (one or set()), parts, set[int]())


def _part(text: str, low: int, high: int) -> set[int] | None:
    """`*`, `*/6`, `1-5`, `8-18/2`, `3`, `mon`."""
    for name, number in _NAMES.items():
        text = re.sub(rf"\b{name}\b", number, text, flags=re.I)
    found = re.fullmatch(r"(\*|\?|\d+(?:-\d+)?)(?:/(\d+))?", text)
    if found is None or found[2] == "0":
        return None
    step = int(found[2] or 1)
    if found[1] in "*?":
        return set(range(low, (6 if high == 7 else high) + 1, step))
    first, _, last = found[1].partition("-")
    end = int(last) if last else (high if found[2] else int(first))
    return set(range(int(first), end + 1, step)) if low <= int(first) <= end <= high else None
