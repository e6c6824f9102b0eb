"""What followed the stretches of the past that looked most like the newest one (nearest neighbours)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.inform.forecast.series import Floats

SHORT_SEASON = 12


@dataclass(frozen=True)
class Analogs:
    """`window` steps are compared, apart from their level; the `nearest` stretches count by their likeness."""

    window: int
    nearest: int = 5
    logs: bool = True

    def __call__(self, values: Floats, horizon: int) -> Floats | None:
        """None when there is no past to compare with."""
        if len(values) < 2 * self.window + horizon:
            return None
        in_logs = self.logs and bool(values.min() > 0)
        level = np.log(values) if in_logs else values
        stretches = np.lib.stride_tricks.sliding_window_view(level, self.window + horizon)
        before, after = stretches[:, : self.window], stretches[:, self.window :]
        middles, newest = before.mean(axis=1, keepdims=True), level[-self.window :]
        distances = ((before - middles - (newest - newest.mean())) ** 2).sum(axis=1)
        like = np.argsort(distances, kind="stable")[: min(self.nearest, max(1, len(distances) // 3))]
        weights = 1 / (distances[like] + 0.1 * distances[like].mean() + 1e-12)
        weights /= weights.sum()
        from_last = newest[-1] + weights @ (after[like] - before[like, -1:])
        from_middle = newest.mean() + weights @ (after[like] - middles[like])
        path: Floats = (from_last + from_middle) / 2
        return np.exp(path) if in_logs else path


def analog_members(seasons: Sequence[int]) -> dict[str, Analogs]:
    """The analogs of an ensemble, by name."""
    members: dict[str, Analogs] = {}
    for season in seasons:
        members[f"analogs of {season}, logs"] = Analogs(season)
        members[f"analogs of {season}"] = Analogs(season, logs=False)
    if len(seasons) == 1:
        other = 4 * seasons[0] if seasons[0] <= SHORT_SEASON else seasons[0] // 4
        members[f"analogs of {other}, logs"] = Analogs(other, nearest=10)
    return members
