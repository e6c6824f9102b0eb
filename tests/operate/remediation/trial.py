"""Trial: each call of one target's way there and back, tried under every fault, recorded once for many tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from tests.operate.remediation.acting import WorldDoors, planned, settled, way_back, way_there
from tests.operate.remediation.snapshots import differences
from tests.operate.remediation.wire import Fault
from tests.operate.remediation.worlds import Scene, World, world_of
from tools.domain.errors import OutlayError
from tools.domain.remediation import Change, RemediationPlan
from tools.operate.remediation.action import Action, Step, Surprise, mark_of

REHEARSED = "dry-run:"


@dataclass(frozen=True)
class Attempt:
    """One call under one fault; no fault: with an access that lacks its permission."""

    call: str
    fault: Fault | None
    raised: Exception | None
    times_sent: int
    changed: tuple[str, ...]
    """What differs in the snapshot afterwards."""
    arrived: bool = False
    """Whether the target got to what the step leaves."""


@dataclass(frozen=True)
class Trial:
    planning: tuple[Attempt, ...]
    """Planning without one of its permissions, and with each rehearsal denied."""
    reading: tuple[Attempt, ...]
    acting: tuple[Attempt, ...]


@cache
def trial(action: type[Action], scenario: str) -> Trial:
    with world_of(action.name)() as world:
        scene = world.scene(scenario)
        doors = WorldDoors(action, world)
        plan = planned(doors, scene, scene.targets[:1]).plan
        calls = sorted(set(doors.admitted))
        return Trial(
            planning=tuple(_plannings(action, world, scene, calls)),
            reading=tuple(_readings(action, world, plan)),
            acting=tuple(_actings(action, world, plan)),
        )


def _plannings(action: type[Action], world: World, scene: Scene, calls: list[str]) -> Iterator[Attempt]:
    for call in calls:
        less = WorldDoors(action, world, frozenset({call}))
        yield _attempt(world, call, None, lambda less=less: planned(less, scene, scene.targets[:1]))  # type: ignore[misc]
        if call.startswith(REHEARSED):
            whole = WorldDoors(action, world)
            yield _attempt(world, call, "denied", lambda whole=whole: planned(whole, scene, scene.targets[:1]))  # type: ignore[misc]


def _readings(action: type[Action], world: World, plan: RemediationPlan) -> Iterator[Attempt]:
    opened, change = WorldDoors(action, world).open(plan.action, action.reads), plan.changes[0]
    mark = mark_of(plan.nonce, change.target)
    opened.read(change.target, mark)
    for call in sorted(set(opened.access.calls)):
        for fault in world.faults:
            yield _attempt(world, call, fault, lambda: opened.read(change.target, mark))


def _actings(action: type[Action], world: World, plan: RemediationPlan) -> Iterator[Attempt]:
    doors, change = WorldDoors(action, world), plan.changes[0]
    everything = action.reads | action.writes | action.undoes
    opened = doors.open(plan.action, everything)
    for step in (*way_there(action, change), *way_back(action, change)):
        less = WorldDoors(action, world, frozenset({step.call})).open(plan.action, everything)
        yield _perform(world, less, plan, change, step, None)
        for fault in ("denied", "broken", "cut"):
            if fault in world.faults:
                yield _perform(world, opened, plan, change, step, fault)
        yield from _done(world, opened, plan, change, step)


def _perform(
    world: World, action: Action, plan: RemediationPlan, change: Change, step: Step, fault: Fault | None
) -> Attempt:
    mark = mark_of(plan.nonce, change.target)
    return _attempt(world, step.call, fault, lambda: action.perform(change.target, step, mark))


def _done(world: World, action: Action, plan: RemediationPlan, change: Change, step: Step) -> Iterator[Attempt]:
    """The step done at last: with its answer lost where the world can lose one."""
    mark = mark_of(plan.nonce, change.target)
    if "late_cut" in world.faults:
        lost = _perform(world, action, plan, change, step, "late_cut")
        arrived = settled(world, action, change, step, mark) == dict(step.leaves)
        yield Attempt(lost.call, lost.fault, lost.raised, lost.times_sent, lost.changed, arrived)
    else:
        action.perform(change.target, step, mark)
        settled(world, action, change, step, mark)


def _attempt(world: World, call: str, fault: Fault | None, act: Callable[[], object]) -> Attempt:
    before, already, raised = world.snapshot(), len(world.sent()), None
    if fault is not None:
        world.meddle(call, fault)
    try:
        act()
    except (OutlayError, Surprise, OSError) as fault_told:
        raised = fault_told
    finally:
        world.heal()
    changed = tuple(differences(before, world.snapshot()))
    return Attempt(call, fault, raised, world.sent()[already:].count(call), changed)
