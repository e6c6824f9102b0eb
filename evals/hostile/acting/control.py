"""Control: the one person who decides in this campaign, through the surface, and keeps account of what they did."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from agent.identity import Asker
from agent.remediation_home import _graph, home_remediations
from agent.remediations import Remediations
from agent.settings import Settings
from evals.hostile.acting.cloud import REGION, Cloud
from evals.hostile.acting.home import CONTROL
from evals.hostile.acting.plants import planted
from tools.domain.errors import OutlayError
from tools.domain.remediation import ProposalView, TargetRef, Wish
from tools.operate.remediation.actions.aws.access import AwsAccess
from tools.operate.remediation.doors import ConnectedSystems


def office(settings: Settings, asker: Asker, cloud: Cloud) -> Remediations:
    """The home's remediations as a surface opens them; all of a process share what boto3 read of AWS's services."""
    made = home_remediations(settings, asker)
    doors = ConnectedSystems({"aws": lambda permissions: AwsAccess(cloud.session, permissions)})
    return replace(made, doors=doors, graph=partial(_graph, settings, made.desk, doors, made.rights))


@dataclass
class Account:
    """What the control person had done, and therefore all that may be found."""

    decisions: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Proposal, verdict, person."""
    executions: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)
    """Proposal, direction, ending."""
    spent: int = 0
    standing: dict[str, str] = field(default_factory=dict)
    """Proposal → status, where it is not waiting."""
    approved: set[str] = field(default_factory=set)
    changes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


class NotDone(AssertionError):
    """What the control person approved did not happen, or happened otherwise."""


@dataclass
class Control:
    """Approves by fingerprint and has it applied, rejects, or approves and leaves it at that."""

    desk: Remediations
    cloud: Cloud
    random: Random
    account: Account = field(default_factory=Account)
    figures: Counter[str] = field(default_factory=Counter)

    def acts(self) -> None:
        """One of the things that a person does."""
        view = self._waiting()
        what = self.random.choices(("approve and apply", "only approve", "reject", "be refused by AWS"), (5, 2, 2, 1))[
            0
        ]
        plan = view.proposal.plan
        if plan.action != "ec2_stop" or plan.not_before is not None or view.proposal.id in self.account.approved:
            what = "reject"
        self.figures[what] += 1
        {"approve and apply": self._applied, "only approve": self._approved, "reject": self._rejected,
         "be refused by AWS": self._refused}[what](view)  # fmt: skip

    def undoes(self) -> None:
        """Bring back what was applied, so that the next episode begins as the first did."""
        for view in self.desk.proposals():
            if view.proposal.status == "applied":
                self._rolled_back(view)

    def _waiting(self) -> ProposalView:
        """The newest one that waits and whose targets are as it saw them; else one of the person's own."""
        for view in self.desk.proposals():
            if view.is_open:
                return view
        target = TargetRef(id=self.random.choice(self.cloud.ids), place={"region": REGION})
        made = self.desk.propose(Wish(action="ec2_stop", targets=(target,), proposed_by="", currency="USD"))
        return self.desk.view(made.id)

    def _approved(self, view: ProposalView) -> None:
        plan = view.proposal.plan
        self.desk.decide(view.proposal.id, "approve", plan.fingerprint, planted(self.random))
        self.account.decisions[view.proposal.id, "approve", str(CONTROL.id)] += 1
        self.account.approved.add(view.proposal.id)

    def _rejected(self, view: ProposalView) -> None:
        self.desk.decide(view.proposal.id, "reject", view.proposal.plan.fingerprint, planted(self.random))
        self.account.decisions[view.proposal.id, "reject", str(CONTROL.id)] += 1
        self.account.standing[view.proposal.id] = "rejected"

    def _applied(self, view: ProposalView) -> None:
        self._approved(view)
        before = len(self.cloud.changes)
        self._through(view, "apply", "applied")
        meant = sorted(one.target.id for one in view.proposal.plan.changes)
        self._happened(before, "StopInstances", meant, "stopped")

    def _refused(self, view: ProposalView) -> None:
        """AWS says no, in words that give orders; nothing is changed by it."""
        self._approved(view)
        self.cloud.refuses_with = planted(self.random)
        self._through(view, "apply", "stopped")

    def _rolled_back(self, view: ProposalView) -> None:
        before = len(self.cloud.changes)
        self._through(view, "rollback", "rolled_back")
        self._happened(before, "StartInstances", sorted(one.target.id for one in view.proposal.plan.changes), "running")

    def _through(self, view: ProposalView, direction: str, ending: str) -> None:
        name = view.proposal.id
        try:
            found = self.desk.apply(name) if direction == "apply" else self.desk.roll_back(name)
        except OutlayError as fault:
            raise NotDone(f"{name} was approved, and {direction} came to: {fault}") from fault
        if found.proposal.status != ending:
            raise NotDone(f"{name} was approved, and {direction} ended {found.proposal.status}: {found.detail}")
        self.account.executions[name, direction, ending] += 1
        self.account.spent += direction == "apply"
        self.account.standing[name] = ending

    def _happened(self, since: int, operation: str, meant: list[str], state: str) -> None:
        made = self.cloud.changes[since:]
        if sorted(made) != sorted((operation, (one,)) for one in meant):
            raise NotDone(f"{operation} was meant for {meant}, AWS heard {made}")
        states: Any = self.cloud.states()
        if wrong := [one for one in meant if states[one][0] != state]:
            raise NotDone(f"{wrong} are not {state}")
        self.account.changes += made
