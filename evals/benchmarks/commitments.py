"""Planning commitments for 200 families over 8,760 hours: `python -m evals.benchmarks.commitments`.

Each family has an on-demand price, a one-year reservation in whole instances and a savings plan's price; the savings
plan couples all families in each hour. Bar: 60 s on 2 cores, the plan proved to be within 0.1 % of the best one.
Demand is made up, seeded: daily and weekly rhythm, trend and noise; once in whole machines, once in parts of them.
"""

import sys
import time

import numpy as np

from evals.benchmarks.report import Measurement, write
from tools.optimize.commitments.problem import Family, Problem, Tier, one_term
from tools.optimize.commitments.solve import nothing_bought, solve

FAMILIES, HOURS, SEED = 200, 8_760, 11
SECONDS, GAP = 60.0, 1e-3


def year(whole: bool) -> Problem:
    """A year of made-up demand."""
    made = np.random.default_rng(SEED)
    hours = np.arange(HOURS)
    families = []
    for number in range(FAMILIES):
        price = made.uniform(0.5, 60.0)
        rhythm = 1 + made.uniform(0, 0.7) * np.sin(2 * np.pi * (hours + made.integers(24)) / 24)
        rhythm += made.uniform(-0.3, 0.6) * hours / HOURS
        rhythm *= np.where(hours // 24 % 7 >= 5, made.uniform(0.3, 1.0), 1.0)
        units = made.uniform(1, 40) * rhythm * np.exp(0.15 * made.standard_normal(HOURS))
        demand = np.maximum(np.rint(units) if whole else units, 0.0)[None, :]
        reserved = Tier("term", price * made.uniform(0.5, 0.75))
        families.append(Family(f"f{number}", demand, (price,), (reserved,), price * made.uniform(0.55, 0.8)))
    weights = np.ones(HOURS)
    return Problem(weights, one_term(weights), tuple(families), "term")


def measure() -> list[Measurement]:
    found = []
    for what, whole in (("whole machines", True), ("parts of machines", False)):
        problem = year(whole)
        started = time.perf_counter()
        plan = solve(problem)
        seconds = time.perf_counter() - started
        detail = {"families": FAMILIES, "hours": HOURS, "saved": 1 - plan.cost / nothing_bought(problem)}
        found += [
            Measurement(name=f"plan, {what}", value=seconds, unit="s", bar=SECONDS, detail=detail),
            Measurement(name=f"proved distance to the best plan, {what}", value=plan.gap, unit="of cost", bar=GAP),
        ]
    return found


if __name__ == "__main__":
    measured = measure()
    write("commitments", measured)
    sys.exit(int(not all(one.meets for one in measured)))
