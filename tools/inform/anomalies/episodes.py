"""Episodes: the days on which one slice departed from its rhythm in one direction, taken together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.inform.anomalies.detector import DRIFT, GAP, Detection
from tools.inform.anomalies.rules import Rules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass
class Episode:
    """Steps `first` to `last`, inclusive, of slice `row`. `impact`: observed − expected, in the ledger's currency."""

    row: int
    sign: int
    first: int
    last: int
    raised: int
    """The step whose data raised it."""
    observed: float
    expected: float
    has_settled: bool
    """Whether the departure went on for so long that it became the new level."""
    is_drift: bool

    @property
    def impact(self) -> float:
        return self.observed - self.expected

    def overlaps(self, other: "Episode", slack: int = 1) -> bool:
        return self.first <= other.last + slack and other.first <= self.last + slack


def episodes(
    costs: "NDArray[np.float64]", found: Detection, rules: Rules, drops_through: "NDArray[np.int64]"
) -> list[Episode]:
    """All episodes; drops only on steps up to `drops_through` of their row, after which data may still come in."""
    import numpy as np

    flag = found.flag.copy()
    steps = np.arange(costs.shape[1])
    flag[(flag < 0) & (steps[None, :] > drops_through[:, None])] = 0
    made = []
    for row in np.flatnonzero(flag.any(axis=1)):
        for sign in (1, -1):
            made += list(_of_row(int(row), sign, flag[row], costs[row], found, rules))
    return made


def _of_row(
    row: int, sign: int, flag: "NDArray[np.int8]", cost: "NDArray[np.float64]", found: Detection, rules: Rules
) -> Iterator[Episode]:
    import numpy as np

    drift = found.how[row] == DRIFT
    hits = np.flatnonzero((flag == sign) & ~drift)
    ends = (np.diff(hits) > GAP) | found.settled[row, hits[:-1]]
    for run in np.split(hits, np.flatnonzero(ends) + 1) if len(hits) else []:
        yield _episode(row, sign, run, cost, found)
    for hit in np.flatnonzero((flag == sign) & drift):
        yield _drift(row, sign, int(hit), cost, found, rules)


def _episode(row: int, sign: int, run: "NDArray[np.int64]", cost: "NDArray[np.float64]", found: Detection) -> Episode:
    first, last = int(min(run[0], found.onset[row, run[0]])), int(run[-1])
    observed, expected = float(cost[first : last + 1].sum()), float(found.expected[row, first : last + 1].sum())
    settled = bool(found.settled[row, run].any())
    return Episode(row, sign, first, last, int(run[0]), observed, expected, settled, False)


def _drift(row: int, sign: int, hit: int, cost: "NDArray[np.float64]", found: Detection, rules: Rules) -> Episode:
    """Against the week before it began."""
    first = int(found.onset[row, hit])
    usual = float(cost[max(0, first - rules.season) : first].mean()) if first else 0.0
    observed, expected = float(cost[first : hit + 1].sum()), usual * (hit - first + 1)
    return Episode(row, sign, first, hit, hit, observed, expected, True, True)
