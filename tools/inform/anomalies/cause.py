"""The cause of an episode: the watched slice that explains its excess best.

Of the slices that hold at least half of the episode's excess, the one of the highest score (tools.inform.root_cause):
how much the slice moved, weighed with how far it is from its own usual cost. A slice is measured with all of its
charges, those outside the episode's slice too, so that a project that grew on several providers is found from any of
them, and a whole region is not blamed for the one project in it.
"""

from typing import TYPE_CHECKING

from tools.inform.anomalies.episodes import Episode
from tools.inform.anomalies.ledger import Ledger
from tools.inform.anomalies.slices import Watched
from tools.inform.root_cause.score import SMOOTHING, scored

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

HOLDS = 0.5
"""The part of an episode's excess that its cause holds at least."""
EXPONENT = 1.0
"""One cause is wanted, and HOLDS already keeps out a part of it: larger sets need no favour."""
ONSET_DAYS = 7
"""What begins suddenly is looked at in its first week, before other things happen to the same charges."""
WEEKS_BEFORE = 4
_TIE = 1e-9


class Causes:
    """What each leaf cost beyond its usual, over any days; asked for often, so that answers are kept."""

    def __init__(self, ledger: Ledger, watched: Watched) -> None:
        import numpy as np

        self._watched, self._member = watched, watched.member.astype(np.float64)
        self._dense = np.zeros((len(ledger.values), ledger.days))
        np.add.at(self._dense, (ledger.leaf, ledger.day), ledger.cost)
        self._measured: dict[tuple[int, int], tuple[Values, Values]] = {}

    def of(self, head: Episode) -> int:
        """The row of the slice that explains the episode; its own where none no larger does it better."""
        import numpy as np

        last = head.last if head.is_drift else min(head.last, head.first + ONSET_DAYS - 1)
        excess, usual = self.excess(head.first, last)
        held = self._member @ np.where(self._watched.member[head.row], excess, 0.0)
        if held[head.row] * head.sign <= 0:
            return head.row
        size = self._member @ np.abs(usual + excess.clip(min=0))
        able = (held / held[head.row] >= HOLDS) & (size <= size[head.row])
        score = np.where(able, self._scores(excess, usual, head.sign), 0.0)
        if not score.max() > 0:
            return head.row
        best = np.flatnonzero(score >= score.max() * (1 - _TIE)).tolist()
        return min(best, key=lambda row: (self._watched.slices[row].words, row))

    def shared(self, of: Episode, with_: Episode) -> float:
        """The part of an episode's excess that charges common to both slices make up."""
        member = self._watched.member
        both = member[of.row] & member[with_.row]
        if not both.any():
            return 0.0
        excess, _ = self.excess(of.first, of.last)
        whole = float(excess[member[of.row]].sum())
        return float(excess[both].sum()) / whole if whole * of.sign > 0 else 0.0

    def excess(self, first: int, last: int) -> "tuple[Values, Values]":
        """By leaf: what the days cost beyond the median of the same weekdays of four weeks before, and that median."""
        import numpy as np

        if (first, last) not in self._measured:
            days = np.arange(first, last + 1)
            back = ((last - first) // 7 + 1) * 7
            weeks = [days - back - 7 * k for k in range(WEEKS_BEFORE)]
            before = [self._dense[:, week].sum(axis=1) for week in weeks if week[0] >= 0]
            usual = np.asarray(np.median(before, axis=0) if before else np.zeros(len(self._dense)))
            self._measured[first, last] = self._dense[:, days].sum(axis=1) - usual, usual
        return self._measured[first, last]

    def _scores(self, excess: "Values", usual: "Values", sign: int) -> "Values":
        expected = self._member @ usual
        observed = expected + self._member @ excess
        return scored(observed, expected, sign, SMOOTHING * max(observed[0], expected[0], 0.0), EXPONENT).score
