"""How load moves: by hour, weekday, holiday, month end, and over the year. All shapes average about 1."""

from typing import Literal

import numpy as np

from tools.demo.calendar import Calendar, Floats

Rhythm = Literal["office", "consumer", "always", "nightly", "month_end"]

_OFFICE_WEEK = np.array([1.22, 1.28, 1.3, 1.26, 1.12, 0.44, 0.38])
_CONSUMER_WEEK = np.array([1.02, 1.0, 1.0, 1.03, 1.08, 0.96, 0.91])


def shape(rhythm: Rhythm, calendar: Calendar) -> Floats:
    """Load relative to its mean, as days × 24 hours."""
    return np.outer(_by_day(rhythm, calendar), _by_hour(rhythm))


def growth(calendar: Calendar, yearly: float) -> Floats:
    """A column of day factors: 1 at the start of the world, `yearly` a year later."""
    return np.power(yearly, np.arange(calendar.days) / 365.0)[:, None]


def ramp(calendar: Calendar, first: int, last: int) -> Floats:
    """A column of day factors rising from 0 before day `first` to 1 from day `last` on."""
    steps = (np.arange(calendar.days) - first + 1) / max(1, last - first + 1)
    return np.clip(steps, 0.0, 1.0)[:, None]


def _by_hour(rhythm: Rhythm) -> Floats:
    hours = np.arange(24)
    if rhythm == "office":
        curve = 0.12 + np.exp(-((hours - 13.5) ** 2) / 18.0)
    elif rhythm == "consumer":
        curve = 0.35 + 0.8 * np.exp(-((hours - 18.0) ** 2) / 30.0)
    elif rhythm in ("nightly", "month_end"):
        curve = np.where((hours >= 1) & (hours < 6), 1.0, 0.0)
    else:
        curve = np.ones(24)
    return np.asarray(curve / curve.mean(), dtype=np.float64)


def _by_day(rhythm: Rhythm, calendar: Calendar) -> Floats:
    weekdays, days = calendar.weekdays(), np.ones(calendar.days)
    if rhythm == "office":
        days = np.where(calendar.is_holiday(), 0.35, 1.0) * _OFFICE_WEEK[weekdays]
    elif rhythm == "consumer":
        days = np.where(calendar.is_holiday(), 1.25, 1.0) * _CONSUMER_WEEK[weekdays]
    elif rhythm == "month_end":
        days = np.where(calendar.days_to_month_end() < 2, 14.0, 0.0)
    return days
