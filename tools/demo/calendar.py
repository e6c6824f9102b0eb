"""The world's calendar: thirteen full months and the running one, through yesterday."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from tools.domain.period import shift_months

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
MONTHS_BEFORE = 13


@dataclass(frozen=True)
class Calendar:
    """Days count from `start`, the first of the month thirteen months back; the last one is the day before `today`."""

    today: date

    @property
    def start(self) -> date:
        return shift_months(self.today.replace(day=1), -MONTHS_BEFORE)

    @property
    def days(self) -> int:
        return (self.today - self.start).days

    @property
    def hours(self) -> int:
        return self.days * 24

    @property
    def running_month(self) -> date:
        return self.today.replace(day=1)

    @property
    def closed_days(self) -> int:
        """How many days lie in months that are over."""
        return self.index(self.running_month)

    def index(self, day: date) -> int:
        """The day's number, clipped to the world."""
        return max(0, min(self.days, (day - self.start).days))

    def ago(self, days: int) -> int:
        """The number of the day so many days before today."""
        return max(0, self.days - days)

    def day(self, index: int) -> date:
        return self.start + timedelta(days=index)

    def month(self, number: int) -> date:
        """The first of a month; 0 is the world's first, 13 the running one."""
        return shift_months(self.start, number)

    def months(self) -> tuple[tuple[date, date], ...]:
        """First and last (exclusive) day of each month with data; the running one ends today."""
        firsts = [self.month(number) for number in range(MONTHS_BEFORE + 1)]
        spans = [(first, min(shift_months(first, 1), self.today)) for first in firsts]
        return tuple(span for span in spans if span[0] < span[1])

    def weekdays(self) -> Ints:
        """For each day 0 (Monday) to 6."""
        return (np.arange(self.days, dtype=np.int64) + self.start.weekday()) % 7

    def is_holiday(self) -> Flags:
        """The days from 24 December to 1 January."""
        days = [self.day(index) for index in range(self.days)]
        return np.array([(day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1) for day in days])

    def days_to_month_end(self) -> Ints:
        """0 on the last day of a month."""
        return np.array(
            [(shift_months(day.replace(day=1), 1) - day).days - 1 for day in map(self.day, range(self.days))],
            dtype=np.int64,
        )
