"""Trial: each call of one target's way there and back, tried under every fault, recorded once for many tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from tests.operate.remediation.acting import WorldDoors, planned, settled, way_back, way_there
from tests.operate.remediation.snapshots import differences
from tests.operate.remediation.wire import Fault
from tests.operate.remediation.worlds import Scene, Snapshot, World, world_of
from tools.domain.errors import OutlayError
from tools.domain.remediation import Change, RemediationPlan, TargetRef
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
        trying = _Trying(action, world, scene, world.snapshot())
        plan = planned(WorldDoors(action, world), scene, scene.targets[:1]).plan
        return Trial(tuple(trying.planning()), tuple(trying.reading(plan)), tuple(trying.acting(plan)))


class _Trying:
    """A world in which things are tried; `last` is its snapshot by now."""

    def __init__(self, action: type[Action], world: World, scene: Scene, last: Snapshot) -> None:
        self.action, self.world, self.scene, self.last = action, world, scene, last

    def planning(self) -> Iterator[Attempt]:
        """Without each call's permission, and with each rehearsal denied; of the first target that takes the call."""
        takes: dict[str, TargetRef] = {}
        for target in reversed(self.scene.targets):
            doors = WorldDoors(self.action, self.world)
            planned(doors, self.scene, [target])
            takes |= dict.fromkeys(doors.admitted, target)
        for call, target in sorted(takes.items(), key=lambda one: one[0]):
            less = WorldDoors(self.action, self.world, frozenset({call}))
            yield self._attempt(call, None, lambda: planned(less, self.scene, [target]))  # noqa: B023  # used at once
            if call.startswith(REHEARSED):
                whole = WorldDoors(self.action, self.world)
                yield self._attempt(call, "denied", lambda: planned(whole, self.scene, [target]))  # noqa: B023

    def reading(self, plan: RemediationPlan) -> Iterator[Attempt]:
        target = plan.changes[0].target
        opened, mark = self._open(self.action.reads), mark_of(plan.nonce, target)
        opened.read(target, mark)
        for call in sorted(set(opened.access.calls)):
            for fault in self.world.faults:
                yield self._attempt(call, fault, lambda: opened.read(target, mark))

    def acting(self, plan: RemediationPlan) -> Iterator[Attempt]:
        change = plan.changes[0]
        everything = self.action.reads | self.action.writes | self.action.undoes
        opened, mark = self._open(everything), mark_of(plan.nonce, change.target)
        for step in (*way_there(self.action, change), *way_back(self.action, change)):
            less = self._open(everything - {step.call})
            yield self._attempt(step.call, None, lambda: less.perform(change.target, step, mark))  # noqa: B023
            for fault in ("denied", "broken", "cut"):
                if fault in self.world.faults:
                    yield self._attempt(step.call, fault, lambda: opened.perform(change.target, step, mark))  # noqa: B023
            yield from self._done(opened, change, step, mark)
            self.last = self.world.snapshot()

    def _done(self, opened: Action, change: Change, step: Step, mark: str) -> Iterator[Attempt]:
        """The step done at last: with its answer lost where the world can lose one."""
        if "late_cut" in self.world.faults:
            lost = self._attempt(step.call, "late_cut", lambda: opened.perform(change.target, step, mark))
            arrived = settled(self.world, opened, change, step, mark) == dict(step.leaves)
            yield Attempt(lost.call, lost.fault, lost.raised, lost.times_sent, lost.changed, arrived)
        else:
            opened.perform(change.target, step, mark)
            settled(self.world, opened, change, step, mark)

    def _attempt(self, call: str, fault: Fault | None, act: Callable[[], object]) -> Attempt:
        already, raised = len(self.world.sent()), None
        if fault is not None:
            self.world.meddle(call, fault)
        try:
            act()
        except (OutlayError, Surprise, OSError) as told:
            raised = told
        finally:
            self.world.heal()
        before, self.last = self.last, self.world.snapshot()
        times_sent = self.world.sent()[already:].count(call)
        return Attempt(call, fault, raised, times_sent, tuple(differences(before, self.last)))

    def _open(self, permissions: frozenset[str]) -> Action:
        return WorldDoors(self.action, self.world).open(self.action.name, permissions)
