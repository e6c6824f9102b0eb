"""A small system with a clock of its own: machines that are on or off and have a size, and faults on demand.

Faults by the event they strike. A call: `refuse` (no effect, a certain no), `lost` (no effect, no answer), `deaf` (the
effect, no answer), `late` (the effect a while later, no answer), `kill_before`, `kill_after` (the process dies),
`kill_late` (it dies, the effect comes later), `bug_before`, `bug_after` (what an action may not raise), `wrong`
(another effect than asked), `slow` (it shows after a while), `ignored` (a yes
without the effect). Reading: `unreadable`, `gone`, `kill_read`. The journal:
`kill_write` before it wrote, `kill_written` after.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from tests.operate.remediation.memory_journal import MemoryJournal
from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.access import Access
from tools.operate.remediation.action import (
    Action,
    CallRefused,
    NotApplicable,
    Parameters,
    Step,
    Surprise,
    key_of,
)
from tools.operate.remediation.arrival import Pace

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATE_SECONDS, SLOW_SECONDS = 8.0, 6.0
PACE_LATE = 20.0
CALL_FAULTS = (
    *("refuse", "lost", "deaf", "late", "kill_before", "kill_after", "kill_late"),
    *("bug_before", "bug_after", "wrong", "slow", "ignored"),
)
READ_FAULTS = ("unreadable", "gone", "kill_read")
WRITE_FAULTS = ("kill_write", "kill_written")
FAULTS = ("", *CALL_FAULTS, *READ_FAULTS, *WRITE_FAULTS)


class Killed(BaseException):
    """The process died here."""


@dataclass
class Machine:
    state: dict[str, Any]
    tags: dict[str, str] = field(default_factory=lambda: {"env": "staging"})
    shows: tuple[float, dict[str, Any]] | None = None
    """Until that moment it shows this."""
    is_gone: bool = False


@dataclass
class World:
    """`faults` strike one event each, in order; one that can't strike its event passes without harm."""

    machines: dict[str, Machine]
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    effects: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)
    coming: list[tuple[float, TargetRef, Step, str | None]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def strike(self, kinds: tuple[str, ...]) -> str:
        fault = self.faults.pop(0) if self.faults else ""
        return fault if fault in kinds else ""

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        for one in [one for one in self.coming if one[0] <= self.seconds]:
            self.coming.remove(one)
            self.effect(*one[1:])

    def pace(self) -> Pace:
        return Pace(poll_seconds=1.0, late_call_seconds=PACE_LATE, wait=self.wait, elapsed=lambda: self.seconds)

    def effect(self, target: TargetRef, step: Step, key: str | None) -> None:
        machine = self.machines[target.id]
        if key is not None and key in self.keys:
            return
        self.keys |= {key} if key else set()
        self.effects[target.id, step.call, str(dict(step.leaves))] += 1
        machine.state = dict(step.leaves)


class Machines(Access):
    def __init__(self, world: World, permissions: frozenset[str]) -> None:
        super().__init__(permissions)
        self.world = world


class SizeParameters(Parameters):
    size: str = "small"


class Resize(Action):
    """On and big → off → small → on: three calls, as a system wants that resizes only what is off."""

    name = "sim_resize"
    title = "Resize machines"
    system = "sim"
    parameters_type = SizeParameters
    reads = frozenset({"read", "dry-run:modify"})
    writes = frozenset({"stop", "modify", "start"})
    undoes = frozenset({"stop", "modify", "start"})
    idempotency = "none"
    most_targets = 20
    risk = "low"
    rollback = "the size is set back"
    settles_within_seconds = 30.0
    access: Machines

    def read(self, target: TargetRef, mark: str) -> Seen:
        self.access.admit("read")
        fault = self.access.world.strike(READ_FAULTS)
        if fault == "kill_read":
            raise Killed(fault)
        if fault == "unreadable":
            raise OSError("the system can't be reached")
        machine = self.access.world.machines[target.id]
        machine.is_gone = machine.is_gone or fault == "gone"
        if machine.is_gone:
            raise NotApplicable(f"{target.id}: there is no such machine")
        shown = machine.shows
        state = shown[1] if shown and self.access.world.seconds < shown[0] else machine.state
        return Seen(state=dict(state), environment=machine.tags.get("env"), tags=dict(machine.tags))

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        if seen.state["Power"] != "on":
            raise NotApplicable("it is not on")
        return {"Power": "on", "Size": parameters.model_dump()["size"]}

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        self.access.admit("dry-run:modify")
        if "no-rehearsal" in self.access.world.machines[target.id].tags:
            raise CallRefused("you may not modify it")

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        way, now = list[Step](), dict(before)

        def go(call: str, **changed: str) -> None:
            leaves = now | changed
            if leaves != now:
                way.append(Step(call=call, expects=dict(now), leaves=leaves))
                now.update(changed)

        if before["Size"] != after["Size"]:
            go("stop", Power="off")
            go("modify", Size=str(after["Size"]))
        go("start" if after["Power"] == "on" else "stop", Power=str(after["Power"]))
        return tuple(way)

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        self.access.admit(step.call)
        world, key = self.access.world, self._key(step, mark)
        world.calls.append(f"{step.call} {target.id}")
        fault = world.strike(CALL_FAULTS)
        if fault == "refuse":
            raise CallRefused("it said no")
        if self._refused(target, step):
            raise CallRefused("the target is not as expected")
        self._do(fault, target, step, key)
        if fault.startswith("kill"):
            raise Killed(fault)
        if fault.startswith("bug"):
            raise KeyError(fault)
        if fault in ("lost", "deaf", "late"):
            raise Surprise(f"no answer ({fault})") if world.seconds % 2 else TimeoutError(f"no answer ({fault})")

    def _do(self, fault: str, target: TargetRef, step: Step, key: str | None) -> None:
        world, machine = self.access.world, self.access.world.machines[target.id]
        if fault in ("lost", "kill_before", "bug_before", "ignored"):
            return
        if fault in ("late", "kill_late"):
            world.coming.append((world.seconds + LATE_SECONDS, target, step, key))
            return
        if fault == "wrong":
            machine.state = dict(machine.state) | {"Power": "broken"}
            return
        if fault == "slow":
            machine.shows = (world.seconds + SLOW_SECONDS, dict(machine.state) | {"Power": "changing"})
        world.effect(target, step, key)

    def _key(self, step: Step, mark: str) -> str | None:
        return None

    def _refused(self, target: TargetRef, step: Step) -> bool:
        return False

    def is_on_the_way(self, now: State, step: Step) -> bool:
        return now["Power"] == "changing"


class KeyedResize(Resize):
    """A system that drops a second call with the same key."""

    name = "sim_resize_keyed"
    idempotency = "key"

    def _key(self, step: Step, mark: str) -> str | None:
        return key_of(mark, step)


class CarefulResize(Resize):
    """A system that refuses a call where the target is not as the caller says."""

    name = "sim_resize_careful"
    idempotency = "precondition"

    def _refused(self, target: TargetRef, step: Step) -> bool:
        return self.access.world.machines[target.id].state != dict(step.expects)


@dataclass(frozen=True)
class SimDoors:
    world: World
    kinds: ClassVar[dict[str, type[Resize]]] = {one.name: one for one in (Resize, KeyedResize, CarefulResize)}
    opened: list[frozenset[str]] = field(default_factory=list)

    def kind(self, action: str) -> type[Action]:
        return self.kinds[action]

    def open(self, action: str, permissions: frozenset[str]) -> Action:
        self.opened.append(permissions)
        return self.kinds[action](Machines(self.world, permissions))


@dataclass
class FaultyJournal(MemoryJournal):
    """Dies before or after a write, when the world says so."""

    world: World = field(default_factory=lambda: World({}))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        fault = self.world.strike(WRITE_FAULTS)
        if fault == "kill_write":
            raise Killed(fault)
        yield
        if fault == "kill_written":
            raise Killed(fault)

    def begin(self, *given: Any) -> Any:
        with self._writing():
            return super().begin(*given)

    def intend(self, *given: Any) -> None:
        with self._writing():
            super().intend(*given)

    def note(self, *given: Any) -> None:
        with self._writing():
            super().note(*given)

    def finish(self, *given: Any) -> None:
        with self._writing():
            super().finish(*given)


def on_and_big(count: int) -> World:
    return World({f"m-{number}": Machine({"Power": "on", "Size": "big"}) for number in range(count)})


def copy_of(machines: dict[str, Machine]) -> dict[str, Machine]:
    return {name: replace(one, state=dict(one.state)) for name, one in machines.items()}
