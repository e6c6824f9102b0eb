"""Planned changes as amounts a day: launches with a ramp, commitments that end."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from tools.domain.errors import BadRequest
from tools.inform.forecast.request import PlannedChange
from tools.inform.forecast.series import Floats


def check_changes(changes: Sequence[PlannedChange], last: date) -> None:
    """Raises BadRequest for a change that ends before it starts, or that the actuals show already."""
    for change in changes:
        if change.end is not None and change.end <= change.start:
            raise BadRequest(f"the change {change.name!r} ends on {change.end}, before it starts on {change.start}")
        if change.start <= last - timedelta(days=change.ramp_days):
            raise BadRequest(
                f"the change {change.name!r} starts on {change.start}: the data through {last} shows it already"
            )


def amounts_of(change: PlannedChange, first: date, days: int) -> Floats:
    """What the change adds on each of so many days from `first`; a ramp grows by the day."""
    age = np.arange(days, dtype=np.float64) + (first - change.start).days + 1
    size = np.clip(age / (change.ramp_days + 1), 0.0, 1.0)
    if change.end is not None:
        size[np.arange(days) >= (change.end - first).days] = 0.0
    found: Floats = size * float(change.per_day)
    return found
