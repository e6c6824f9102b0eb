"""A home's remediations for one person: propose, decide, have applied or undone. Every surface goes through here.

Who the person is comes from the surface, never from an argument. Nothing here allows anything: the desk decides, in the
transaction that spends an approval.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.identity import Asker
from tools.domain.approval import Surface, Verdict
from tools.domain.errors import BadRequest, NotPermitted, UnknownName, Unreachable
from tools.domain.remediation import Proposal, ProposalView, RemediationPlan, Wish
from tools.operate.policies.rights import Rights
from tools.operate.remediation.action import Surprise
from tools.operate.remediation.admission import missing
from tools.operate.remediation.dry_run import DryRun, dry_run
from tools.operate.remediation.journal import Execution
from tools.operate.remediation.plan import Doors, make_plan

if TYPE_CHECKING:
    from agent.graph.remediation import Kind, RemediationGraph
    from agent.state.remediation.desk import RemediationDesk
    from agent.state.remediation.events import TrailEvent
    from agent.state.remediation.standing import Terms
    from tools.domain.approval import StandingApproval


@dataclass(frozen=True)
class Remediations:
    """For one person, as a surface knows them. Implements tools.registry.ProposalDesk."""

    desk: "RemediationDesk"
    doors: Doors
    graph: "Callable[[], RemediationGraph]"
    """Made when it is needed: LangGraph takes a second to import."""
    rights: Callable[[], Rights]
    asker: Asker
    surface: Surface = "cli"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    announce: Callable[[str, RemediationPlan], None] | None = None
    """Tells those concerned of a plan that is applied later; None where nothing is connected to tell them by."""

    @property
    def person(self) -> str:
        """The person's key in people.yaml. Raises NotPermitted for anybody who is not listed there."""
        if self.asker.id is None or not self.asker.is_listed:
            raise NotPermitted(
                "changes need to know who asks: list people in people.yaml, with the os_user or slack_id that each is "
                "known by, and grant them actions in policies.yaml (`outlay policies example` shows one)"
            )
        return self.asker.id

    def propose(self, wish: Wish) -> Proposal:
        """Plan a wish against the real systems and keep it; the one that waits already, for the same.

        Raises:
            BadRequest: nothing is left to do, or too much for one plan.
            BadSetting: the system is not connected.
            NotPermitted: the person is not known.
        """
        waiting = next((one for one in self.proposals() if one.is_open and _is_for(one.proposal.plan, wish)), None)
        if waiting is not None:
            return waiting.proposal
        valid = timedelta(hours=self.rights().approvals.valid_for_hours)
        made = make_plan(self.doors, replace(wish, proposed_by=self.person, valid_for=valid), self.now())
        proposal = self.desk.add(made.plan, made.plan.nonce)
        self.graph().start(proposal.id)
        self._announced(proposal)
        return proposal

    def proposed_before(self, wish: Wish) -> Proposal:
        """The newest proposal of the same, whatever became of it. Raises BadRequest where there is none."""
        found = next((one for one in self.proposals() if _is_for(one.proposal.plan, wish)), None)
        if found is None:
            raise BadRequest("nothing of the kind was proposed")
        return found.proposal

    def edit(self, proposal: str, parameters: Mapping[str, Any]) -> Proposal:
        """The same targets with other parameters: a new plan, which needs approvals of its own."""
        old = self.view(proposal)
        if not old.is_open:
            raise BadRequest(f"{proposal} is {old.standing}; propose it anew")
        plan = old.proposal.plan
        wish = Wish(
            action=plan.action,
            targets=tuple(one.target for one in plan.changes),
            proposed_by=self.person,
            currency=plan.currency,
            parameters={**plan.parameters, **parameters},
            reason=plan.reason,
            recommendations=plan.recommendations,
            environments=plan.only_in,
            notice=None if plan.not_before is None else plan.not_before - plan.made_at,
            valid_for=timedelta(hours=self.rights().approvals.valid_for_hours),
        )
        made = self.desk.replace(proposal, make_plan(self.doors, wish, self.now()).plan)
        self.graph().start(made.id)
        return made

    def proposals(self) -> tuple[ProposalView, ...]:
        """Those that the person may see, the newest first."""
        return tuple(one for one in map(self._view, reversed(self.desk.proposals())) if self._may_see(one))

    def view(self, proposal: str) -> ProposalView:
        """Raises UnknownName for one that is not there, or not theirs to see."""
        try:
            found = self._view(self.desk.proposal(proposal))
        except UnknownName:
            found = None
        if found is None or not self._may_see(found):
            raise UnknownName("proposal", proposal, [one.proposal.id for one in self.proposals()])
        return found

    def decide(self, proposal: str, verdict: Verdict, fingerprint: str, reason: str) -> ProposalView:
        """Approve or reject exactly the plan of this fingerprint.

        Raises:
            NotPermitted: they may not; the message says why, and the trail keeps it.
            BadRequest: it can't be decided on any more.
        """
        self.view(proposal)
        self.desk.decide(
            proposal,
            fingerprint=fingerprint,
            verdict=verdict,
            person=self.person,
            surface=self.surface,
            reason=reason,
            rights=self.rights(),
            now=self.now(),
        )
        self._tell(proposal, "decided")
        return self.view(proposal)

    def apply(self, proposal: str) -> ProposalView:
        """Have an approved plan applied. Raises NotPermitted with what is missing."""
        return self._done(proposal, "apply")

    def apply_if_granted(self, proposal: str) -> ProposalView:
        """Apply a proposal where a standing approval covers it; else it goes on waiting for a person."""
        if self.desk.use_standing(proposal, self.now(), self.rights()) is not None:
            self._tell(proposal, "apply")
        return self.view(proposal)

    def grant(self, terms: "Terms") -> "StandingApproval":
        """Grant a kind of change beforehand, in one's own name. Raises NotPermitted, BadRequest."""
        return self.desk.grant(terms, self.person, self.rights(), self.now())

    def withdraw(self, standing: str) -> None:
        """End a standing approval at once. Raises UnknownName, NotPermitted."""
        self.desk.withdraw(standing, self.person, self.now())

    def roll_back(self, proposal: str) -> ProposalView:
        """Have what was changed brought back. Raises NotPermitted."""
        return self._done(proposal, "roll_back")

    def settle(self, proposal: str) -> ProposalView:
        """Find out what became of an execution whose process died."""
        return self._done(proposal, "settle")

    def trail(self, subject: str | None = None) -> "tuple[TrailEvent, ...]":
        """What happened to one proposal or standing approval, or to all; the oldest first. Whoever sees a part of the
        data sees the trail of their own proposals."""
        seen = {one.proposal.id for one in self.proposals()}
        events = self.desk.trail(subject)
        return events if self.asker.scope.is_whole else tuple(one for one in events if one.subject in seen)

    def dry_run(self, proposal: str) -> DryRun:
        """What applying it would do now, target by target; reads and rehearses only."""
        return dry_run(self.doors, self.view(proposal).proposal.plan, self.rights(), self.now)

    def as_json(self, view: ProposalView) -> dict[str, Any]:
        """A proposal for scripts; amounts are text at full precision."""
        plan = view.proposal.plan
        return {
            "proposal": view.proposal.id,
            "status": view.proposal.status,
            "standing": view.standing,
            "fingerprint": plan.fingerprint,
            "plan": plan.model_dump(mode="json"),
            "saving": plan.saving.model_dump(mode="json"),
            **view.model_dump(mode="json", exclude={"proposal", "standing"}),
        }

    def _announced(self, proposal: Proposal) -> None:
        """Raises Unreachable: the proposal waits, and those concerned don't know of it."""
        if proposal.plan.not_before is None or self.announce is None:
            return
        try:
            self.announce(proposal.id, proposal.plan)
        except (Surprise, OSError) as fault:
            raise Unreachable(
                f"{proposal.id} is kept, but could not be announced ({fault}); tell those concerned, or reject it"
            ) from None

    def _done(self, proposal: str, kind: "Kind") -> ProposalView:
        self.view(proposal)
        refusal = self._tell(proposal, kind)
        if refusal:
            raise NotPermitted(refusal)
        return self.view(proposal)

    def _tell(self, proposal: str, kind: "Kind") -> str:
        return self.graph().tell(proposal, kind, self.person)

    def _view(self, proposal: Proposal) -> ProposalView:
        now, rights = self.now(), self.rights()
        case = self.desk.case(proposal.id, now)
        executions = {one.direction: one for one in self.desk.executions(proposal.id)}
        forward, back = executions.get("apply"), executions.get("rollback")
        lacking = missing(case, rights, now)
        rejection = next((one for one in case.decisions if one.verdict == "reject"), None)
        return ProposalView(
            proposal=proposal,
            standing=_standing(proposal, lacking, now),
            is_open=proposal.is_open(now),
            approved_by=tuple(one.decided_by for one in case.decisions if one.verdict == "approve"),
            missing=lacking if proposal.is_open(now) else 0,
            rejected_by=rejection.decided_by if rejection else None,
            reason=rejection.reason if rejection else "",
            applied_by=forward.by if forward else None,
            applied_at=forward.started_at if forward else None,
            undone_by=back.by if back and back.ending == "rolled_back" else None,
            undone_at=back.started_at if back and back.ending == "rolled_back" else None,
            detail=next((one.detail for one in (back, forward) if one is not None), ""),
            done=self._done_targets(forward) if forward else (),
        )

    def _done_targets(self, forward: Execution) -> tuple[str, ...]:
        steps = self.desk.steps(forward.id)
        targets = dict.fromkeys(one.target for one in steps)
        return tuple(key for key in targets if all(one.outcome == "done" for one in steps if one.target == key))

    def _may_see(self, view: ProposalView) -> bool:
        plan = view.proposal.plan
        owners = {one.seen.owner for one in plan.changes}
        return self.asker.scope.is_whole or plan.proposed_by == self.asker.id or owners <= set(self.asker.teams)


def _is_for(plan: RemediationPlan, wish: Wish) -> bool:
    """Whether a plan is what this wish would give: the same action on the same targets."""
    known = {one.target.key for one in plan.changes} | plan.left_out.keys()
    same_targets = known == {one.key for one in wish.targets}
    same_parameters = all(plan.parameters.get(name) == value for name, value in wish.parameters.items())
    return plan.action == wish.action and plan.only_in == wish.environments and same_targets and same_parameters


def _standing(proposal: Proposal, lacking: int, now: datetime) -> str:
    if proposal.status != "waiting":
        return proposal.status.replace("_", " ")
    if now >= proposal.plan.expires_at:
        return "expired"
    return "waiting for approval" if lacking else "approved"
