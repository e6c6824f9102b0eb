"""Ridge regression of a series on its own past, run forward step by step.

Which lags it sees, and whether it works on logarithms or on differences, tells the members apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.inform.forecast.series import Floats

NEWEST = 2000
"""Older values than these are not looked at."""
LONGEST_LAG = 170
LEAST_LAGS = 29
"""The widest member looks this far back even where the rhythm is shorter."""
SHORT_SEASON = 26
CYCLES_OF_RECENT, LEAST_RECENT = 3, 350


@dataclass(frozen=True)
class Ridge:
    """What one member regresses on. `dummies`: (steps a class, classes), such as (24, 7) for days of the week."""

    lags: tuple[int, ...]
    penalty: float
    logs: bool = True
    differences: bool = False
    dummies: tuple[tuple[int, int], ...] = ()
    newest: int = NEWEST

    def __call__(self, values: Floats, horizon: int) -> Floats | None:
        """None when the history is too short for the lags."""
        recent = values[-self.newest :]
        in_logs = self.logs and bool(recent.min() > 0)
        level = np.log(recent) if in_logs else recent
        middle, spread = float(level.mean()), float(level.std())
        if spread < 1e-12 * max(1.0, abs(middle)):
            return np.full(horizon, recent[-1])
        path = self._run((level - middle) / spread, horizon)
        if path is None:
            return None
        path = path * spread + middle
        return np.asarray(np.exp(path) if in_logs else path, dtype=np.float64)

    def _run(self, scaled: Floats, horizon: int) -> Floats | None:
        steps: Floats = np.asarray(np.diff(scaled), dtype=np.float64) if self.differences else scaled
        known = len(steps)
        flags = self._flags(known + horizon)
        weights = self._fit(steps, flags[:known])
        if weights is None:
            return None
        of_lags, of_flags = weights[: len(self.lags)], weights[len(self.lags) :]
        shift = flags[known:] @ of_flags
        path, back = np.concatenate([steps, np.zeros(horizon)]), -np.array(self.lags)
        for step in range(horizon):
            path[known + step] = path[known + step + back] @ of_lags + shift[step]
        ahead = path[known:]
        return _within(scaled, scaled[-1] + np.cumsum(ahead) if self.differences else ahead)

    def _fit(self, steps: Floats, flags: Floats) -> Floats | None:
        longest = max(self.lags)
        if len(steps) - longest < len(self.lags) / 2 + 10:
            return None
        windows: Floats = np.lib.stride_tricks.sliding_window_view(steps, longest + 1)[:, ::-1]
        design: Floats = np.hstack([windows[:, self.lags], flags[longest:]])
        gram = np.asarray(design.T @ design, dtype=np.float64)
        penalties = np.full(len(gram), self.penalty)
        if not self.dummies:
            penalties[len(self.lags) :] = 1e-6
        gram[np.diag_indices(len(gram))] += penalties
        return np.asarray(np.linalg.solve(gram, design.T @ windows[:, 0]), dtype=np.float64)

    def _flags(self, length: int) -> Floats:
        """A column of ones, or one for each class of the rhythm."""
        if not self.dummies:
            return np.ones((length, 1))
        at = np.arange(length)
        return np.hstack([np.eye(classes)[(at // steps) % classes] for steps, classes in self.dummies])


def _within(scaled: Floats, path: Floats) -> Floats:
    """No further outside what was seen than its own range: an unstable regression ends there."""
    low, high = float(scaled.min()), float(scaled.max())
    return np.clip(path, low - (high - low), high + (high - low))


def sparse_lags(seasons: Sequence[int]) -> tuple[int, ...]:
    """The last few values, and those a cycle ago with their neighbours."""
    lags = {1, 2, 3, 4}
    for season in seasons:
        lags |= {season - 1, season, season + 1}
    lags |= set(range(seasons[0], seasons[1], seasons[0])) if len(seasons) > 1 else {2 * seasons[0]}
    return tuple(sorted(lag for lag in lags if lag > 0))


def cycle_lags(seasons: Sequence[int]) -> tuple[int, ...]:
    """The whole last cycle, when it is short, and a wider neighbourhood of each cycle."""
    lags = set(range(1, (seasons[0] if seasons[0] <= SHORT_SEASON else 8) + 1))
    for season in seasons:
        lags |= set(range(max(1, season - 3), season + 4))
    if len(seasons) > 1:
        lags |= set(range(seasons[0], seasons[1], seasons[0]))
    return tuple(sorted(lags))


def dense_lags(seasons: Sequence[int]) -> tuple[int, ...]:
    """Every value of the longest cycle."""
    return tuple(range(1, min(LONGEST_LAG, max(max(seasons) + 1, LEAST_LAGS)) + 1))


def ridge_members(seasons: Sequence[int]) -> dict[str, Ridge]:
    """The regressions of an ensemble, by name."""
    members: dict[str, Ridge] = {}
    for name, lags in (
        ("sparse", sparse_lags(seasons)),
        ("cycle", cycle_lags(seasons)),
        ("dense", dense_lags(seasons)),
    ):
        members[f"ridge {name}, logs"] = Ridge(lags, 0.1)
        members[f"ridge {name}"] = Ridge(lags, 0.3, logs=False)
        members[f"ridge {name}, growth"] = Ridge(lags, 0.3, differences=True)
    recent = max(CYCLES_OF_RECENT * max(seasons), LEAST_RECENT)
    members["ridge recent"] = Ridge(sparse_lags(seasons), 0.3, newest=recent)
    if seasons[0] <= SHORT_SEASON:
        short = tuple(lag for lag in cycle_lags(seasons) if lag <= seasons[0] + 1)
        classes = [(1, seasons[0])]
        if len(seasons) > 1:
            classes.append((seasons[0], seasons[1] // seasons[0]))
        members["ridge with dummies"] = Ridge((*short, *seasons[1:]), 1.0, dummies=tuple(classes))
    return members
