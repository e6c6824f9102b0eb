"""What departs from a slice's own rhythm, day by day, from nothing but the days before.

For each slice: level = mean of the last two seasons of *cleaned* values with half of its season-on-season growth;
expected = level × the median share that the last six same weekdays had of their levels (a causal, robust form of the
ratio-to-moving-average decomposition, Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3.4). Noise =
1.4826 × median |relative error| over eight seasons
(MAD; Rousseeuw & Croux 1993), more for bursty slices. A step is anomalous when its error
is over `point` noises, or when Page's one-sided CUSUM (Page 1954) of the clipped errors crosses its limit. An
anomalous value is replaced by what was expected, so that it does not become the norm; after `rebase` anomalous steps
in a row it does: the level has shifted. Slow drift: growth of the weekly mean over four weeks against the slice's own
median growth, since a baseline that follows the level never sees it.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tools.inform.anomalies.recurring import earlier_days
from tools.inform.anomalies.rules import Rules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POINT, CUSUM, DRIFT = 1, 2, 3
GAP = 2
"""Quiet steps in between that do not end a run."""
LARGEST_ERROR, LEARNT_OF_A_RUN = 2.0, 2
"""Of a run of anomalous steps the first two count towards the noise."""
BURSTS, NORMAL_AT_BURSTS = 0.85, 1.4395
"""A slice of which more than a seventh of the steps are off is a bursty one: its noise is the normal deviation that
would have as large an error at this quantile. One incident, which is over or the norm within a season, does not count.
"""


@dataclass
class Detection:
    """Arrays slices × steps. `flag`: +1, −1 or 0; `how`: what raised it; `onset`: the first step of what is raised."""

    expected: "NDArray[np.float64]"
    width: "NDArray[np.float64]"
    """By how much a step may be off, either way, before it is an anomaly by itself."""
    flag: "NDArray[np.int8]"
    how: "NDArray[np.int8]"
    onset: "NDArray[np.int32]"
    settled: "NDArray[np.bool_]"
    """True on the step at which a run became the new level."""


def detect(costs: "NDArray[np.float64]", rules: Rules, start: date | None = None) -> Detection:
    """Judge every step of every slice; row 0 is the total, by which materiality is measured.

    `start` is the day of step 0 of a daily matrix, for what recurs by the calendar; None switches that off.
    """
    state = _State(costs, rules, start)
    for step in range(rules.season, costs.shape[1]):
        state.take(step)
    return state.found


class _State:
    def __init__(self, costs: "NDArray[np.float64]", rules: Rules, start: date | None) -> None:
        import numpy as np

        rows = len(costs)
        self.costs, self.rules, self.start = costs, rules, start
        self.clean = costs.copy()
        self.ratio = np.full(costs.shape, np.nan)
        self.error = np.full(costs.shape, rules.prior_noise / 1.4826)
        self.weekly = np.full(costs.shape, np.nan)
        self.off, self.logs = np.zeros(costs.shape), np.full(costs.shape, np.nan)
        first = costs[:, : rules.season] > 0
        self.base = np.where(first.any(axis=1), first.argmax(axis=1), -1)
        """The step from which a slice's level counts: its first cost, or its last shift."""
        self.run, self.up, self.down = np.zeros(rows, int), np.zeros(rows), np.zeros(rows)
        self.side, self.hit = np.zeros(rows, np.int8), np.full(rows, -9)
        self.up_from, self.down_from = np.zeros(rows, int), np.zeros(rows, int)
        self.drifting, self.quiet_until = np.zeros(rows, int), np.zeros(rows, int)
        self.found = Detection(
            np.zeros(costs.shape), np.zeros(costs.shape), np.zeros(costs.shape, np.int8),
            np.zeros(costs.shape, np.int8), np.zeros(costs.shape, np.int32), np.zeros(costs.shape, np.bool_),
        )  # fmt: skip

    def take(self, t: int) -> None:
        """Judge step `t`, then learn from it."""
        import numpy as np

        rules, y = self.rules, self.costs[:, t]
        level = self._level(t)
        expected = np.maximum(level * self._share(t), 0.0)
        noise = self._noise(t)
        floor = rules.material * max(level[0], 1e-12)
        reference = np.maximum(expected, np.maximum(0.1 * level, floor))
        error = (y - expected) / reference
        z = error / noise
        material = np.abs(y - expected) >= floor
        ready = t >= rules.history_seasons * rules.season
        part = np.abs(y - expected) >= rules.material_part * reference
        point = (np.abs(z) > rules.point) & material & part
        self.found.expected[:, t] = expected
        self.found.width[:, t] = np.maximum(np.maximum(rules.point * noise, rules.material_part) * reference, floor)
        notable = material & (np.abs(z) > rules.cusum_clip) & (self.run == 0)
        recurs = self._recurs(t, y - expected) & notable
        point &= ~recurs
        slow = self._cusum(t, np.where(recurs, 0.0, z), (y - expected), floor)
        sign = np.where(point, np.sign(z), slow).astype(np.int8)
        if not ready:
            sign[:] = 0
            self.up[:] = self.down[:] = 0
        self._record(t, sign, point)
        self.off[:, t] = y - expected
        self._learn(t, sign, recurs, expected, error, noise, reference, level)
        self._drift(t, floor, sign)

    def _level(self, t: int) -> "NDArray[np.float64]":
        import numpy as np

        s = self.rules.season
        last = self.clean[:, t - s : t].mean(axis=1)
        before = self.clean[:, max(0, t - 2 * s) : max(t - s, 1)].mean(axis=1)
        age = np.where(self.base < 0, 0, t - self.base)
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = np.clip(np.where(before > 0, last / before, 1.0), 0.8, 1.25) ** 0.5
        grown = 0.5 * (last + before) * growth
        young = last * s / np.clip(age, 1, s)
        return np.where(age >= 2 * s, grown, np.where(age >= s, last, np.where(age > 0, young, 0.0)))

    def _share(self, t: int) -> "NDArray[np.float64]":
        import numpy as np

        steps = [t - self.rules.season * k for k in range(1, self.rules.ratio_seasons + 1)]
        seen = self.ratio[:, [step for step in steps if step >= 0]]
        count = (~np.isnan(seen)).sum(axis=1)
        filled = np.sort(np.where(np.isnan(seen), np.inf, seen), axis=1)
        rows = np.arange(len(filled))
        low, high = np.maximum((count - 1) // 2, 0), count // 2
        high = np.minimum(high, np.maximum(count - 1, 0))
        share = 0.5 * (filled[rows, low] + filled[rows, high])
        whole = share[0] if count[0] else 1.0
        return np.where(count >= 2, share, whole)

    def _noise(self, t: int) -> "NDArray[np.float64]":
        import numpy as np

        width = self.rules.noise_seasons * self.rules.season
        seen = self.error[:, max(0, t - width) : t]
        middle, high = seen.shape[1] // 2, int(seen.shape[1] * BURSTS)
        ranked = np.partition(seen, (middle, high), axis=1)
        usual = np.maximum(1.4826 * ranked[:, middle], ranked[:, high] / NORMAL_AT_BURSTS)
        return np.asarray(np.sqrt(usual**2 + self.rules.least_noise**2))

    def _recurs(self, t: int, off: "NDArray[np.float64]") -> "NDArray[np.bool_]":
        """Whether the same day of an earlier month, or of both weeks before, was off by about as much."""
        import numpy as np

        s = self.rules.season
        recurs = np.zeros(len(off), np.bool_)
        if self.start is not None:
            for day in earlier_days(self.start, t):
                recurs |= self._alike(off, t, day)
        if t >= 2 * s:
            recurs |= self._alike(off, t, t - s) & self._alike(off, t, t - 2 * s)
        return recurs

    def _alike(self, off: "NDArray[np.float64]", t: int, then: int) -> "NDArray[np.bool_]":
        """Whether a departure is, in money or as a part of what was expected, like the one at an earlier step."""
        import numpy as np

        within, earlier = self.rules.recurs_within, self.off[:, then]
        scale = self.found.expected[:, t] / np.maximum(self.found.expected[:, then], 1e-12)
        grown = earlier * np.clip(scale, 0.1, 10.0)
        return np.asarray(
            (np.abs(off - earlier) < within * np.abs(earlier)) | (np.abs(off - grown) < within * np.abs(grown))
        )

    def _cusum(
        self, t: int, z: "NDArray[np.float64]", off: "NDArray[np.float64]", floor: float
    ) -> "NDArray[np.float64]":
        import numpy as np

        rules = self.rules
        clipped = np.clip(z, -rules.cusum_clip, rules.cusum_clip)
        for name, sign in (("up", 1), ("down", -1)):
            total, since = getattr(self, name), getattr(self, f"{name}_from")
            since[total <= 0] = t
            np.copyto(total, np.clip(total + sign * clipped - rules.cusum_slack, 0, 2 * rules.cusum_limit))
        up = (self.up > rules.cusum_limit) & (off >= floor) & (z > rules.cusum_slack)
        down = (self.down > rules.cusum_limit) & (-off >= floor) & (z < -rules.cusum_slack)
        return np.where(up, 1.0, np.where(down, -1.0, 0.0))

    def _record(self, t: int, sign: "NDArray[np.int8]", point: "NDArray[np.bool_]") -> None:
        import numpy as np

        found, going_on = self.found, (sign == self.side) & (t - self.hit <= GAP + 1) & (self.run > 0)
        found.flag[:, t] = sign
        found.how[:, t] = np.where(sign == 0, 0, np.where(point, POINT, CUSUM))
        since = np.where(sign > 0, self.up_from, self.down_from)
        fresh = np.where(point, t, since)
        found.onset[:, t] = np.where(going_on, found.onset[np.arange(len(sign)), self.hit], fresh)
        quiet = np.where(t - self.hit <= GAP, self.run + (self.run > 0), 0)
        self.run = np.where(sign == 0, quiet, np.where(going_on, self.run + 1, 1))
        self.side, self.hit = np.where(sign == 0, self.side, sign), np.where(sign == 0, self.hit, t)
        loud = (sign != 0) & point
        self.quiet_until[loud] = t + self.rules.drift_span + self.rules.season

    def _learn(
        self,
        t: int,
        sign: "NDArray[np.int8]",
        recurs: "NDArray[np.bool_]",
        expected: "NDArray[np.float64]",
        error: "NDArray[np.float64]",
        noise: "NDArray[np.float64]",
        reference: "NDArray[np.float64]",
        level: "NDArray[np.float64]",
    ) -> None:
        import numpy as np

        y, wide = self.costs[:, t], self.rules.point * noise * reference
        ready = t >= self.rules.history_seasons * self.rules.season
        usual = np.clip(y, expected - wide, expected + wide) if ready else y
        self.clean[:, t] = np.where((sign != 0) | recurs, expected, usual)
        fresh = (self.base < 0) & (y > 0) & ((sign == 0) | (level > 0))
        self.base = np.where(fresh, t, self.base)
        self.clean[fresh, t] = y[fresh]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(level > 0, self.clean[:, t] / level, np.nan)
        self.ratio[:, t] = np.where((sign == 0) & ~recurs & (level > 0), np.clip(share, 0, 5), np.nan)
        begins = (sign == 0) | (self.run <= LEARNT_OF_A_RUN)
        known = begins & ~recurs & (level > 0) & (t >= 2 * self.rules.season)
        self.error[:, t] = np.where(known, np.minimum(np.abs(error), LARGEST_ERROR), self.error[:, t])
        self._rebase(t)
        self.weekly[:, t] = self.clean[:, t - self.rules.season + 1 : t + 1].mean(axis=1)

    def _rebase(self, t: int) -> None:
        """A departure that went on long enough is the level from its first step on."""
        s, n = self.rules.season, self.rules.rebase
        shifted = (self.run >= n) & (self.hit == t)
        if not shifted.any():
            return
        first = t - n + 1
        self.clean[shifted, first : t + 1] = self.costs[shifted, first : t + 1]
        mean = self.clean[shifted, t - s + 1 : t + 1].mean(axis=1)
        for step in range(first, t + 1):
            share = self.clean[shifted, step] / mean.clip(min=1e-12)
            self.ratio[shifted, step] = share.clip(0, 5)
        self.base[shifted] = first
        self.run[shifted] = self.up[shifted] = self.down[shifted] = 0
        self.found.settled[shifted, t] = True
        self.quiet_until[shifted] = t + self.rules.drift_span + s

    def _drift(self, t: int, floor: float, sign: "NDArray[np.int8]") -> None:
        import numpy as np

        rules, span, s = self.rules, self.rules.drift_span, self.rules.season
        self.logs[:, t] = np.log(np.maximum(self.weekly[:, t], 1e-12))
        if t < 3 * span:
            return
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = self.logs
            grown = logs[:, t] - logs[:, t - span]
            ends = list(range(t - span, span, -s))[:8]
            usual = np.array([logs[:, end] - logs[:, end - span] for end in ends])
        middle = np.median(usual, axis=0)
        spread = 1.4826 * np.median(np.abs(usual - middle), axis=0)
        beyond = grown - middle
        limit = np.maximum(rules.drift_noises * np.maximum(spread, 0.03), rules.drift_least)
        money = np.abs(self.weekly[:, t] - self.weekly[:, t - span] * np.exp(np.clip(middle, -1, 1)))
        old = (self.base >= 0) & (t - self.base > 2 * span) & (self.weekly[:, t - span] > 0)
        is_off = np.isfinite(beyond) & (np.abs(beyond) > limit) & (money >= 2 * floor) & old
        self.drifting = np.where(is_off & (sign == 0), self.drifting + 1, np.where(is_off, self.drifting, 0))
        raised = (self.drifting >= rules.drift_steps) & (t >= self.quiet_until)
        if not raised.any():
            return
        found = self.found
        found.flag[raised, t] = np.sign(beyond[raised])
        found.how[raised, t] = DRIFT
        found.onset[raised, t] = self._began(raised, t)
        self.quiet_until[raised] = t + 2 * span
        self.drifting[raised] = 0

    def _began(self, raised: "NDArray[np.bool_]", t: int) -> "NDArray[np.int64]":
        """The last step at which the weekly mean was within a tenth of where it stood a span before."""
        import numpy as np

        span = self.rules.drift_span
        window = self.weekly[raised, t - span : t + 1]
        gone = window[:, -1:] - window[:, :1]
        near = np.abs(window - window[:, :1]) <= 0.15 * np.abs(gone)
        last = span - np.argmax(near[:, ::-1], axis=1)
        return np.asarray(t - span + last)
