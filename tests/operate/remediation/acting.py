"""Acting in a world as the executor does: plan, then step by step, reading in between. No journal, no approvals."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.operate.remediation.worlds import Scene, World
from tools.domain.remediation import Change, RemediationPlan, State, TargetRef
from tools.operate.remediation.access import Access
from tools.operate.remediation.action import Action, Step, mark_of
from tools.operate.remediation.plan import Planned, Wish, make_plan

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ENOUGH_READS = 50


@dataclass(frozen=True)
class WorldDoors:
    """Doors to one action in one world. `without` takes a permission away from what is opened."""

    action: type[Action]
    world: World
    without: frozenset[str] = frozenset()
    accesses: list[Access] = field(default_factory=list)

    def open(self, action: str, permissions: frozenset[str]) -> Action:
        access = self.world.connect(permissions - self.without)
        self.accesses.append(access)
        return self.action(access)

    def kind(self, action: str) -> type[Action]:
        return self.action

    @property
    def calls(self) -> list[str]:
        """What the accesses admitted, in the order in which they were opened."""
        return [call for access in self.accesses for call in access.calls]


def planned(doors: WorldDoors, scene: Scene, targets: tuple[TargetRef, ...] | None = None) -> Planned:
    chosen = scene.targets if targets is None else targets
    wish = Wish(doors.action.name, chosen, proposed_by="ada", currency="USD", parameters=scene.parameters)
    return make_plan(doors, wish, NOW)


def apply(doors: WorldDoors, plan: RemediationPlan) -> None:
    action = doors.open(plan.action, doors.action.reads | doors.action.writes)
    for change in plan.changes:
        walk(doors, action, plan, change, action.steps(change.before, change.after))


def roll_back(doors: WorldDoors, plan: RemediationPlan) -> None:
    action = doors.open(plan.action, doors.action.reads | doors.action.undoes)
    for change in reversed(plan.changes):
        walk(doors, action, plan, change, action.steps(change.after, change.before))


def walk(doors: WorldDoors, action: Action, plan: RemediationPlan, change: Change, steps: tuple[Step, ...]) -> None:
    mark = mark_of(plan.nonce, change.target)
    for step in steps:
        assert dict(action.read(change.target, mark).state) == dict(step.expects)
        action.perform(change.target, step, mark)
        assert settled(doors.world, action, change.target, step, mark) == dict(step.leaves)


def settled(world: World, action: Action, target: TargetRef, step: Step, mark: str) -> State:
    """The target's state once the step shows in it; on the way there the action has to know each state."""
    now: State = {}
    for now in _states(world, action, target, mark):
        if now == dict(step.leaves):
            break
        assert now == dict(step.expects) or action.is_on_the_way(now, step), f"{now} after {step.call}"
    return now


def _states(world: World, action: Action, target: TargetRef, mark: str) -> Iterator[State]:
    for _ in range(ENOUGH_READS):
        yield dict(action.read(target, mark).state)
        world.pass_time()
