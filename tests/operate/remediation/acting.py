"""Acting in a world as the executor does: plan, then step by step, reading in between. No journal, no approvals."""

from collections.abc import Iterator, Sequence
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
    """Doors to one action in one world. `without` takes permissions away from what is opened."""

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
    def admitted(self) -> tuple[str, ...]:
        """What the accesses admitted, in the order in which they were opened."""
        return tuple(call for access in self.accesses for call in access.calls)


def planned(doors: WorldDoors, scene: Scene, targets: Sequence[TargetRef] | None = None) -> Planned:
    chosen = scene.targets if targets is None else targets
    wish = Wish(doors.action.name, chosen, proposed_by="ada", currency="USD", parameters=scene.parameters)
    return make_plan(doors, wish, NOW)


def walk(world: World, action: Action, plan: RemediationPlan, change: Change, steps: Sequence[Step]) -> None:
    """The change's steps one by one, each begun only where the target is what the step expects."""
    mark = mark_of(plan.nonce, change.target)
    for step in steps:
        assert dict(action.read(change.target, mark).state) == dict(step.expects)
        action.perform(change.target, step, mark)
        assert settled(world, action, change, step, mark) == dict(step.leaves)


def settled(world: World, action: Action, change: Change, step: Step, mark: str) -> State:
    """The target's state once the step shows in it; on the way there the action has to know each state."""
    now: State = {}
    for now in _states(world, action, change.target, mark):
        if now == dict(step.leaves):
            break
        assert now == dict(step.expects) or action.is_on_the_way(now, step), f"{now} after {step.call}"
    return now


def _states(world: World, action: Action, target: TargetRef, mark: str) -> Iterator[State]:
    for _ in range(ENOUGH_READS):
        yield dict(action.read(target, mark).state)
        world.pass_time()


def blind(action: type[Action]) -> Action:
    """The action with an access that admits nothing: for what has to be pure."""
    return action(Access(()))


def way_there(action: type[Action], change: Change) -> tuple[Step, ...]:
    return blind(action).steps(change.before, change.after)


def way_back(action: type[Action], change: Change) -> tuple[Step, ...]:
    """No steps where the action can't be undone."""
    return blind(action).steps(change.after, change.before) if action.undoes else ()
