"""A ticket about one thing, opened and closed again.

A thing (the target's id) has at most one open ticket of Outlay's. The ticket carries two labels: one of its thing and
one of its mark, by which it is found. A closed ticket counts as none.
"""

import hashlib
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field, JsonValue

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, Idempotency, NotApplicable, Parameters, Step, Surprise
from tools.operate.remediation.actions.http_access import HttpAccess

WAITING = "waiting"


class Words(Parameters):
    """The plan in words."""

    title: str = Field(min_length=1, max_length=200, pattern=r"^[^\n\r]*\S[^\n\r]*$")
    what: str = Field(default="", max_length=4000)
    why: str = Field(default="", max_length=4000)
    saving: str = Field(default="", max_length=400)
    evidence: tuple[str, ...] = Field(default=(), max_length=20)
    steps: tuple[str, ...] = Field(default=(), max_length=20)

    @property
    def text(self) -> str:
        """Plain text, one paragraph a line."""
        parts = [("What", self.what), ("Why", self.why), ("Saving", self.saving)]
        lines = [f"{name}: {_line(words)}" for name, words in parts if words.strip()]
        lines += [f"Evidence: {_line(one)}" for one in self.evidence]
        return "\n".join(lines + [f"{number}. {_line(one)}" for number, one in enumerate(self.steps, 1)])


@dataclass(frozen=True)
class Ticket:
    """An open ticket as its system tells it; `marks`: those that its labels name."""

    number: str
    title: str
    text: str
    marks: frozenset[str]
    way_to_close: str | None = None
    """What closing it takes from where it stands, in systems with ways of their own."""


class TicketAction(Action):
    """`ticket`: the words of the open ticket with the change's mark; null: none."""

    parameters_type = Words
    idempotency: ClassVar[Idempotency] = "none"
    most_targets = 20
    risk = "low"
    rollback = "the ticket is closed with a word on why; what people did for it meanwhile stays"
    access: HttpAccess
    opens: str
    closes: str
    shows_late: ClassVar[bool] = True
    """Whether a ticket may be there and not be found yet."""

    def __init__(self, access: HttpAccess) -> None:
        super().__init__(access)
        self._doubtful: set[str] = set()

    @abstractmethod
    def open_tickets(self, target: TargetRef) -> tuple[Ticket, ...]:
        """Those about the target's thing. Raises NotApplicable: there is no such place for tickets."""

    @abstractmethod
    def open_ticket(self, target: TargetRef, title: str, text: str, mark: str) -> None: ...

    @abstractmethod
    def close_ticket(self, target: TargetRef, ticket: Ticket) -> None: ...

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: there is no such place for tickets."""
        tickets = self.open_tickets(target)
        ours = next((one for one in tickets if mark in one.marks), None)
        if ours is None and self.shows_late and mark in self._doubtful:
            raise OSError("a ticket that may have been opened just now is not found yet; what is new shows late")
        if ours is not None:
            self._doubtful.discard(mark)
        words: JsonValue = None if ours is None else {"title": ours.title, "text": ours.text}
        others = ", ".join(sorted(one.number for one in tickets if mark not in one.marks))
        return Seen(state={"ticket": words}, name=target.id, tags={WAITING: others})

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: a ticket about the thing is open."""
        assert isinstance(parameters, Words)
        if seen.tags[WAITING]:
            raise NotApplicable(f"{seen.tags[WAITING]} is open about {seen.name}; close it first")
        return {"ticket": {"title": parameters.title.strip(), "text": parameters.text}}

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        call = self.closes if after["ticket"] is None else self.opens
        return (Step(call=call, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        words: Any = step.leaves["ticket"]
        if words is None:
            self._close(target, mark)
            return
        try:
            self.open_ticket(target, words["title"], words["text"], mark)
        except CallRefused:
            raise
        except Surprise:
            self._doubtful.add(mark)
            raise

    def _close(self, target: TargetRef, mark: str) -> None:
        try:
            ours = next((one for one in self.open_tickets(target) if mark in one.marks), None)
        except OSError as fault:
            raise CallRefused(f"nothing was sent: {fault}") from None
        if ours is None:
            raise CallRefused("the ticket is not open any more; nothing was sent")
        self.close_ticket(target, ours)


def subject_of(target: TargetRef) -> str:
    """16 hex digits that stand for the target."""
    return hashlib.sha256(target.key.encode()).hexdigest()[:16]


def labels_of(target: TargetRef, mark: str) -> list[str]:
    return [f"outlay-{subject_of(target)}", f"outlay-{mark}"]


def marks_in(labels: list[str]) -> frozenset[str]:
    return frozenset(one.removeprefix("outlay-") for one in labels if one.startswith("outlay-"))


def place_of(target: TargetRef, *names: str) -> tuple[str, ...]:
    """Raises NotApplicable for a target without one of these."""
    missing = [one for one in names if not target.place.get(one)]
    if missing:
        raise NotApplicable(f"{target.id}: its {', '.join(missing)} is not known")
    return tuple(target.place[one] for one in names)


def _line(text: str) -> str:
    return " ".join(text.split())
