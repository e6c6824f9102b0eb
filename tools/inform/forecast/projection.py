"""The buckets of a forecast: what is actual in each, what is still to come, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.period import Period
from tools.domain.sums import exact_sum
from tools.inform.forecast.horizon import Bucket
from tools.inform.forecast.intervals import MULTIPLIERS, absolute_percentage, error_size
from tools.inform.forecast.rounding import rounded
from tools.inform.forecast.series import Floats, Outlook


@dataclass(frozen=True)
class Expected:
    """One bucket of one group. Limits and errors are None where there is no back-test.

    `amount` is `actual` plus what is still to come; limits contain the actual part too. `error` and `baseline_error`
    are WAPEs (0–1) of past forecasts of as many days as are still to come, as far ahead.
    """

    amount: Decimal
    actual: Decimal | None
    baseline: Decimal | None
    limits: dict[int, tuple[Decimal, Decimal]]
    error: Decimal | None
    baseline_error: Decimal | None


@dataclass(frozen=True)
class Path:
    """A group's days to come: `mean` and `baseline` begin on the day after `last`."""

    last: date
    outlook: Outlook
    mean: Floats
    baseline: Floats
    is_additive: bool
    is_never_negative: bool

    def steps(self, days: Period) -> tuple[int, int]:
        """Where the days still to come begin, and how many there are; (0, 0) when all are actual."""
        start = max(0, (days.start - self.last).days - 1)
        end = (days.end - self.last).days - 1
        return (start, end - start) if end > start else (0, 0)

    def to_come(self, days: Period) -> float:
        """The sum of the days of a bucket that are still to come; for a ratio their mean."""
        return self._of(self.mean, days)

    def _of(self, values: Floats, days: Period) -> float:
        start, count = self.steps(days)
        window = values[start : start + count]
        if not count:
            return 0.0
        return float(window.sum() if self.is_additive else window.mean())

    def expected(self, bucket: Bucket, actual: Decimal | None, to_come: Decimal, quantum: Decimal) -> Expected:
        """The bucket with its limits around what is still to come."""
        start, count = self.steps(bucket.days)
        base = actual or Decimal(0)
        size = error_size(self.outlook, start, count) if count else None
        if size is not None and not self.is_additive:
            size /= count
        limits = (
            {level: self._limits(base, to_come, size * times, quantum) for level, times in MULTIPLIERS.items()}
            if size is not None
            else {}
        )
        tested = self.outlook
        return Expected(
            amount=base + to_come,
            actual=actual,
            baseline=base + rounded(self._of(self.baseline, bucket.days), quantum),
            limits=limits,
            error=_ratio(absolute_percentage(tested.errors, tested.actuals, start, count)),
            baseline_error=_ratio(absolute_percentage(tested.baseline_errors, tested.actuals, start, count)),
        )

    def _limits(self, base: Decimal, to_come: Decimal, width: float, quantum: Decimal) -> tuple[Decimal, Decimal]:
        half = rounded(width, quantum)
        low = max(Decimal(0), to_come - half) if self.is_never_negative else to_come - half
        return base + min(low, to_come), base + to_come + half


def actual_in(first: date, amounts: Sequence[Decimal | None], days: Period) -> Decimal | None:
    """What is actual of some days; None when none of them is."""
    start, end = max(0, (days.start - first).days), (days.end - first).days
    return exact_sum(amounts[start:end]) if end > start else None


def day_after(last: date) -> date:
    return last + timedelta(days=1)


def _ratio(value: float | None) -> Decimal | None:
    return None if value is None else rounded(value, Decimal("0.0001"))
