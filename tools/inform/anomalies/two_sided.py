"""Incidents that are two sides of one: a shift and its way back; a rise and the fall beside it."""

from collections.abc import Sequence
from dataclasses import replace

from tools.inform.anomalies.incident import AnomalyKind, Incident

SAME_START, RETURN_DAYS = 3, 45
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


def offset(made: Sequence[Incident]) -> list[Incident]:
    """A rise and a fall of about the same money, begun together beside each other, are one shift inside their total."""
    kept, gone = list(made), set()
    for i, up in enumerate(kept):
        if up.impact <= 0:
            continue
        for j, down in enumerate(kept):
            if j not in gone and down.impact < 0 and _beside(up, down):
                kept[i] = replace(up, kind="offsetting shift", counterpart=down.where, also=(*up.also, *down.also))
                gone.add(j)
                break
    return [one for i, one in enumerate(kept) if i not in gone]


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
