"""The search for the sibling combinations that explain most of a change.

Each set of combinations gets a score (`scored`), whose exponent, above the 1 of a Poisson likelihood ratio, keeps a set
from leaving out siblings that changed too. Combinations of one to three dimensions are tried, and sets of up to three
siblings, each further one at a price. The best set is taken, its leaves are set aside, and the rest is searched again.
Ideas: Kulldorff's scan statistic (1997); Squeeze (ISSRE 2019); RiskLoc (arXiv:2205.10004).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tools.inform.root_cause.cuboids import Cuboid, cuboids
from tools.inform.root_cause.leaves import LeafTable
from tools.inform.root_cause.score import SMOOTHING, Scored, deviation, scored

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Values = npt.NDArray[np.float64]

COVERAGE_EXPONENT = 1.75
SIBLING_FACTOR = 0.8
"""What a set's score is multiplied with for each combination after its first."""
MOST_SIBLINGS = 3
EVERYWHERE_FACTOR = 0.9
"""What the score of the whole table is multiplied with, before it stands against the best part's."""
LEAST_SHARE = 0.1
"""A sibling or further cause holds at least this part of the change."""
LEAST_DEVIATION = 0.25
"""A further cause deviates at least this part as far as the first, on the logarithmic scale."""
_TIE = 1e-9


class Siblings(NamedTuple):
    """Groups of one cuboid that explain a part of the change together."""

    score: float
    cuboid: Cuboid
    groups: tuple[int, ...]
    moved: float
    deviation: float


class Search:
    """The leaves not yet explained, in binary: only the choice is made here, figures are summed exactly after."""

    def __init__(self, leaves: LeafTable, sign: int, most_dimensions: int) -> None:
        import numpy as np

        self._observed = np.array([float(value) for value in leaves.observed])
        self._expected = np.array([float(value) for value in leaves.expected])
        self._cuboids = tuple(cuboids(leaves.members, len(leaves.dimensions), most_dimensions))
        self._sign = sign
        self._floor = SMOOTHING * max(float(np.abs(self._expected).sum()), float(np.abs(self._observed).sum()))
        self._live = np.ones(len(leaves.members), dtype=bool)
        self._change = max(sign * float((self._observed - self._expected).sum()), 0.0)
        self._first: Siblings | None = None

    def is_everywhere(self) -> bool:
        """Whether the whole explains the change better than any part of it."""
        best, whole = self._best(), self._whole()
        return best is not None and EVERYWHERE_FACTOR * whole >= best.score

    def next(self) -> Siblings | None:
        """The set that explains most of what is left; None when none explains enough."""
        best, first = self._best(), self._first
        if best is None:
            return None
        if first is None:
            self._first = best
            return best
        is_enough = best.moved >= LEAST_SHARE * (self._change or first.moved)
        return best if is_enough and best.deviation >= LEAST_DEVIATION * first.deviation else None

    def set_aside(self, found: Siblings) -> list[list[int]]:
        """Take a set's leaves out of the search; the rows of each of its groups."""
        covered = [(found.cuboid.groups == group) & self._live for group in found.groups]
        for rows in covered:
            self._live &= ~rows
        return [rows.nonzero()[0].tolist() for rows in covered]

    def _whole(self) -> float:
        import numpy as np

        whole = np.array([self._observed.sum()]), np.array([self._expected.sum()])
        return float(self._change**COVERAGE_EXPONENT * deviation(*whole, self._sign, self._floor)[0])

    def _best(self) -> Siblings | None:
        best: Siblings | None = None
        for cuboid in self._cuboids:
            found = self._best_of(cuboid)
            if found is not None and found.score > (best.score * (1 + _TIE) if best else 0.0):
                best = found
        return best

    def _best_of(self, cuboid: Cuboid) -> Siblings | None:
        """The best set of a cuboid: one group, or those that deviate most among the few with the highest scores."""
        import numpy as np

        observed = cuboid.sums(self._observed * self._live)
        expected = cuboid.sums(self._expected * self._live)
        moved, far, scores = self._scored(observed, expected)
        top = np.argsort(-scores, kind="stable")[: 2 * MOST_SIBLINGS]
        alone = Siblings(float(scores[top[0]]), cuboid, (int(top[0]),), float(moved[top[0]]), float(far[top[0]]))
        several = top[moved[top] >= LEAST_SHARE * self._change]
        several = several[np.argsort(-far[several], kind="stable")][:MOST_SIBLINGS]
        if len(several) < 2:
            return alone if alone.score > 0 else None
        moved, far, scores = self._scored(np.cumsum(observed[several]), np.cumsum(expected[several]))
        scores = scores * SIBLING_FACTOR ** np.arange(len(several))
        last = int(np.argmax(scores))
        if scores[last] <= alone.score:
            return alone if alone.score > 0 else None
        chosen = tuple(int(group) for group in several[: last + 1])
        return Siblings(float(scores[last]), cuboid, chosen, float(moved[last]), float(far[last]))

    def _scored(self, observed: Values, expected: Values) -> Scored:
        return scored(observed, expected, self._sign, self._floor, COVERAGE_EXPONENT)
