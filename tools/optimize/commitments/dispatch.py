"""What a plan costs: each hour's usage goes to the commitments that there are, the rest is paid on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tools.optimize.commitments.problem import Family, Floats, Problem, Span


@dataclass(frozen=True)
class Dispatch:
    """What is left after family-bound offers, in the order in which a spend commitment takes it.

    A spend commitment covers usage by the highest discount first, hour by hour, until it is used up (source: Savings
    Plans User Guide, "How Savings Plans apply to your AWS usage"). With all commitments paid for, no other order costs
    less: each unit of commitment brings `ratio` units of money, and the largest go first.
    """

    problem: Problem
    fees: float
    """Of the family-bound offers."""
    left: Floats
    """Segments × cells: units that no family-bound offer covers."""
    prices: Floats
    spend_rates: Floats
    """By segment; infinite where the commitment does not cover it."""
    owners: tuple[int, ...]
    """The family of each segment."""

    @cached_property
    def ratios(self) -> Floats:
        return self.prices / self.spend_rates

    @cached_property
    def wanted(self) -> Floats:
        """Segments × cells: the commitment that would cover all, running total."""
        eligible = np.isfinite(self.spend_rates)
        rates = np.where(eligible, self.spend_rates, 0.0)
        return np.cumsum(self.left * rates[:, None], axis=0)

    @cached_property
    def uncovered(self) -> float:
        """What `left` costs without any spend commitment."""
        return float(self.prices @ (self.left @ self.problem.weights))

    def worth(self, spend: Floats) -> Floats:
        """By cell: what a little more commitment per hour would save, by money committed."""
        passed = (self.wanted <= spend[None, :]).sum(axis=0)
        return np.asarray(np.append(self.ratios, 0.0)[passed])

    def covered(self, spend: Floats) -> Floats:
        """Segments × cells: the commitment used, in money."""
        before = np.vstack([np.zeros((1, self.problem.cells)), self.wanted[:-1]])
        return np.clip(spend[None, :] - before, 0.0, self.wanted - before)

    def cost(self, spend: Floats) -> float:
        """Expected cost with a commitment of `spend` per hour in each cell."""
        saved = float(self.ratios @ (self.covered(spend) @ self.problem.weights))
        return self.fees + float(spend @ self.problem.weights) + self.uncovered - saved


def dispatch(problem: Problem, counts: Sequence[Mapping[Span, Floats]]) -> Dispatch:
    """Usage beside family-bound purchases; segments come by the discount that a spend commitment gives them."""
    fees, left, prices, rates, owners = 0.0, [], [], [], []
    for number, (family, bought) in enumerate(zip(problem.families, counts, strict=True)):
        fees += fees_of(problem, family, bought)
        for level, units in enumerate(beside(family, capacity(problem, bought))):
            left.append(units)
            prices.append(family.prices[level])
            rates.append(np.inf if family.spend_rate is None else family.spend_rate)
            owners.append(number)
    order = np.argsort(-np.array(prices) / np.array(rates), kind="stable")
    return Dispatch(
        problem,
        fees,
        np.array(left)[order],
        np.array(prices)[order],
        np.array(rates)[order],
        tuple(owners[index] for index in order),
    )


def fees_of(problem: Problem, family: Family, bought: Mapping[Span, Floats]) -> float:
    """What a family's purchases cost over the horizon."""
    return sum(float(tier.rate * (bought[tier.span] @ problem.hours(tier.span))) for tier in family.tiers)


def capacity(problem: Problem, bought: Mapping[Span, Floats]) -> Floats:
    """By cell: the units that family-bound purchases cover."""
    total = np.zeros(problem.cells)
    for span, counts in bought.items():
        total += counts[problem.groups[span]]
    return total


def beside(family: Family, units: Floats) -> Floats:
    """Levels × cells: what is above `units`; commitments take the lowest level, which is the dearest, first."""
    below = np.vstack([np.zeros((1, family.levels.shape[1])), family.levels[:-1]])
    return np.maximum(family.levels - np.maximum(below, units[None, :]), 0.0)
