"""Large plans: prices of committed money by the hour decouple the families; what is left of optimality is proved.

Were the hour's price of a committed unit of money known, each family could be planned by itself: the n-th unit is worth
buying for a span when what it would otherwise cost in that span, on demand or under the spend commitment at that price,
reaches the offer's price (the newsvendor's rule on the sorted demand). Such prices bound the cost of every plan from
below (Lagrangian duality); the prices are averaged over rounds (Brown's fictitious play), and the best plan met is kept
with the best bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tools.optimize.commitments.dispatch import Dispatch, dispatch
from tools.optimize.commitments.problem import SPANS, Family, Floats, Ints, Problem, Solution, Span, Tier

ROUNDS = 60
ENOUGH = 1e-4
"""Rounds end when the plan is proved to be within this of the best."""
Counts = tuple[Mapping[Span, Floats], ...]


def decompose(problem: Problem, rounds: int = ROUNDS, enough: float = ENOUGH) -> Solution:
    """A plan and a bound. Exact where there is no spend commitment and units are whole."""
    sorted_families = [_Sorted.of(problem, family) for family in problem.families]
    worth = np.full(problem.cells, np.inf if problem.spend is None else 1.0)
    best = Solution((), np.zeros(0), np.inf, -np.inf)
    bound = -np.inf
    for number in range(rounds):
        answers = [one.respond(worth) for one in sorted_families]
        bound = max(bound, sum(value for _, value in answers))
        counts = tuple(counts for counts, _ in answers)
        for tried in _whole(problem, counts):
            spent = dispatch(problem, tried)
            spend, seen = _best_spend(problem, spent)
            cost = spent.cost(spend)
            if cost < best.cost:
                best = Solution(tried, _by_group(problem, spend), cost, bound)
        if problem.spend is None or best.cost - bound <= enough * best.cost:
            break
        worth += (1.0 if number == 0 else 2 / (number + 2)) * (seen - worth)
    return Solution(best.counts, best.spend, best.cost, min(bound, best.cost))


@dataclass(frozen=True)
class _Sorted:
    """A family with its demand sorted once: one event for each level and cell, the highest first."""

    problem: Problem
    family: Family
    heights: Floats
    cells: Ints
    levels: Ints
    orders: Mapping[Span, Ints]
    """For each span the events by purchase, and by height within it."""

    @classmethod
    def of(cls, problem: Problem, family: Family) -> "_Sorted":
        count, cells = family.levels.shape
        heights = family.levels.ravel()
        by_height = np.argsort(-heights, kind="stable")
        where = np.tile(np.arange(cells), count)[by_height]
        orders = {
            span: np.argsort(problem.groups[span][where], kind="stable")
            for span in (tier.span for tier in family.tiers)
        }
        return cls(problem, family, heights[by_height], where, np.repeat(np.arange(count), cells)[by_height], orders)

    def respond(self, worth: Floats) -> tuple[Mapping[Span, Floats], float]:
        """What to buy where committed money is worth `worth` in each cell, and what the family then costs."""
        weights = self._weights(worth)
        reach: dict[Span, Floats] = {}
        for tier in self.family.tiers:
            weights, reach[tier.span] = self._bought(tier, weights)
        return _own(self.problem, reach), float(weights @ self.heights)

    def _weights(self, worth: Floats) -> Floats:
        """What a unit costs at each event beyond what it would in the next level: prices fall, so none is negative."""
        prices = np.array(self.family.prices)[:, None] * np.ones(self.problem.cells)
        if self.family.spend_rate is not None and np.isfinite(worth).all():
            prices = np.minimum(prices, self.family.spend_rate * worth[None, :])
        steps = prices - np.vstack([prices[1:], np.zeros((1, self.problem.cells))])
        return np.asarray(steps[self.levels, self.cells] * self.problem.weights[self.cells])

    def _bought(self, tier: Tier, weights: Floats) -> tuple[Floats, Floats]:
        """Weights once units that cost more than the offer are bought, and for each purchase how high it reaches."""
        order, groups = self.orders[tier.span], self.problem.groups[tier.span]
        number = groups[self.cells[order]]
        caps = tier.rate * self.problem.hours(tier.span)
        running = np.cumsum(weights[order])
        starts = np.searchsorted(number, np.arange(len(caps)))
        before = np.where(starts > 0, running[np.maximum(starts, 1) - 1], 0.0)
        inside = running - before[number]
        capped = np.minimum(inside, caps[number])
        first = np.ones(len(number), dtype=bool)
        first[1:] = number[1:] != number[:-1]
        previous = np.where(first, 0.0, np.concatenate([[0.0], capped[:-1]]))
        changed = np.empty_like(weights)
        changed[order] = capped - previous
        reach = np.zeros(len(caps))
        pays = inside >= caps[number] * (1 - 1e-12)
        np.maximum.at(reach, number[pays], self.heights[order][pays])
        return changed, reach


def _own(problem: Problem, reach: Mapping[Span, Floats]) -> Mapping[Span, Floats]:
    """Each purchase's own units: what longer ones do not reach."""
    counts: dict[Span, Floats] = {}
    reached = np.zeros(problem.cells)
    for span in reversed([span for span in SPANS if span in reach]):
        groups = problem.groups[span]
        below = np.zeros(len(reach[span]))
        below[groups] = reached
        counts[span] = np.maximum(reach[span] - below, 0.0)
        reached = np.maximum(reached, reach[span][groups])
    return counts


