"""Where a span of days will end, from its daily amounts: to the digit what forecast_costs tells of the same days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.period import Period
from tools.inform.forecast.foreseen import foreseen_path, too_short
from tools.inform.forecast.future_prices import PriceChange, price_factor
from tools.inform.forecast.horizon import Bucket, buckets_of, natural_step
from tools.inform.forecast.projection import Path, actual_in, day_after
from tools.inform.forecast.rounding import quantum_of, rounded

LEVEL = 80


@dataclass(frozen=True)
class Landing:
    """What a span will have cost at its end, and each coming day's expected cost.

    `low` and `high` hold the end in 80 of 100 cases; None, like `error`, where the history is too short to test a
    forecast: then `mean` is the seasonal-naive one. `error`: WAPE (0–1) of past forecasts of what was still to come.
    """

    mean: Decimal
    low: Decimal | None
    high: Decimal | None
    days: tuple[tuple[date, Decimal], ...]
    error: Decimal | None


def land(first: date, amounts: Sequence[Decimal], span: Period, prices: Sequence[PriceChange] = ()) -> Landing | None:
    """The end of `span` from the amounts of whole days, which begin on `first` and end inside it or before.

    None where the days are too few. `prices`: changes that are known of the whole slice.
    """
    last = first + timedelta(days=len(amounts) - 1)
    if too_short(first, last, span) is not None:
        return None
    horizon, coming = (span.last_day - last).days, day_after(last)
    path = foreseen_path(first, amounts, horizon, price_factor(prices, (), coming, horizon), is_additive=True)
    quantum = quantum_of(path.to_come(span))
    rest = sum((rounded(path.to_come(one.days), quantum) for one in _steps(span)), Decimal(0))
    end = path.expected(Bucket(span.start, span), actual_in(first, amounts, span), rest, quantum)
    low, high = end.limits.get(LEVEL, (None, None))
    return Landing(end.amount, low, high, _days(path, span, quantum), end.error)


def _steps(span: Period) -> tuple[Bucket, ...]:
    """As forecast_costs adds a period up when it is not told how."""
    return buckets_of(span, natural_step(span))


def _days(path: Path, span: Period, quantum: Decimal) -> tuple[tuple[date, Decimal], ...]:
    start, count = path.steps(span)
    first = day_after(path.last)
    return tuple(
        (first + timedelta(days=step), rounded(float(path.mean[step]), quantum)) for step in range(start, start + count)
    )
