"""What the models work on: plain arrays, one value a step, oldest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEAST_CYCLES, LEAST_LONG_CYCLES = 2, 1.3
"""A rhythm is only looked for when the history holds it so many times, a longer one beside it fewer times: errors tell
then whether it is one."""


@dataclass(frozen=True)
class Outlook:
    """A forecast of `horizon` steps, and how it would have done before.

    `errors`: actual minus forecast, one row for each past origin (newest first), one column for each step ahead up to
    what could be tested, which may be fewer than `horizon`. `actuals` and `baseline_errors` have the same shape.
    """

    mean: Floats
    baseline: Floats
    errors: Floats
    baseline_errors: Floats
    actuals: Floats
    weights: Mapping[str, float]
    """How much each member counts."""

    @property
    def origins(self) -> int:
        return len(self.errors)

    @property
    def tested(self) -> int:
        """How many steps ahead the back-test reaches; 0 when the history is too short for one."""
        return self.errors.shape[1] if self.origins else 0


def known_seasons(length: int, seasons: Sequence[int]) -> tuple[int, ...]:
    """The rhythms that a history of this length holds often enough, shortest first."""
    ordered = sorted(seasons)
    if not ordered or length < LEAST_CYCLES * ordered[0]:
        return ()
    return tuple(season for season in ordered if season == ordered[0] or length >= LEAST_LONG_CYCLES * season)


def repeated(values: Floats, season: int, horizon: int) -> Floats:
    """Seasonal-naive: the last cycle again and again; the last value where there is no whole cycle."""
    if len(values) < season:
        return np.full(horizon, values[-1], dtype=np.float64)
    return np.resize(values[-season:], horizon)
