"""Made-up companies with planted incidents, apart from tools.demo and from the detector: leaves × days of cost.

A leaf is provider, service, team, model, project and region. It has a level, a weekly rhythm, growth, noise of its own
and of its project, and some have month-end runs, jobs on one weekday, or a planned launch before judging begins.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tools.inform.anomalies.ledger import Ledger

START, DAYS = date(2025, 9, 1), 400
DIMENSIONS = ("HostProviderName", "ServiceName", "x_Team", "x_Model", "x_Project", "RegionId")
CATALOGUE = {
    "Obrist": ("Obrist API", ("o-large", "o-mid", "o-mini", "o-embed"), (None,)),
    "Calder": ("Calder Models", ("calder-2", "calder-2-fast"), (None,)),
    "Vantage": ("Vantage Compute", (None,), ("north-1", "south-2", "west-1")),
    "Torrent": ("Torrent GPU", (None,), ("eu-3", "us-9")),
}
TEAMS = ("atlas", "birch", "comet", "delta", "ember", "fjord")

Leaf = tuple[str | None, ...]


@dataclass(frozen=True)
class Planted:
    """`leaves` are the indices of the charges concerned; `extra` is what the incident cost or saved by day."""

    kind: str
    leaves: tuple[int, ...]
    onset: int
    end: int
    extra: float
    usual: float
    """What the leaves would have cost over its days."""

    @property
    def moved(self) -> float:
        return abs(self.extra) / max(self.usual, 1e-9)


@dataclass
class World:
    """`cost` is leaves × days, with the incidents in it."""

    leaves: list[Leaf]
    cost: NDArray[np.float64]
    planted: list[Planted] = field(default_factory=list)

    def ledger(self, days: int = DAYS) -> Ledger:
        leaf, day = np.nonzero(self.cost[:, :days])
        values = tuple(self.leaves)
        return Ledger(DIMENSIONS, values, leaf, day, np.round(self.cost[leaf, day], 6), START, days)


def make_world(generator: np.random.Generator) -> World:
    """A company of 60 to 110 leaves, without incidents."""
    leaves: list[Leaf] = []
    for team in TEAMS:
        for index in range(int(generator.integers(2, 4))):
            project = f"{team}-{'abc'[index]}"
            for provider in generator.choice(list(CATALOGUE), size=int(generator.integers(1, 4)), replace=False):
                service, models, regions = CATALOGUE[str(provider)]
                for model in generator.permutation(np.array(models, dtype=object))[: int(generator.integers(1, 4))]:
                    region = regions[int(generator.integers(len(regions)))]
                    leaves.append((str(provider), service, team, model, project, region))
    rows = len(leaves)
    cost = np.exp(generator.normal(4.5, 1.0, rows))[:, None] * _rhythm(generator, rows)
    project = {name: np.exp(generator.normal(0, 0.04, DAYS)) for name in sorted({str(leaf[4]) for leaf in leaves})}
    cost *= np.array([project[str(leaf[4])] for leaf in leaves])
    _month_ends(generator, cost)
    return World(leaves, cost)


def _rhythm(generator: np.random.Generator, rows: int) -> NDArray[np.float64]:
    days = np.arange(DAYS)
    weekday = (days + START.weekday()) % 7
    weekend = generator.choice([0.3, 0.5, 0.8, 1.0], rows)[:, None]
    week = np.where(weekday[None, :] >= 5, weekend, generator.uniform(0.92, 1.08, (rows, 7))[:, weekday])
    growth = np.exp(np.log1p(generator.uniform(-0.02, 0.10, rows))[:, None] * days[None, :] / 30.4)
    noise = np.exp(generator.normal(0, 1, (rows, DAYS)) * generator.uniform(0.03, 0.15, rows)[:, None])
    return np.asarray(week * growth * noise)


def _month_ends(generator: np.random.Generator, cost: NDArray[np.float64]) -> None:
    """Every tenth leaf runs something on the last day, or the first, of each month."""
    for row in generator.choice(len(cost), len(cost) // 10, replace=False):
        offset, size = int(generator.integers(0, 2)), generator.uniform(0.8, 3.0)
        for day in range(DAYS):
            if (START + timedelta(days=day + offset)).day == 1:
                cost[row, day] *= 1 + size * generator.uniform(0.9, 1.1)
