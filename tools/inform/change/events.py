"""Events that could be behind a change: those that fit in time and in slice. A fit is no proof."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

DAYS_BEFORE, DAYS_AFTER = 7, 1
"""How long before its step a cause may lie; a day after, as days are UTC and a bill's day starts at midnight."""


class ChangeEvent(Protocol):
    """A deployment, a launch, a price change: when, what, and where (dimension → value; empty: everywhere)."""

    @property
    def time(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def slice(self) -> Mapping[str, str]: ...


Event = TypeVar("Event", bound=ChangeEvent)


def fitting_events(events: Sequence[Event], onset: date, about: Mapping[str, str], most: int = 3) -> tuple[Event, ...]:
    """The events on or shortly before `onset` whose slice holds a line: the most specific first, then the nearest.

    `about` names the line by dimension. An event about a dimension that the line has no value for does not fit.
    """
    first, last = onset - timedelta(days=DAYS_BEFORE), onset + timedelta(days=DAYS_AFTER)
    fitting = [
        one
        for one in events
        if first <= one.time.date() <= last and all(about.get(name) == value for name, value in one.slice.items())
    ]
    fitting.sort(key=lambda one: (-len(one.slice), days_apart(one, onset), one.time, one.title))
    return tuple(fitting[:most])


def days_apart(event: ChangeEvent, onset: date) -> int:
    """How many days lie between an event and a step."""
    return abs((event.time.date() - onset).days)
