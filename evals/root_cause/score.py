"""Micro-F1 over causes, a cause counting only when every dimension and value of it is right."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from evals.root_cause.cases import Combination
from tools.inform.root_cause import LeafTable, localise


@dataclass(frozen=True)
class Outcome:
    """What was found of one case, beside what there was to find."""

    case: str
    found: frozenset[Combination]
    causes: frozenset[Combination]
    seconds: float


@dataclass(frozen=True)
class Score:
    """`exact`: cases whose whole set of causes is right. F1 counts single causes, as RiskLoc's evaluation does."""

    cases: int
    exact: int
    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def f1(self) -> float:
        found = 2 * self.true_positives
        wrong = self.false_positives + self.false_negatives
        return found / (found + wrong) if found + wrong else 0.0


def look(case: str, leaves: Callable[[], LeafTable], causes: frozenset[Combination]) -> Outcome:
    """Localise one case, timed from sums by leaf to causes."""
    start = time.perf_counter()
    found = localise(leaves())
    seconds = time.perf_counter() - start
    return Outcome(case, frozenset(frozenset(cause.combination) for cause in found), causes, seconds)


def score(outcomes: Iterable[Outcome]) -> Score:
    seen = list(outcomes)
    return Score(
        cases=len(seen),
        exact=sum(one.found == one.causes for one in seen),
        true_positives=sum(len(one.found & one.causes) for one in seen),
        false_positives=sum(len(one.found - one.causes) for one in seen),
        false_negatives=sum(len(one.causes - one.found) for one in seen),
    )
