"""The question that a commitment plan answers, as numbers: hours, demand, prices and what can be bought.

Amounts here are binary numbers, for the solver; what people are told is rounded from them (see `plan`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Span = Literal["day", "term", "horizon"]
"""What one purchase covers: a day of a capacity block, a year of a one-year offer, or all of the horizon."""
SPANS: tuple[Span, ...] = ("day", "term", "horizon")
"""From the shortest to the longest; each lies within one of the next."""


@dataclass(frozen=True)
class Tier:
    """An offer that is bound to a family: `rate` per unit and hour of its span, used or not."""

    span: Span
    rate: float
    whole: bool = True
    """Sold in whole units only."""
    offer: str = ""


@dataclass(frozen=True)
class Family:
    """What is bought in one unit: an instance type in a region.

    `levels` (levels × cells): the demand up to and with each level, in units; the last one is all of it. What lies in
    level n costs `prices[n]` per unit-hour where no commitment covers it; prices fall from level to level, as what can
    be interrupted runs on spot.
    """

    name: str
    levels: Floats
    prices: tuple[float, ...]
    tiers: tuple[Tier, ...] = ()
    """At most one for each span, from the shortest."""
    spend_rate: float | None = None
    """Price per unit-hour under the plan's spend commitment; None where that does not cover the family."""

    @property
    def demand(self) -> Floats:
        return np.asarray(self.levels[-1])


@dataclass(frozen=True)
class Problem:
    """Families over the same cells. A cell is an hour of a scenario; its weight is its hours × its probability."""

    weights: Floats
    groups: Mapping[Span, Ints]
    """For each span the number of the purchase that covers a cell, from 0."""
    families: tuple[Family, ...]
    spend: Span | None = None
    """The span of the spend commitment; None where none is on offer."""

    @property
    def cells(self) -> int:
        return len(self.weights)

    def hours(self, span: Span) -> Floats:
        """The hours that each purchase of a span is paid for, by probability."""
        return self.by_purchase(span, np.ones(self.cells))

    def by_purchase(self, span: Span, values: Floats) -> Floats:
        """The weighted sums of a value over the cells of each purchase."""
        return np.asarray(np.bincount(self.groups[span], weights=self.weights * values), dtype=np.float64)


@dataclass(frozen=True)
class Solution:
    """What is bought: for each family and span the units of each purchase, and the spend commitment per hour."""

    counts: tuple[Mapping[Span, Floats], ...]
    spend: Floats
    cost: float
    """Expected cost over the horizon."""
    bound: float
    """No plan costs less than this."""

    @property
    def gap(self) -> float:
        """By how much of its cost the plan might be dearer than the best one."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0


def one_term(weights: Floats) -> Mapping[Span, Ints]:
    """Groups where everything is one purchase and a day is 24 cells."""
    cells = len(weights)
    return {
        "day": np.arange(cells, dtype=np.int64) // 24,
        "term": np.zeros(cells, dtype=np.int64),
        "horizon": np.zeros(cells, dtype=np.int64),
    }
