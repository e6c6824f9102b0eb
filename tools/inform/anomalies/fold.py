"""Episodes of many slices folded into incidents, each at the slice that explains it.

From the largest episode down: the slice that explains it (tools.inform.anomalies.cause) takes every overlapping episode
of its direction with which it shares the excess. What two slices have in common is measured on their shared charges, so
that a team and a model meet only in what that team spent on that model. Costs add up, so that the parts of an excess do
too.
"""

from collections.abc import Sequence
from dataclasses import replace

from tools.inform.anomalies.cause import Causes
from tools.inform.anomalies.detector import Detection
from tools.inform.anomalies.episodes import Episode
from tools.inform.anomalies.incident import AnomalyKind, Incident
from tools.inform.anomalies.ledger import Ledger
from tools.inform.anomalies.slices import Slice, Watched
from tools.inform.anomalies.two_sided import SAME_START, Owners, offset, without_returns

EXPLAINS, EXPLAINS_DRIFT = 0.5, 0.3
"""The part of an episode's excess that it shares with its cause."""
DRIFT_SLACK, GATHER_DAYS = 7, 10
SPIKE_DAYS = 2


def fold(ledger: Ledger, watched: Watched, detection: Detection, found: Sequence[Episode]) -> list[Incident]:
    """Incidents, the most money first."""
    return _Fold(ledger, watched, detection, found).incidents()


class _Fold:
    def __init__(self, ledger: Ledger, watched: Watched, detection: Detection, found: Sequence[Episode]) -> None:
        self.ledger, self.watched, self.detection = ledger, watched, detection
        self.open = sorted(found, key=lambda one: (one.is_drift, -abs(one.impact), one.row, one.first))
        self.causes = Causes(ledger, watched)

    def incidents(self) -> list[Incident]:
        made: list[tuple[Episode, list[Episode]]] = []
        while self.open:
            head = self.open[0]
            cause = self._at(head, self.causes.of(head))
            family = [one for one in self.open if one is head or self._explained(cause, one)]
            taken = set(map(id, family))
            self.open = [one for one in self.open if id(one) not in taken]
            told = next((known for known in made if _is_same(known[0], cause)), None)
            if told:
                told[1].extend(family)
            else:
                made.append((cause, family))
        incidents = without_returns(self._gathered([self._incident(c, family) for c, family in made]))
        incidents = offset(incidents, Owners(self.ledger, self.watched, self.causes))
        return sorted(incidents, key=lambda one: (-abs(one.impact), one.start, one.where.key))

    def _gathered(self, made: list[Incident]) -> list[Incident]:
        """Several parts of a slice that moved together, where the slice itself did too, are that slice's incident."""
        kept = sorted(made, key=lambda one: (-abs(one.impact), one.where.key))
        for one in list(kept):
            wider = [other for other in one.also if one.where.within(other) and other.where]
            for parent in sorted(wider, key=lambda each: (self._leaves(each), each.key)):
                parts = [each for each in kept if each.where.within(parent) and _together(one, each)]
                if one in kept and len(parts) > 1:
                    kept = [each for each in kept if each not in parts]
                    kept.append(_sum_of(parent, parts))
                    break
        return kept

    def _leaves(self, one: Slice) -> int:
        return int(self.watched.member[self.watched.slices.index(one)].sum())

    def _at(self, head: Episode, row: int) -> Episode:
        """The slice's own episode where it has one, sudden before drift; else the head's days as it had them."""
        own = [one for one in self.open if one.row == row and one.sign == head.sign and one.overlaps(head)]
        if own:
            return max(own, key=lambda one: (not one.is_drift, abs(one.impact)))
        days = slice(head.first, head.last + 1)
        observed = float(self.watched.costs[row, days].sum())
        expected = float(self.detection.expected[row, days].sum())
        if head.is_drift or (observed - expected) * head.sign <= 0:
            excess, _ = self.causes.excess(head.first, head.last)
            expected = observed - float(excess[self.watched.member[row]].sum())
        return replace(head, row=row, observed=observed, expected=max(expected, 0.0))

    def _explained(self, cause: Episode, other: Episode) -> bool:
        slack = DRIFT_SLACK if other.is_drift or cause.is_drift else SAME_START
        if other.sign != cause.sign or not other.overlaps(cause, slack):
            return False
        return self.causes.shared(other, cause) >= (EXPLAINS_DRIFT if other.is_drift else EXPLAINS)

    def _incident(self, cause: Episode, family: Sequence[Episode]) -> Incident:
        ledger, slices = self.ledger, self.watched.slices
        also = sorted(
            {one.row for one in family if one.row != cause.row}, key=lambda row: (len(slices[row].where), row)
        )
        own = [one for one in family if one.row == cause.row]
        last = max([cause.last, *(one.last for one in own)])
        raised = min([cause.raised, *(one.raised for one in family if one.raised >= cause.first)])
        return Incident(
            kind=_kind(cause, last),
            where=slices[cause.row],
            start=ledger.day_at(cause.first),
            end=ledger.day_at(last),
            raised=ledger.day_at(raised),
            observed=cause.observed,
            expected=cause.expected,
            is_open=last >= ledger.days - 2,
            also=tuple(slices[row] for row in also),
        )


def _together(one: Incident, other: Incident) -> bool:
    near = abs((one.start - other.start).days) <= GATHER_DAYS
    return near and one.impact * other.impact > 0 and one.start <= other.end and other.start <= one.end


def _sum_of(parent: Slice, parts: Sequence[Incident]) -> Incident:
    """The parts as one: the kind of the largest, the first of the first days, the last of the last."""
    return replace(
        parts[0],
        where=parent,
        start=min(one.start for one in parts),
        end=max(one.end for one in parts),
        raised=min(one.raised for one in parts),
        observed=sum(one.observed for one in parts),
        expected=sum(one.expected for one in parts),
        is_open=any(one.is_open for one in parts),
        also=tuple(dict.fromkeys(other for one in parts for other in (one.where, *one.also) if other != parent)),
    )


def _is_same(one: Episode, other: Episode) -> bool:
    return one.row == other.row and one.sign == other.sign and one.overlaps(other, SAME_START)


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
