"""A proposal of machines to resize, approved by ben, with an executor over a simulated system."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from tests.operate.remediation.simulated import START, FaultyJournal, Resize, SimDoors, World, on_and_big
from tools.domain.approval import ApprovalDecision
from tools.domain.remediation import RemediationPlan, TargetRef, Wish
from tools.operate.policies.approvals import Approvals, Grant
from tools.operate.policies.rights import Rights
from tools.operate.remediation.executor import Executor
from tools.operate.remediation.plan import make_plan

RIGHTS = Rights(
    Approvals(
        grants=(Grant(who=("ben",), actions=("sim_*",), environments=("*",), up_to=Decimal(1000), unknown_effect=True),)
    )
)


@dataclass
class Desk:
    """`rights` may be set anew between two calls."""

    world: World
    journal: FaultyJournal
    doors: SimDoors
    proposal: str
    rights: Rights = field(default=RIGHTS)

    @property
    def executor(self) -> Executor:
        return Executor(self.journal, self.doors, lambda: self.rights, self.world.now, self.world.pace())

    @property
    def plan(self) -> RemediationPlan:
        return self.journal.proposals[self.proposal].plan

    def outcomes(self, execution: int = 1) -> list[tuple[str, str, str]]:
        return [(one.target, one.call, one.outcome) for one in self.journal.steps(execution)]

    def states(self) -> list[tuple[str, str]]:
        return [(one.state["Power"], one.state["Size"]) for one in self.world.machines.values()]


def desk(count: int = 2, action: type[Resize] = Resize, **changed: object) -> Desk:
    world = on_and_big(count)
    journal, doors = FaultyJournal(world=world), SimDoors(world)
    plan = plan_of(doors, world, action).model_copy(update=changed)
    return Desk(world, journal, doors, journal.add(plan, approval(plan, "p-1")))


def plan_of(doors: SimDoors, world: World, action: type[Resize]) -> RemediationPlan:
    targets = tuple(TargetRef(id=name) for name in world.machines)
    wish = Wish(action=action.name, targets=targets, proposed_by="ada", currency="USD")
    return make_plan(doors, wish, START).plan


def approval(plan: RemediationPlan, proposal: str) -> ApprovalDecision:
    number = int(proposal.removeprefix("p-"))
    return ApprovalDecision(
        id=f"d-{number:032x}",
        proposal=proposal,
        fingerprint=plan.fingerprint,
        verdict="approve",
        decided_by="ben",
        decided_at=START,
        expires_at=START + timedelta(hours=72),
        surface="cli",
    )


def add_second(first: Desk, action: type[Resize] = Resize) -> Desk:
    """Another proposal for the same machines, as they are now."""
    plan = plan_of(first.doors, first.world, action)
    name = first.journal.add(plan, approval(plan, "p-2"))
    return replace(first, proposal=name)
