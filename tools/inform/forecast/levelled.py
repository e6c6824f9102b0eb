"""The last long cycle again, moved to today's level: last year's shape with the growth since.

A year repeated as it was misses what has grown; the last week repeated misses that August is not July. The level is
that of the last thirteenth of the cycle (four weeks of a year), held against the same steps a cycle before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.inform.forecast.series import Floats, repeated

LEVELS_A_CYCLE = 13
LEAST_WINDOW = 4
"""Whole short cycles, or steps where there is no shorter rhythm, that tell a level: fewer tell the noise of a day."""


@dataclass(frozen=True)
class Levelled:
    """`growth`: whether the level moves by a factor or by an amount. `window`: steps that tell the level."""

    season: int
    window: int
    growth: bool = True

    def __call__(self, values: Floats, horizon: int) -> Floats | None:
        """None without the same steps a cycle ago, and for a factor of what is not positive."""
        if len(values) < self.season + self.window:
            return None
        now = float(values[-self.window :].mean())
        before = float(values[-self.season - self.window : -self.season].mean())
        cycle = repeated(values, self.season, horizon)
        if not self.growth:
            return cycle + (now - before)
        return cycle * (now / before) if values.min() > 0 else None


def levelled_members(seasons: Sequence[int]) -> dict[str, Levelled]:
    """Both, by name, for a cycle long enough to tell levels within; none for others."""
    longest = max(seasons)
    window = longest // LEVELS_A_CYCLE
    if window < LEAST_WINDOW * (min(seasons) if len(seasons) > 1 else 1):
        return {}
    return {
        f"levelled {longest}, growth": Levelled(longest, window),
        f"levelled {longest}": Levelled(longest, window, growth=False),
    }
