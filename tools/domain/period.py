"""Period: a half-open span of UTC days, as in FOCUS."""

from datetime import date, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator


class Period(BaseModel):
    """The days from `start` up to, but not including, `end`; UTC."""

    model_config = ConfigDict(frozen=True)

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a period ends after it starts; got start={self.start} end={self.end} (end is exclusive)")
        return self

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day inside the period."""
        return self.end - timedelta(days=1)

    @classmethod
    def month_of(cls, day: date) -> Self:
        """The calendar month that holds `day`."""
        start = day.replace(day=1)
        return cls(start=start, end=first_of_next_month(start))

    @classmethod
    def day_of(cls, day: date) -> Self:
        return cls(start=day, end=day + timedelta(days=1))

    def previous(self) -> Self:
        """The span of the same length that ends where this one starts."""
        return type(self)(start=self.start - (self.end - self.start), end=self.start)

    def preceding(self) -> Self:
        """What people mean by "the period before": whole calendar months step back by months, others by length.

        October 2026 → September 2026 (30 days before 31); Q3 → Q2; a week → the week before.
        """
        months = self.whole_months
        if months == 0:
            return self.previous()
        return type(self)(start=shift_months(self.start, -months), end=self.start)

    @property
    def whole_months(self) -> int:
        """How many calendar months the period is made of; 0 when it is not made of whole months."""
        if self.start.day != 1 or self.end.day != 1:
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlap(self, other: Self) -> Self | None:
        """The days both have, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return type(self)(start=start, end=end) if start < end else None

    def __str__(self) -> str:
        return f"{self.start} to {self.end} (exclusive)"


def first_of_next_month(day: date) -> date:
    return shift_months(day.replace(day=1), 1)


def shift_months(first_of_month: date, months: int) -> date:
    """The first of the month `months` after (or before) a first of the month."""
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def last_full_month(as_of: date) -> Period:
    """The calendar month before the one of `as_of`."""
    end = as_of.replace(day=1)
    return Period(start=shift_months(end, -1), end=end)
