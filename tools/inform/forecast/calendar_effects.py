"""What comes at the edges of a month: fees on the 1st, settlements on the last days.

Weekdays and month lengths need no help: the models see single days, and a month is the sum of its own.
"""

from datetime import date, timedelta

import numpy as np

from tools.domain.period import Period
from tools.inform.forecast.series import Floats

EDGE_DAYS = 3
LEAST_MONTHS = 3
NEIGHBOURS = 7
"""A day is held against the median of a week to either side."""
SAME_SIGN = 0.8
TIMES_USUAL = 4.0
"""An effect stands out from how much ordinary days differ from their neighbours by at least this factor."""


def month_edge_effects(first: date, values: Floats) -> dict[int, float]:
    """Position in the month (1 to 3, and -1 to -3 from its end) → what such days have more than their neighbours.

    Only what came back in most months and stands out is given.
    """
    apart = values - _local_median(values)
    usual = float(np.median(np.abs(apart))) if len(values) else 0.0
    found: dict[int, list[float]] = {}
    for index in range(len(values)):
        if (position := edge_of(first + timedelta(days=index))) is not None:
            found.setdefault(position, []).append(float(apart[index]))
    return {position: float(np.median(seen)) for position, seen in sorted(found.items()) if _stands_out(seen, usual)}


def added(effects: dict[int, float], first: date, days: int) -> Floats:
    """The effects of so many days from `first`."""
    positions = (edge_of(first + timedelta(days=index)) for index in range(days))
    return np.array([0.0 if position is None else effects.get(position, 0.0) for position in positions])


def edge_of(day: date) -> int | None:
    """1, 2, 3 for the first days of a month, -1, -2, -3 for the last ones, else None."""
    if day.day <= EDGE_DAYS:
        return day.day
    left = (Period.month_of(day).end - day).days
    return -left if left <= EDGE_DAYS else None


def _stands_out(seen: list[float], usual: float) -> bool:
    middle = float(np.median(seen))
    if len(seen) < LEAST_MONTHS or abs(middle) <= TIMES_USUAL * usual:
        return False
    return sum(one * middle > 0 for one in seen) >= SAME_SIGN * len(seen)


def _local_median(values: Floats) -> Floats:
    padded = (
        np.pad(values, NEIGHBOURS, mode="reflect") if len(values) > NEIGHBOURS else np.pad(values, NEIGHBOURS, "edge")
    )
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1)
    middle: Floats = np.median(windows, axis=1)
    return middle
