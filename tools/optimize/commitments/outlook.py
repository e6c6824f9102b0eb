"""What demand may become: scenarios of a family's level, taken from how much its weeks differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from tools.optimize.commitments.problem import Floats, Ints, Span

WEEK = 168
FEWEST_WEEKS = 4
QUANTILES = ((0.1, 0.3), (0.5, 0.4), (0.9, 0.3))
"""Quantile → probability of its scenario. Source: Swanson's rule, which keeps the mean and spread of most shapes."""
NAMES = ("low", "middle", "high")
YEAR_HOURS = 8_760


@dataclass(frozen=True)
class Outlook:
    """The cells of a horizon: each scenario, year and hour of the base. Levels are by scenario and family."""

    levels: Floats
    """Scenarios × families: the level in the first year, as a part of the base."""
    probabilities: tuple[float, ...]
    years: int
    base_hours: int

    @property
    def weights(self) -> Floats:
        """Hours × probability of each cell."""
        each = np.full(self.base_hours, YEAR_HOURS / self.base_hours)
        return np.concatenate([each * part for part in self.probabilities for _ in range(self.years)])

    @property
    def scenarios(self) -> Ints:
        """The number of each cell's scenario."""
        return np.repeat(np.arange(len(self.probabilities)), self.years * self.base_hours)

    @property
    def groups(self) -> dict[Span, Ints]:
        """What one purchase covers. Those of later years are made then, when the scenario is known."""
        terms, days = [], []
        for scenario in range(len(self.probabilities)):
            for year in range(self.years):
                own = 1 + scenario * (self.years - 1) + year - 1
                terms.append(np.full(self.base_hours, own if year else 0))
                first = (scenario * self.years + year) * -(-self.base_hours // 24)
                days.append(first + np.arange(self.base_hours) // 24)
        term = np.concatenate(terms).astype(np.int64)
        return {"day": np.concatenate(days).astype(np.int64), "term": term, "horizon": np.zeros_like(term)}

    def demand(self, family: int, base: Floats) -> Floats:
        """A family's demand in each cell. How far a scenario is from the base grows as the root of the years."""
        cells = []
        for scenario in range(len(self.probabilities)):
            for year in range(self.years):
                level = 1 + (self.levels[scenario, family] - 1) * sqrt(year + 1)
                cells.append(base * max(level, 0.0))
        return np.concatenate(cells)


def outlook(bases: Sequence[Floats], years: int, *, certain: bool = False) -> Outlook:
    """Three scenarios: every family in its low, middle or high week; one where there are too few weeks to tell."""
    hours = len(bases[0])
    weeks = hours // WEEK
    if certain or weeks < FEWEST_WEEKS:
        return Outlook(np.ones((1, len(bases))), (1.0,), years, hours)
    levels = np.array([_levels(base[hours - weeks * WEEK :]) for base in bases]).T
    return Outlook(levels, tuple(part for _, part in QUANTILES), years, hours)


def _levels(base: Floats) -> Floats:
    """Quantiles of the weekly sums as parts of their mean, with a mean of one."""
    sums = base.reshape(-1, WEEK).sum(axis=1)
    if not sums.any():
        return np.ones(len(QUANTILES))
    found = np.quantile(sums, [quantile for quantile, _ in QUANTILES]) / sums.mean()
    return np.asarray(found / sum(level * part for level, (_, part) in zip(found, QUANTILES, strict=True)))
