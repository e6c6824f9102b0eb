"""The journal: what an execution means to do before it does it, and what came of it. Kept by the home's state."""

from contextlib import AbstractContextManager
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from tools.domain.errors import OutlayError
from tools.domain.remediation import Moment, Proposal, State
from tools.operate.policies.rights import Rights

Direction = Literal["apply", "rollback"]
Outcome = Literal["intended", "done", "refused", "not_done", "unknown"]
"""`intended`: written before the call; alone, it means that the process died in between. `refused`: the system said no.
`not_done`: reading the target showed that it did not happen. `unknown`: reading it could not tell."""
Ending = Literal["applied", "rolled_back", "stopped", "unknown"]


class Busy(OutlayError):
    """Another process works on that right now."""


class Execution(BaseModel):
    """One way through a plan. A proposal has one forward, and one back; another one back only where that did not get
    to its end."""

    model_config = ConfigDict(frozen=True)

    id: int
    proposal: str
    direction: Direction
    by: str
    """Who had it applied."""
    started_at: Moment
    ending: Ending | None = None
    """None: it runs, or its process died."""
    ended_at: Moment | None = None
    detail: str = ""


class StepRecord(BaseModel):
    """A step as it was meant, and what came of it."""

    model_config = ConfigDict(frozen=True)

    execution: int
    target: str
    """The target's key."""
    number: int
    """From 0, in the order of the change's steps."""
    call: str
    expects: State
    leaves: State
    outcome: Outcome
    detail: str = ""
    at: Moment


class Journal(Protocol):
    """Each method is one durable transaction, which also adds to the audit trail; raises StoreFault."""

    def proposal(self, proposal: str) -> Proposal:
        """Raises UnknownName; NotPermitted where its seal doesn't hold, as it was not written by Outlay."""
        ...

    def begin(self, proposal: str, direction: Direction, by: str, rights: Rights, now: Moment) -> Execution:
        """Admit, spend the decisions, and open the execution, all or nothing. Forward by `admission.admitted`;
        back it takes a person with the right, and an ended execution forward that did something; where one ended
        unknown, the executor has just tried to settle it.

        Raises:
            NotAdmitted: with the reason, which is in the trail too.
        """
        ...

    def executions(self, proposal: str) -> tuple[Execution, ...]: ...
    def unfinished(self) -> tuple[Execution, ...]:
        """Those without an ending, and those that ended unknown."""
        ...

    def steps(self, execution: int) -> tuple[StepRecord, ...]: ...
    def intend(self, step: StepRecord) -> None:
        """Before the call. Raises AlreadyIntended where the step was, whoever did."""
        ...

    def note(self, execution: int, target: str, number: int, outcome: Outcome, detail: str, now: Moment) -> None:
        """What came of an intended or unknown step; or that one which was `not_done` came late and is `done`, as long
        as its execution is the proposal's last."""
        ...

    def finish(self, execution: int, ending: Ending, detail: str, now: Moment) -> None: ...
    def may_go_on(self, execution: int, now: Moment) -> str | None:
        """Why the next target may not be begun, such as a standing approval withdrawn meanwhile; None: go on."""
        ...

    def held(self, what: str) -> AbstractContextManager[None]:
        """Hold a name (a proposal, a target) among all processes; a process that dies lets go of it. Raises Busy."""
        ...


class AlreadyIntended(OutlayError):
    """The step was begun before: it is settled by reading, never begun again."""
