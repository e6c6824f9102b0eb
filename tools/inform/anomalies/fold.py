"""Episodes of many slices folded into incidents, each at the slice that explains it.

From the largest episode down: walk from it to the narrowest slice that holds most of its excess money, then let that
slice take every overlapping episode of its direction whose excess it explains. What two slices have in common is
measured on their shared charges, so that a team and a model meet only in what that team spent on that model.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.inform.anomalies.episodes import Episode
from tools.inform.anomalies.incident import AnomalyKind, Incident
from tools.inform.anomalies.ledger import Ledger
from tools.inform.anomalies.slices import Watched

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HOLDS, EXPLAINS = 0.7, 0.5
SAME_START = 3
SPIKE_DAYS = 2
REFERENCE_DAYS = 28


def fold(ledger: Ledger, watched: Watched, found: Sequence[Episode]) -> list[Incident]:
    """Incidents, the most money first."""
    return _Fold(ledger, watched, list(found)).incidents()


class _Fold:
    def __init__(self, ledger: Ledger, watched: Watched, found: list[Episode]) -> None:
        import numpy as np

        self.ledger, self.watched = ledger, watched
        self.open = sorted(found, key=lambda one: (-abs(one.impact), one.row, one.first))
        self.dense = np.zeros((len(ledger.values), ledger.days))
        np.add.at(self.dense, (ledger.leaf, ledger.day), ledger.cost)

    def incidents(self) -> list[Incident]:
        told: list[tuple[Episode, list[Episode]]] = []
        while self.open:
            cause = self._narrowest(self.open[0])
            family = [one for one in self.open if one is not cause and self._explained(cause, one)]
            taken = {id(cause), *map(id, family)}
            self.open = [one for one in self.open if id(one) not in taken]
            told.append((cause, family))
        made = [self._incident(cause, family) for cause, family in told]
        return sorted(_offset(made), key=lambda one: (-abs(one.impact), one.start, one.where.key))

    def _narrowest(self, head: Episode) -> Episode:
        """The smallest slice, by what it usually costs, whose own excess is most of the head's."""
        able = [one for one in self.open if self._is_part(head, one)]
        return min(able, key=lambda one: (one.expected / (one.last - one.first + 1), -abs(one.impact), one.row))

    def _is_part(self, head: Episode, one: Episode) -> bool:
        if one is head:
            return True
        inside = self.watched.slices[one.row].within(self.watched.slices[head.row])
        if one.sign != head.sign or not one.overlaps(head) or not (inside or self._covers(head, one)):
            return False
        return self._shared(head, one) >= HOLDS and abs(one.impact) >= HOLDS * abs(head.impact)

    def _covers(self, head: Episode, one: Episode) -> bool:
        member = self.watched.member
        return not bool((member[one.row] & ~member[head.row]).any())

    def _explained(self, cause: Episode, other: Episode) -> bool:
        if other.sign != cause.sign or not other.overlaps(cause, SAME_START):
            return False
        return self._shared(other, cause) >= EXPLAINS or self._shared(cause, other) >= EXPLAINS

    def _shared(self, of: Episode, with_: Episode) -> float:
        """The part of an episode's excess that charges common to both slices make up."""
        member = self.watched.member
        both = member[of.row] & member[with_.row]
        if not both.any():
            return 0.0
        excess = self._excess(of)
        whole = float(excess[member[of.row]].sum())
        return float(excess[both].sum()) / whole if whole * of.sign > 0 else 0.0

    def _excess(self, one: Episode) -> "NDArray[np.float64]":
        """By leaf: what the days cost beyond the mean of the same weekdays of the four weeks before."""
        import numpy as np

        days = np.arange(one.first, one.last + 1)
        back = max(7, ((one.last - one.first) // 7 + 1) * 7)
        weeks = [days - back - 7 * k for k in range(4)]
        before = [self.dense[:, week[week >= 0]].sum(axis=1) for week in weeks if (week >= 0).all()]
        usual = np.mean(before, axis=0) if before else np.zeros(len(self.dense))
        return np.asarray(self.dense[:, days].sum(axis=1) - usual)

    def _incident(self, cause: Episode, family: Sequence[Episode]) -> Incident:
        ledger, slices = self.ledger, self.watched.slices
        also = sorted({one.row for one in family if one.row != cause.row}, key=lambda row: (len(slices[row].where), row))
        last = max([cause.last, *(one.last for one in family if one.row == cause.row)])
        return Incident(
            kind=_kind(cause, last),
            where=slices[cause.row],
            start=ledger.day_at(cause.first),
            end=ledger.day_at(last),
            raised=ledger.day_at(min([cause.raised, *(one.raised for one in family if one.first >= cause.first - 1)])),
            observed=cause.observed,
            expected=cause.expected,
            is_open=last >= ledger.days - 2,
            also=tuple(slices[row] for row in also),
        )


def _kind(cause: Episode, last: int) -> AnomalyKind:
    up = cause.sign > 0
    if cause.is_drift:
        return "drift up" if up else "drift down"
    if up and cause.expected <= 0.02 * cause.observed:
        return "new spend"
    if not up and cause.observed <= 0.05 * cause.expected and last - cause.first >= SPIKE_DAYS:
        return "vanished spend"
    if cause.has_settled:
        return "level shift up" if up else "level shift down"
    return "spike" if up else "drop"


def _offset(made: Sequence[Incident]) -> list[Incident]:
    """A rise and a fall of about the same money, begun together beside each other, are one shift inside their total."""
    kept, gone = list(made), set()
    for i, up in enumerate(kept):
        if up.impact <= 0 or i in gone:
            continue
        for j, down in enumerate(kept):
            if j not in gone and down.impact < 0 and _beside(up, down):
                kept[i] = replace(up, kind="offsetting shift", counterpart=down.where, also=(*up.also, *down.also))
                gone.add(j)
                break
    return [one for i, one in enumerate(kept) if i not in gone]


def _beside(up: Incident, down: Incident) -> bool:
    near = abs((up.start - down.start).days) <= SAME_START
    alike = 0.4 <= -down.impact / up.impact <= 2.5
    shared = set(up.where.where) & set(down.where.where)
    along = {name for name, _ in up.where.where} & {name for name, _ in down.where.where}
    return near and alike and bool(along) and up.where.contradicts(down.where) and (bool(shared) or len(along) >= 1)
