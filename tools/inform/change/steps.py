"""The day on which a daily series stepped: where its two halves differ most."""

from collections.abc import Sequence
from datetime import date
from statistics import median

FEWEST_DAYS = 2
"""A step has at least so many days on either side."""


def step_day(days: Sequence[date], values: Sequence[float]) -> date | None:
    """The first day after the split that leaves the least squared error around two means (one change point, least
    squares: Hinkley 1970); None for a series that is too short or does not move."""
    count = len(values)
    if count < 2 * FEWEST_DAYS or max(values) == min(values):
        return None
    whole, best, place = sum(values), 0.0, 0
    head = 0.0
    for split in range(1, count):
        head += values[split - 1]
        if split < FEWEST_DAYS or count - split < FEWEST_DAYS:
            continue
        gain = head * head / split + (whole - head) ** 2 / (count - split) - whole * whole / count
        if gain > best:
            best, place = gain, split
    return days[place] if place else None


def stepped(days: Sequence[date], values: Sequence[float], least: float) -> tuple[date, float, float] | None:
    """The day of a clean step by at least the part `least`, with the medians before and after it; else None.

    Clean: four of five values on either side lie nearer to their own median than to the other.
    """
    day = step_day(days, values)
    if day is None:
        return None
    before = [value for when, value in zip(days, values, strict=True) if when < day]
    after = [value for when, value in zip(days, values, strict=True) if when >= day]
    low, high = median(before), median(after)
    if not low or abs(high / low - 1) < least:
        return None
    near = sum(abs(v - low) < abs(v - high) for v in before) + sum(abs(v - high) < abs(v - low) for v in after)
    return (day, low, high) if near >= 0.8 * len(values) else None
