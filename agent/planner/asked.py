"""What a question comes with to whatever may answer it."""

from dataclasses import dataclass
from datetime import date

from agent.planner.calls import PlannedCall
from agent.planner.lexicon import Lexicon
from agent.planner.reading import Reading


@dataclass(frozen=True)
class Asked:
    """A question as written and as read, the day it is asked, and the newest call of its thread."""

    question: str
    reading: Reading
    lexicon: Lexicon
    as_of: date
    previous: PlannedCall | None = None
    latest: PlannedCall | None = None
    """The newest call of the thread, whatever it was: what "it" and "that" stand for."""