def _whole(problem: Problem, counts: Counts) -> tuple[Counts, ...]:
    """The plan with whole units where only those are sold: rounded in the ways that might be best."""
    spans = [{tier.span for tier in family.tiers if tier.whole} for family in problem.families]
    same = all(
        np.array_equal(units, np.rint(units))
        for whole, one in zip(spans, counts, strict=True)
        for span, units in one.items()
        if span in whole
    )
    if same:
        return (counts,)
    return tuple(
        tuple(
            {span: way(units) if span in whole else units for span, units in one.items()}
            for whole, one in zip(spans, counts, strict=True)
        )
        for way in (np.rint, np.floor, np.ceil)
    )


def _best_spend(problem: Problem, spent: Dispatch) -> tuple[Floats, Floats]:
    """By cell: the best commitment beside what is bought, and what committed money is worth there.

    The worths of a purchase's hours sum to the hours it is paid for, or to less where nothing is committed.
    """
    spend, worth = np.zeros(problem.cells), np.full(problem.cells, np.inf)
    if problem.spend is None:
        return spend, worth
    groups, hours = problem.groups[problem.spend], problem.hours(problem.spend)
    low, high = np.zeros(len(hours)), np.zeros(len(hours))
    np.maximum.at(high, groups, spent.wanted[-1])
    for _ in range(60):
        middle = (low + high) / 2
        enough = _sum(problem, spent.worth(middle[groups])) > hours
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    below, above = spent.worth(low[groups]), spent.worth(high[groups])
    sums = _sum(problem, below), _sum(problem, above)
    width = np.where(sums[0] > sums[1], sums[0] - sums[1], 1.0)
    part = np.clip((hours - sums[1]) / width, 0.0, 1.0)[groups]
    worth = part * below + (1 - part) * above
    scale = np.maximum(_sum(problem, worth) / hours, 1.0)
    best = min(low[groups], high[groups], key=spent.cost)
    return best, worth / scale[groups]


def _sum(problem: Problem, values: Floats) -> Floats:
    assert problem.spend is not None
    return problem.by_purchase(problem.spend, values)


def _by_group(problem: Problem, spend: Floats) -> Floats:
    if problem.spend is None:
        return np.zeros(0)
    by_group = np.zeros(len(problem.hours(problem.spend)))
    by_group[problem.groups[problem.spend]] = spend
    return by_group
