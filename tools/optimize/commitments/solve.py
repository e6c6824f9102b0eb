"""The best plan of a problem, whichever way proves it."""

from dataclasses import replace

import numpy as np

from tools.optimize.commitments.decomposed import decompose
from tools.optimize.commitments.dispatch import dispatch
from tools.optimize.commitments.exact import solve_exactly
from tools.optimize.commitments.problem import Problem, Solution

SMALL = 4_000
"""Families × cells up to which a plan is one program."""
STILL_SMALL = 40_000
"""The same for a plan that decomposition leaves too far from its bound."""
NEAR = 1e-3


def solve(problem: Problem) -> Solution:
    """The plan with the least expected cost: within 0.1 % of its bound, or as its `gap` says."""
    if problem.spend is not None and not any(one.spend_rate for one in problem.families):
        return solve(replace(problem, spend=None))
    if problem.spend is None and len(problem.families) > 1:
        return _apart(problem)
    size = len(problem.families) * problem.cells
    if size <= SMALL and not _is_settled(problem):
        return _told(problem, solve_exactly(problem))
    found = decompose(problem)
    if found.gap > NEAR and size <= STILL_SMALL:
        exact = _told(problem, solve_exactly(problem))
        found = min(found, exact, key=lambda one: one.cost)
        return replace(found, bound=min(max(found.bound, exact.bound), found.cost))
    return found


def _is_settled(problem: Problem) -> bool:
    """Whether decomposition is exact: nothing couples families, and demand is in units that are sold."""
    whole = [family for family in problem.families if any(tier.whole for tier in family.tiers)]
    return problem.spend is None and all(np.array_equal(one.levels, np.rint(one.levels)) for one in whole)


def _apart(problem: Problem) -> Solution:
    """Without a spend commitment each family is a plan of its own."""
    each = [solve(replace(problem, families=(family,))) for family in problem.families]
    counts = tuple(one.counts[0] for one in each)
    return Solution(counts, np.zeros(0), sum(one.cost for one in each), sum(one.bound for one in each))


def _told(problem: Problem, found: Solution) -> Solution:
    """With the cost that dispatching it hour by hour gives, which the program's own must equal."""
    spend = np.zeros(problem.cells) if problem.spend is None else found.spend[problem.groups[problem.spend]]
    cost = dispatch(problem, found.counts).cost(spend)
    return Solution(found.counts, found.spend, cost, min(found.bound, cost))


def nothing_bought(problem: Problem) -> float:
    """What all of it costs on demand, without spot."""
    return sum(family.prices[0] * float(family.demand @ problem.weights) for family in problem.families)
