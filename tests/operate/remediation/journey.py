"""Journey: one whole run of an action in one scenario of its world, recorded once, for many tests to look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from tests.operate.remediation.acting import WorldDoors, planned, walk, way_back, way_there
from tests.operate.remediation.worlds import Scene, Snapshot, World, world_of
from tools.domain.errors import BadRequest
from tools.domain.remediation import RemediationPlan
from tools.operate.remediation.action import Action
from tools.operate.remediation.plan import Planned


@dataclass(frozen=True)
class Part:
    """What one part of the run admitted, what arrived at the system meanwhile, and the snapshots after each target."""

    admitted: tuple[str, ...]
    sent: tuple[str, ...]
    snapshots: tuple[Snapshot, ...]


@dataclass(frozen=True)
class Journey:
    action: type[Action]
    world: World
    """Left by now; only for what it says of itself."""
    scene: Scene
    start: Snapshot
    plan: RemediationPlan
    left_out: Mapping[str, str]
    planning: Part
    nothing_fits: str
    """What a plan of unfit targets alone is refused with; "" when it was not."""
    forward: Part
    again: str
    """What planning it again is refused with; "" when it was not."""
    back: Part | None
    """None where the action can't be undone."""


@cache
def journey(action: type[Action], scenario: str) -> Journey:
    with world_of(action.name)() as world:
        scene = world.scene(scenario)
        start = world.snapshot()
        everything = (*scene.targets, *(one.target for one in scene.unfit))
        made, planning = _planning(action, world, lambda doors: planned(doors, scene, everything))
        nothing_fits = _refusal(action, world, scene, only_unfit=True)
        forward = _acting(action, world, made.plan, back=False)
        again = _refusal(action, world, scene)
        back = _acting(action, world, made.plan, back=True) if action.undoes else None
    return Journey(action, world, scene, start, made.plan, made.left_out, planning, nothing_fits, forward, again, back)


def _planning(action: type[Action], world: World, make: Callable[[WorldDoors], Planned]) -> tuple[Planned, Part]:
    doors, already = WorldDoors(action, world), len(world.sent())
    made = make(doors)
    return made, Part(doors.admitted, tuple(world.sent()[already:]), (world.snapshot(),))


def _refusal(action: type[Action], world: World, scene: Scene, only_unfit: bool = False) -> str:
    targets = [one.target for one in scene.unfit] if only_unfit else scene.targets
    try:
        planned(WorldDoors(action, world), scene, targets)
    except BadRequest as nothing:
        return str(nothing)
    return ""


def _acting(action: type[Action], world: World, plan: RemediationPlan, back: bool) -> Part:
    doors, already, snapshots = WorldDoors(action, world), len(world.sent()), []
    opened = doors.open(plan.action, action.reads | (action.undoes if back else action.writes))
    for change in reversed(plan.changes) if back else plan.changes:
        walk(world, opened, plan, change, (way_back if back else way_there)(action, change))
        snapshots.append(world.snapshot())
    return Part(doors.admitted, tuple(world.sent()[already:]), tuple(snapshots))
