"""An incident's id, and finding the incident again by it after more data, or late data, have come in.

An id is made of the slice and the direction, and of the first day apart from them. As days are judged from the days
before them only, new days change none of these. Late data can make an incident begin a few days sooner or later; then
the id that people know still leads to it, and what they said of it still counts.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tools.inform.anomalies.slices import Slice

if TYPE_CHECKING:
    from tools.inform.anomalies.incident import Incident

MOVES_DAYS = 3
"""By how many days late data may move an incident's first day; two incidents of a slice begin further apart."""
DAYS = 16**3
"""Ids of one slice repeat after so many days, some eleven years."""


@dataclass(frozen=True)
class Said:
    """What people said of an incident, and the id under which they did."""

    anomaly: str
    verdict: str


def id_of(where: Slice, *, is_rise: bool, start: date) -> str:
    """`A-` and seven hexadecimal digits: four of the slice and the direction, three of the first day."""
    told = f"{where.key}|{'+' if is_rise else '-'}"
    return f"A-{hashlib.sha256(told.encode()).hexdigest()[:4]}{start.toordinal() % DAYS:03x}"


def recognised(told: str, incidents: "Sequence[Incident]") -> "Incident | None":
    """The incident of this id, in whatever case it is typed; else the one whose first day has moved from it."""
    wanted = told.strip().casefold()
    for moved in sorted(range(-MOVES_DAYS, MOVES_DAYS + 1), key=abs):
        for one in incidents:
            start = one.start + timedelta(days=moved)
            if id_of(one.where, is_rise=one.impact > 0, start=start).casefold() == wanted:
                return one
    return None


def said_of(incidents: "Sequence[Incident]", feedback: Mapping[str, str]) -> "dict[Incident, Said]":
    """What was said of each; `feedback` is by id. An id counts for one incident; of several the incident's own."""
    found: dict[Incident, Said] = {}
    for told, verdict in feedback.items():
        one = recognised(told, incidents)
        if one is not None and (one not in found or told.casefold() == one.id.casefold()):
            found[one] = Said(told, verdict)
    return found
