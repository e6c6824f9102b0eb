"""The day on which a daily series stepped: where its two halves differ most."""

from collections.abc import Sequence
from datetime import date
from statistics import median

FEWEST_DAYS = 2
"""A step has at least so many days on either side."""


LEAST_GAIN = 0.15
"""Of the first step's gain: a second step below that part is noise."""


def step_day(days: Sequence[date], values: Sequence[float]) -> date | None:
    """The first day after the split that leaves the least squared error around two means (one change point, least
    squares: Hinkley 1970); None for a series that is too short or does not move."""
    place, _ = _best_split(values)
    return days[place] if place else None


def step_days(days: Sequence[date], values: Sequence[float]) -> tuple[date, ...]:
    """The first step and those of the two halves that it leaves (binary segmentation: Scott and Knott 1974), so that
    something that came and went has both its days; the largest step first."""
    place, gain = _best_split(values)
    if not place:
        return ()
    found = [(gain, days[place])]
    for first, last in ((0, place), (place, len(values))):
        inner, own = _best_split(values[first:last])
        if inner and own >= LEAST_GAIN * gain:
            found.append((own, days[first + inner]))
    return tuple(day for _, day in sorted(found, key=lambda one: (-one[0], one[1])))


def _best_split(values: Sequence[float]) -> tuple[int, float]:
    """The place that parts a series best, and by how much it lowers the squared error; 0 for none."""
    count = len(values)
    if count < 2 * FEWEST_DAYS or max(values) == min(values):
        return 0, 0.0
    whole, best, place = sum(values), 0.0, 0
    head = 0.0
    for split in range(1, count):
        head += values[split - 1]
        if split < FEWEST_DAYS or count - split < FEWEST_DAYS:
            continue
        gain = head * head / split + (whole - head) ** 2 / (count - split) - whole * whole / count
        if gain > best:
            best, place = gain, split
    return place, best


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
