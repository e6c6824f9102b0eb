"""The whole and its groups foreseen, so that the groups sum to the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from tools.domain.period import Period
from tools.domain.result import Cell
from tools.inform.forecast.changes import amounts_of
from tools.inform.forecast.foreseen import foreseen_path
from tools.inform.forecast.future_prices import PriceChange, known_price_changes, price_factor
from tools.inform.forecast.history import History
from tools.inform.forecast.horizon import Bucket
from tools.inform.forecast.projection import Expected, Path, actual_in, day_after
from tools.inform.forecast.request import ForecastRequest
from tools.inform.forecast.rounding import rounded, shared_out
from tools.inform.forecast.series import Floats
from tools.registry import ToolContext

Names = tuple[Cell, ...]


@dataclass(frozen=True)
class Slices:
    """`whole` is foreseen by itself; `parts` are scaled to it in each bucket (top-down proportional).

    So "December" and "December by team" give the same total. `planned` are changes as days to come, by name.
    """

    history: History
    whole: Path
    parts: tuple[Path, ...]
    planned: tuple[tuple[str, Floats], ...]
    price_changes: tuple[PriceChange, ...]

    def of_bucket(self, bucket: Bucket, quantum: Decimal) -> list[tuple[Names, Expected]]:
        """What is expected of each group in a bucket; without groups one row of the whole."""
        history = self.history
        if not history.dimensions:
            return [((), self._whole(bucket, quantum))]
        if not history.is_additive:
            return [
                (group.names, _alone(path, history, group.amounts, bucket, quantum))
                for group, path in zip(history.groups, self.parts, strict=True)
            ]
        planned = self._planned(bucket, quantum)
        to_come = self._to_come(bucket, quantum) - sum((one for _, one in planned), Decimal(0))
        shares = shared_out(to_come, [path.to_come(bucket.days) for path in self.parts], quantum)
        found = [
            (group.names, path.expected(bucket, actual_in(history.first, group.amounts, bucket.days), share, quantum))
            for group, path, share in zip(history.groups, self.parts, shares, strict=True)
        ]
        blank = (None,) * (len(history.dimensions) - 1)
        return found + [((f"planned: {name}", *blank), _certain(amount)) for name, amount in planned]

    def of_period(self, buckets: Sequence[Bucket], period: Period, quantum: Decimal) -> Expected:
        """What is expected of all buckets together: the exact sum of the rows, with the limits of the sum."""
        whole, history = Bucket(period.start, period), self.history
        if not history.is_additive:
            return _alone(self.whole, history, history.whole, whole, quantum)
        to_come = sum((self._to_come(bucket, quantum) for bucket in buckets), Decimal(0))
        return self.whole.expected(whole, actual_in(history.first, history.whole, period), to_come, quantum)

    def _whole(self, bucket: Bucket, quantum: Decimal) -> Expected:
        history = self.history
        if not history.is_additive:
            return _alone(self.whole, history, history.whole, bucket, quantum)
        actual = actual_in(history.first, history.whole, bucket.days)
        return self.whole.expected(bucket, actual, self._to_come(bucket, quantum), quantum)

    def _to_come(self, bucket: Bucket, quantum: Decimal) -> Decimal:
        """What is still to come of the whole, with planned changes."""
        planned = sum((amount for _, amount in self._planned(bucket, quantum)), Decimal(0))
        return rounded(self.whole.to_come(bucket.days), quantum) + planned

    def _planned(self, bucket: Bucket, quantum: Decimal) -> list[tuple[str, Decimal]]:
        start, count = self.whole.steps(bucket.days)
        return [(name, rounded(float(days[start : start + count].sum()), quantum)) for name, days in self.planned]


def foresee_slices(ctx: ToolContext, request: ForecastRequest, history: History, period: Period) -> Slices:
    """Foresee the whole with every member, and its groups with those that cost no import."""
    horizon = (period.last_day - history.last).days
    first = day_after(history.last)
    prices = known_price_changes(ctx, request, history, period.end, ())
    whole = _path(history, history.whole, horizon, price_factor(prices, (), first, horizon), state_space=True)
    parts: tuple[Path, ...] = ()
    if history.dimensions:
        by_group = known_price_changes(ctx, request, history, period.end, request.group_by) if prices else []
        parts = tuple(
            _path(
                history, group.amounts, horizon, price_factor(by_group, group.names, first, horizon), state_space=False
            )
            for group in history.groups
        )
    planned = tuple((change.name, amounts_of(change, first, horizon)) for change in request.changes)
    return Slices(history, whole, parts, planned, tuple(prices))


def _path(
    history: History, amounts: Sequence[Decimal | None], horizon: int, factor: Floats, *, state_space: bool
) -> Path:
    return foreseen_path(
        history.first, amounts, horizon, factor, is_additive=history.is_additive, state_space=state_space
    )


def _alone(
    path: Path, history: History, amounts: Sequence[Decimal | None], bucket: Bucket, quantum: Decimal
) -> Expected:
    """A ratio: the mean of its days, known ones and those to come, each counting alike."""
    start, count = path.steps(bucket.days)
    begin, end = max(0, (bucket.days.start - history.first).days), (bucket.days.end - history.first).days
    known = [float(one) for one in amounts[begin : max(begin, end)] if one is not None]
    days = known + [float(one) for one in path.mean[start : start + count]]
    found = path.expected(bucket, None, rounded(float(np.mean(days)) if days else 0.0, quantum), quantum)
    return found


def _certain(amount: Decimal) -> Expected:
    return Expected(amount, None, None, {}, None, None)
