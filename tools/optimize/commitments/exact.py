"""Small plans: one mixed-integer linear program over demand whose equal hours are put together, solved by HiGHS."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tools.domain.errors import StoreFault
from tools.optimize.commitments.problem import SPANS, Family, Floats, Ints, Problem, Solution, Span

RELATIVE_GAP = 1e-6
SECONDS = 30.0
"""A program that takes longer gives the best plan so far, with its bound."""


def solve_exactly(problem: Problem) -> Solution:
    """The best plan, within RELATIVE_GAP. Raises StoreFault when the solver gives nothing."""
    from scipy.optimize import LinearConstraint, milp

    small = _compressed(problem)
    program = _Program()
    places = [_family(program, small, family) for family in small.families]
    spend = _spend(program, small, places)
    matrix = program.matrix()
    found = milp(
        np.concatenate(program.costs),
        constraints=[LinearConstraint(matrix, lb=np.concatenate(program.lows), ub=np.inf)],
        integrality=np.concatenate(program.whole),
        options={"mip_rel_gap": RELATIVE_GAP, "time_limit": SECONDS},
    )
    if found.x is None:
        raise StoreFault(f"the commitment plan was not solved: {found.message}")
    bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
    counts = tuple(
        {span: _clean(found.x[variables], whole) for span, (variables, whole) in one.counts.items()} for one in places
    )
    return Solution(counts, np.maximum(found.x[spend], 0.0), float(found.fun), float(bound))


@dataclass
class _Program:
    """A linear program as it is written down: minimise costs · x over rows ≥ lows, x ≥ 0."""

    costs: list[Floats] = field(default_factory=list)
    whole: list[Ints] = field(default_factory=list)
    lows: list[Floats] = field(default_factory=list)
    rows: list[Ints] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    variables: int = 0
    constraints: int = 0

    def add(self, costs: Floats, whole: bool = False) -> Ints:
        """New variables; gives their places."""
        places = np.arange(self.variables, self.variables + len(costs))
        self.variables += len(costs)
        self.costs.append(costs)
        self.whole.append(np.full(len(costs), int(whole)))
        return places

    def need(self, lows: Floats) -> Ints:
        """New rows; gives their places."""
        places = np.arange(self.constraints, self.constraints + len(lows))
        self.constraints += len(lows)
        self.lows.append(lows)
        return places

    def put(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        self.rows.append(rows)
        self.columns.append(columns)
        self.values.append(np.broadcast_to(np.asarray(values, dtype=float), rows.shape))

    def matrix(self) -> "object":
        from scipy.sparse import csr_array

        values = np.concatenate(self.values), (np.concatenate(self.rows), np.concatenate(self.columns))
        return csr_array(values, shape=(self.constraints, self.variables))


@dataclass
class _Places:
    counts: dict[Span, tuple[Ints, bool]]
    covered: list[tuple[Ints, float]] = field(default_factory=list)
    """By level: the variables of units under the spend commitment (one a cell), and their price."""


def _family(program: _Program, problem: Problem, family: Family) -> _Places:
    """Each cell's demand is met by what is bought, by the spend commitment, or level by level at its price."""
    demand = program.need(family.demand)
    places = _Places({})
    for tier in family.tiers:
        variables = program.add(tier.rate * problem.hours(tier.span), tier.whole)
        program.put(demand, variables[problem.groups[tier.span]], 1.0)
        places.counts[tier.span] = variables, tier.whole
    below = np.vstack([np.zeros((1, problem.cells)), family.levels[:-1]])
    for level, price in enumerate(family.prices):
        paid = program.add(price * problem.weights)
        program.put(demand, paid, 1.0)
        within = program.need(below[level] - family.levels[level]) if level else None
        if within is not None:
            program.put(within, paid, -1.0)
        if family.spend_rate is not None and problem.spend is not None:
            covered = program.add(np.zeros(problem.cells))
            program.put(demand, covered, 1.0)
            if within is not None:
                program.put(within, covered, -1.0)
            places.covered.append((covered, family.spend_rate))
    return places


def _spend(program: _Program, problem: Problem, places: list[_Places]) -> Ints:
    if problem.spend is None:
        return np.zeros(0, dtype=np.int64)
    spend = program.add(problem.hours(problem.spend))
    rows = program.need(np.zeros(problem.cells))
    program.put(rows, spend[problem.groups[problem.spend]], 1.0)
    for one in places:
        for covered, rate in one.covered:
            program.put(rows, covered, -rate)
    return spend


def _compressed(problem: Problem) -> Problem:
    """Cells that are equal in every family and covered by the same purchases are one, with the sum of the weights."""
    spans = [span for span in SPANS if span in _spans(problem)]
    columns = [problem.groups[span].astype(float) for span in spans]
    columns += [level for family in problem.families for level in family.levels]
    _, first, inverse = np.unique(np.array(columns), axis=1, return_index=True, return_inverse=True)
    families = tuple(
        Family(one.name, one.levels[:, first], one.prices, one.tiers, one.spend_rate) for one in problem.families
    )
    groups: Mapping[Span, Ints] = {span: problem.groups[span][first] for span in spans}
    weights = np.asarray(np.bincount(inverse.ravel(), weights=problem.weights), dtype=np.float64)
    return Problem(weights, groups, families, problem.spend)


def _spans(problem: Problem) -> set[Span]:
    spans: set[Span] = {tier.span for family in problem.families for tier in family.tiers}
    return spans | ({problem.spend} if problem.spend else set()) or {"horizon"}


def _clean(values: Floats, whole: bool) -> Floats:
    return np.rint(values) if whole else np.maximum(values, 0.0)
