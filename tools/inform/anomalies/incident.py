"""Incident: what happened, told once, however many slices and days show it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tools.inform.anomalies.identity import id_of
from tools.inform.anomalies.slices import Slice

AnomalyKind = Literal[
    "spike", "drop", "level shift up", "level shift down", "drift up", "drift down", "new spend", "vanished spend",
    "offsetting shift",
]  # fmt: skip


@dataclass(frozen=True)
class Incident:
    """`where` is the slice that explains it; money in `currency`, over `start` to `end` (the last day, inclusive)."""

    kind: AnomalyKind
    where: Slice
    start: date
    end: date
    raised: date
    """The day whose data raised it."""
    observed: float
    expected: float
    is_open: bool
    """Whether it still goes on where the data end."""
    also: tuple[Slice, ...] = ()
    """Other slices that show the same, wider ones first."""
    counterpart: Slice | None = None
    """For an offsetting shift: where the money came from or went to."""

    reversed_on: date | None = None
    """For what lasted longer than its impact was counted: the day on which it was undone."""

    @property
    def impact(self) -> float:
        return self.observed - self.expected

    @property
    def id(self) -> str:
        """Stays the same while days are added (tools.inform.anomalies.identity)."""
        return id_of(self.where, is_rise=self.impact > 0, start=self.start)
