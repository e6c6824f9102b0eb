"""RemediationDesk: everything that people and the executor may do to proposals, each a durable transaction."""

from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from agent.state.remediation import decisions, executions, proposals, standing
from agent.state.remediation.database import home_database, shared_database
from agent.state.remediation.decisions import Word
from agent.state.remediation.events import GENESIS, TrailEvent
from agent.state.remediation.holds import DatabaseHolds, FileHolds, Holds
from agent.state.remediation.report import TrailReport, report
from agent.state.remediation.seal import Seal, home_key
from agent.state.remediation.standing import Terms
from agent.state.remediation.trail import TrailBroken, links
from agent.state.remediation.turn import Turns, in_utc
from agent.state.remediation.witness import Witness
from tools.domain.approval import ApprovalDecision, StandingApproval, Surface, Verdict
from tools.domain.remediation import Proposal, RemediationPlan, Status
from tools.operate.policies.rights import Rights
from tools.operate.remediation.case import Case, StandingState
from tools.operate.remediation.journal import Direction, Ending, Execution, Outcome, StepRecord


class RemediationDesk:
    """Keeps proposals, decisions, executions and standing approvals, with the trail of all of it.

    Every method raises StoreFault when the database can't be used, and TrailBroken, a StoreFault, when the trail is not
    what Outlay wrote. `now` is the caller's clock, with its zone; a clock that is behind the trail decides nothing.
    """

    def __init__(self, turns: Turns, holds: Holds) -> None:
        self._turns, self._holds = turns, holds

    def add(self, plan: RemediationPlan, thread: str) -> Proposal:
        """Keep a plan; the same one of the same thread again changes nothing. Raises NotPermitted for another's."""
        with self._turns.turn(plan.made_at) as turn:
            return proposals.add(turn, plan, thread)

    def replace(self, old: str, plan: RemediationPlan) -> Proposal:
        """Keep an edited plan in the place of one that waits, whose approvals are worth nothing for it.

        Raises:
            UnknownName, NotPermitted: there is none, or it does not wait any more.
        """
        with (
            self._turns.refusals_told("edit", old, plan.proposed_by, plan.made_at),
            self._turns.turn(plan.made_at) as turn,
        ):
            return proposals.replace(turn, old, plan)

    def proposal(self, proposal: str) -> Proposal:
        """Raises UnknownName; NotPermitted where it is not what Outlay wrote."""
        with self._turns.view() as view:
            return proposals.get(view, proposal)

    def proposals(self, status: Status | None = None) -> tuple[Proposal, ...]:
        """Those of a status, or all, the oldest first; what Outlay did not write is left out."""
        with self._turns.view() as view:
            return proposals.of_status(view, status)

    def decide(
        self,
        proposal: str,
        fingerprint: str,
        verdict: Verdict,
        person: str,
        surface: Surface,
        reason: str,
        rights: Rights,
        now: datetime,
    ) -> ApprovalDecision:
        """Keep what a person says of the plan that they were shown, whose `fingerprint` it is.

        Raises:
            UnknownName: there is no such proposal.
            NotPermitted: it is not open, it is another plan, or the person may not; the trail has it too.
            BadRequest: a rejection without a reason.
        """
        word = Word(fingerprint, verdict, person, surface, reason)
        with (
            self._turns.refusals_told(verdict, proposal, person, now),
            self._turns.deciding(now) as turn,
        ):
            return decisions.decide(turn, proposal, word, rights)

    def decisions(self, proposal: str) -> tuple[ApprovalDecision, ...]:
        """The decisions on a proposal whose seals hold, the oldest first."""
        with self._turns.view() as view:
            return decisions.of_proposal(view, proposal)

    def case(self, proposal: str, now: datetime) -> Case:
        """All that admission goes by. Raises UnknownName, NotPermitted."""
        with self._turns.view() as view:
            return executions.case(view, proposal, in_utc(now))

    def grant(self, terms: Terms, by: str, rights: Rights, now: datetime) -> StandingApproval:
        """Keep a standing approval. Raises NotPermitted, BadRequest."""
        with (
            self._turns.refusals_told("grant", terms.action, by, now, known=True),
            self._turns.deciding(now) as turn,
        ):
            return standing.grant(turn, terms, by, rights)

    def withdraw(self, standing_id: str, by: str, now: datetime) -> None:
        """End a standing approval at once, under way or not. Raises UnknownName, NotPermitted."""
        with self._turns.turn(now) as turn:
            standing.withdraw(turn, standing_id, by)

    def standing(self, now: datetime) -> tuple[StandingState, ...]:
        """Every standing approval, also those that are over, with what was used of it this month."""
        with self._turns.view() as view:
            return tuple(standing.states(view, in_utc(now)).values())

    def use_standing(self, proposal: str, now: datetime, rights: Rights) -> ApprovalDecision | None:
        """Approve a plan by a standing approval that covers it; None: none does. Raises UnknownName, NotPermitted."""
        with self._turns.deciding(now) as turn:
            return standing.use(turn, proposal, rights)

    def begin(self, proposal: str, direction: Direction, by: str, rights: Rights, now: datetime) -> Execution:
        """Admit, spend the decisions, and open the execution, all or nothing.

        Raises:
            UnknownName: there is no such proposal.
            NotPermitted: with the reason, which is in the trail too; NotAdmitted where it is admission's.
        """
        with (
            self._turns.refusals_told(direction, proposal, by, now),
            self._turns.deciding(now) as turn,
        ):
            return executions.begin(turn, proposal, direction, by, rights)

    def executions(self, proposal: str) -> tuple[Execution, ...]:
        with self._turns.view() as view:
            return view.history.of(proposal)

    def unfinished(self) -> tuple[Execution, ...]:
        """Those without an ending, and those that ended unknown."""
        with self._turns.view() as view:
            return executions.unfinished(view)

    def steps(self, execution: int) -> tuple[StepRecord, ...]:
        with self._turns.view() as view:
            return view.history.steps_of(execution)

    def intend(self, step: StepRecord) -> None:
        """Before the call. Raises AlreadyIntended; NotPermitted when its execution is over."""
        with self._turns.turn(step.at) as turn:
            executions.intend(turn, step)

    def note(self, execution: int, target: str, number: int, outcome: Outcome, detail: str, now: datetime) -> None:
        """What came of an intended step. Raises NotPermitted when that is known already."""
        with self._turns.turn(now) as turn:
            executions.note(turn, execution, target, number, outcome, detail)

    def finish(self, execution: int, ending: Ending, detail: str, now: datetime) -> None:
        """Raises NotPermitted when it is over for good."""
        with self._turns.turn(now) as turn:
            executions.finish(turn, execution, ending, detail)

    def may_go_on(self, execution: int, now: datetime) -> str | None:
        """Why the next target may not be begun; None: go on."""
        with self._turns.view() as view:
            return executions.may_go_on(view, execution, in_utc(now))

    def held(self, what: str) -> AbstractContextManager[None]:
        """Hold a name among all processes that share the desk. Raises Busy."""
        return self._holds.held(what)

    def verify(self) -> TrailReport:
        """Whether the trail is whole and everything else says what it says; reads all of it, and changes nothing."""
        with self._turns.unchecked() as view:
            return report(view, self._turns.witness)

    def trail(self, subject: str | None = None) -> tuple[TrailEvent, ...]:
        """What happened, the oldest first; to one proposal or standing approval, or to all; up to the first break."""
        every: list[TrailEvent] = []
        with self._turns.unchecked() as view, suppress(TrailBroken):
            every.extend(event for event, _ in links(view.connection, 0, GENESIS))
        return tuple(one for one in every if subject in (None, one.subject))


def home_desk(state: Path) -> RemediationDesk:
    """The desk of a home: a SQLite file and a key in its state, made at first use. Raises BadSetting, StoreFault."""
    seal = Seal(home_key(state))
    return RemediationDesk(Turns(home_database(state, seal), seal, Witness(state, seal)), FileHolds(state))


def shared_desk(url: SecretStr, key: SecretStr, state: Path) -> RemediationDesk:
    """The desk that several machines share in PostgreSQL; all have the same key, each a home's state of its own.

    Raises:
        BadSetting: the URL or the key can't be used.
    """
    seal = Seal(key.get_secret_value().encode())
    database = shared_database(url.get_secret_value(), seal)
    return RemediationDesk(Turns(database, seal, Witness(state, seal)), DatabaseHolds(database.engine))
