"""What recurs by the calendar: the same day of earlier months, counted from their start and from their end."""

from collections.abc import Iterator
from datetime import date, timedelta

from tools.domain.period import first_of_next_month, shift_months

MONTHS_BACK = 2
FROM_THE_END = 3
"""Days before a month's end that are met from the end rather than from the start."""


def earlier_days(start: date, step: int) -> Iterator[int]:
    """Steps, before `step` of a daily series that begins on `start`, which stand at its place in earlier months."""
    day = start + timedelta(days=step)
    to_end = (first_of_next_month(day) - day).days
    for months in range(1, MONTHS_BACK + 1):
        first = shift_months(day.replace(day=1), -months)
        days = (first_of_next_month(first) - first).days
        places = {day.day} if day.day <= days else set()
        if to_end <= FROM_THE_END:
            places.add(days - to_end + 1)
        for place in sorted(places):
            found = (first.replace(day=place) - start).days
            if 0 <= found < step:
                yield found
