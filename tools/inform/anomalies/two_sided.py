"""Incidents that are two sides of one: a shift and its way back; a rise and the fall beside it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.inform.anomalies.cause import Causes
from tools.inform.anomalies.incident import AnomalyKind, Incident
from tools.inform.anomalies.ledger import Ledger
from tools.inform.anomalies.slices import Slice, Watched

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAME_START, RETURN_DAYS = 3, 45
STAYED = 0.5
"""The part of the money that comes back with the same owner at least, where it went over to something else."""
LASTING: tuple[AnomalyKind, ...] = (
    "level shift up", "level shift down", "new spend", "vanished spend", "drift up", "drift down",
)  # fmt: skip


def without_returns(made: Sequence[Incident]) -> list[Incident]:
    """A shift that is undone is one incident: the way back, of about the same money a day, is no news."""
    kept = sorted(made, key=lambda one: (one.start, one.where.key))
    gone: set[int] = set()
    for i, first in enumerate(kept):
        if i in gone or first.kind not in LASTING:
            continue
        back = [j for j in range(i + 1, len(kept)) if j not in gone and _undoes(first, kept[j])]
        if back:
            kept[i] = replace(first, reversed_on=kept[back[0]].start, is_open=False)
            gone.add(back[0])
    return [one for i, one in enumerate(kept) if i not in gone]


def offset(made: Sequence[Incident], owners: "Owners") -> list[Incident]:
    """A rise and a fall of about the same money, begun together with the same owner, are one shift inside a total."""
    kept, gone = list(made), set()
    for i, up in enumerate(kept):
        if up.impact <= 0:
            continue
        for j, down in enumerate(kept):
            if j not in gone and down.impact < 0 and _beside(up, down) and owners.kept(up, down):
                kept[i] = replace(up, kind="offsetting shift", counterpart=down.where, also=(*up.also, *down.also))
                gone.add(j)
                break
    return [one for i, one in enumerate(kept) if i not in gone]


class Owners:
    """Who spends: the projects, or the teams of a company that tells none.

    Something falls while another thing rises on any day of a large company; money has gone over from one model, region
    or provider to another only where those who spend less on the one spend more on the other.
    """

    def __init__(self, ledger: Ledger, watched: Watched, causes: Causes) -> None:
        self._ledger, self._watched, self._causes = ledger, watched, causes

    def kept(self, up: Incident, down: Incident) -> bool:
        """Whether most of the money stayed with its owners; True where charges have none."""
        owner = next((name for name in ("x_Project", "x_Team") if name in self._ledger.dimensions), None)
        if owner is None:
            return True
        first = (up.start - self._ledger.start).days
        excess, _ = self._causes.excess(first, first + max((min(up.end, down.end) - up.start).days, 0))
        more, less = self._by_owner(owner, up.where, excess), self._by_owner(owner, down.where, -excess)
        went = min(sum(more.values()), sum(less.values()))
        return sum(max(min(more[who], less.get(who, 0.0)), 0.0) for who in more) >= STAYED * went > 0

    def _by_owner(self, owner: str, where: Slice, excess: "NDArray[np.float64]") -> dict[str | None, float]:
        place, by = self._ledger.dimensions.index(owner), dict[str | None, float]()
        for leaf in self._watched.member[self._watched.slices.index(where)].nonzero()[0]:
            who = self._ledger.values[leaf][place]
            by[who] = by.get(who, 0.0) + float(excess[leaf])
        return by


def _undoes(first: Incident, later: Incident) -> bool:
    if later.where != first.where or later.impact * first.impact >= 0:
        return False
    rate = -(later.impact / ((later.end - later.start).days + 1)) / (
        first.impact / ((first.end - first.start).days + 1)
    )
    return first.end < later.start and (later.start - first.end).days <= RETURN_DAYS and 0.4 <= rate <= 2.5


def _beside(up: Incident, down: Incident) -> bool:
    """Same days, about the same money, and different values of a dimension that both name."""
    near = abs((up.start - down.start).days) <= SAME_START
    alike = 0.4 <= -down.impact / up.impact <= 2.5
    return near and alike and up.where.contradicts(down.where)
