"""Found incidents against planted ones: recall, precision, cause, delay."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from evals.anomalies.world import START, Planted, World
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.slices import Slice, Watched

EARLY, LATE = 1, 3
"""Days by which a found incident may begin before, or end after, a planted one and still be about it."""
AFTERMATH = 12
"""Days after a planted incident in which the return to normal of its own charges is no false incident."""


@dataclass
class Score:
    """One planted incident."""

    kind: str
    money: float
    moved: float
    is_found: bool = False
    is_cause_first: bool = False
    delay: int | None = None
    onset_error: int | None = None
    as_kind: str = ""


@dataclass
class WorldScore:
    planted: list[Score] = field(default_factory=list)
    incidents: int = 0
    false: list[Incident] = field(default_factory=list)
    weeks: float = 0.0


def score(world: World, watched: Watched, found: Sequence[Incident], weeks: float) -> WorldScore:
    result = WorldScore(incidents=len(found), weeks=weeks)
    members = dict(zip(watched.slices, watched.member, strict=True))
    matched: set[str] = set()
    for truth in world.planted:
        about = [one for one in found if _is_about(one, truth, members)]
        matched |= {one.id for one in found if _is_about(one, truth, members, AFTERMATH)}
        result.planted.append(_scored(truth, about, members, world))
    result.false = [one for one in found if one.id not in matched]
    return result


def _index(day: date) -> int:
    return (day - START).days


def _is_about(one: Incident, truth: Planted, members: dict[Slice, np.ndarray], after: int = 0) -> bool:  # type: ignore[type-arg]
    """Whether it overlaps in time, goes the same way (at first), and concerns mostly or wholly the planted charges."""
    end = truth.end + (after or LATE)
    in_time = _index(one.start) < end and _index(one.end) >= truth.onset - EARLY - (
        1 if truth.kind == "slow_drift" else 0
    )
    same_way = after or truth.kind == "offsetting_switch" or (one.impact > 0) == (truth.extra > 0)
    rows = members[one.where]
    return bool(in_time and same_way and rows[list(truth.leaves)].any() and _index(one.raised) >= truth.onset - EARLY)


def _scored(truth: Planted, about: list[Incident], members: dict[Slice, np.ndarray], world: World) -> Score:  # type: ignore[type-arg]
    result = Score(truth.kind, abs(truth.extra), truth.moved if truth.usual else 1.0)
    if not about:
        return result
    first = min(about, key=lambda one: (one.raised, -abs(one.impact)))
    main = max(about, key=lambda one: (_index(one.start) < truth.end, abs(one.impact)))
    result.is_found, result.as_kind = True, main.kind
    result.delay = max(0, _index(first.raised) - truth.onset)
    result.onset_error = _index(main.start) - truth.onset
    result.is_cause_first = _names(main, truth, members, world)
    return result


def _names(one: Incident, truth: Planted, members: dict[Slice, np.ndarray], world: World) -> bool:  # type: ignore[type-arg]
    """Whether the named slice is the narrowest watched one that holds the planted charges, or most of them."""
    planted = set(truth.leaves[-1:] if truth.kind == "offsetting_switch" else truth.leaves)
    usual = world.cost[:, truth.onset : truth.end].sum(axis=1)
    holding = [rows for rows in members.values() if rows[list(planted)].all()]
    tight = min(holding, key=lambda rows: (usual[rows].sum(), rows.sum()))
    named = members[one.where]
    if truth.kind == "offsetting_switch" and one.counterpart is not None:
        other = members[one.counterpart]
        return bool(named[truth.leaves[-1]] and other[truth.leaves[0]])
    if (named == tight).all():
        return True
    inside = not (named & ~tight).any()
    held = usual[list(planted & set(np.flatnonzero(named)))].sum() / max(usual[list(planted)].sum(), 1e-9)
    return bool(inside and held >= 0.8)
