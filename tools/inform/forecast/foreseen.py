"""The days after a series of daily amounts, with what prices that are known to change make of them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.inform.forecast.daily import LEAST_DAYS, TIMES_HISTORY, foresee
from tools.inform.forecast.projection import Path
from tools.inform.forecast.series import Floats


def foreseen_path(
    first: date,
    amounts: Sequence[Decimal | None],
    horizon: int,
    factor: Floats,
    *,
    is_additive: bool,
    state_space: bool = True,
) -> Path:
    """`horizon` days after `amounts`, which begin on `first`, each times its `factor`."""
    found = foresee(first, amounts, horizon, state_space=state_space)
    return Path(
        last=first + timedelta(days=len(amounts) - 1),
        outlook=found,
        mean=found.mean[:horizon] * factor,
        baseline=found.baseline[:horizon],
        is_additive=is_additive,
        is_never_negative=not any(amount is not None and amount < 0 for amount in amounts),
    )


def too_short(first: date, last: date, period: Period) -> NoData | None:
    """Why days from `first` through `last` can't carry a forecast to the end of `period`."""
    days, ahead = (last - first).days + 1, (period.last_day - last).days
    if days < LEAST_DAYS:
        return NoData(
            f"{max(days, 0)} days of data are too few for a forecast: it takes {LEAST_DAYS} at least", "absent"
        )
    if ahead > TIMES_HISTORY * days:
        return NoData(
            f"{days} days of data can't carry a forecast {ahead} days ahead: ask for {TIMES_HISTORY * days} at most",
            "absent",
        )
    return None
