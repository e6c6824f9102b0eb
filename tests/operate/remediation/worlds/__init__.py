"""Worlds: for each action a small real system, so that the contract runs over every action there is.

For an action named `ec2_stop` the contract looks for `worlds/ec2_stop.py` and in it for a class `TheWorld(World)`; an
action of ACTIONS without one fails. To write one:

- `scenarios` names the cases; each is seeded afresh by `scene(name)` into an emulator that is not ours (moto, kmock) or
  into a loopback server that speaks the product's documented API. Together they use every permission declared.
- `wire.py` is a recording and fault-making proxy; put it between the action's client and anything that speaks HTTP, and
  `connect` to its URL. Seed and take snapshots past it, so that only the action's own calls are recorded.
- `snapshot` gives everything of the system that could matter, thing by thing, keyed by a text that has the id of the
  target it belongs to in it.

The contract runs each scenario twice: as a journey (plan, apply all targets, plan again, roll back), and as a trial of
the first target, in which each call is first tried under every fault. `worlds/aws.py` with `worlds/ec2_stop.py` is the
pattern.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import ClassVar, Self

from pydantic import JsonValue

from tests.operate.remediation.wire import FAULTS, Fault
from tools.domain.remediation import TargetRef
from tools.operate.remediation.access import Access

Snapshot = Mapping[str, JsonValue]
"""Thing → all of it: {"instance i-0a1b": {"InstanceType": …}}."""


@dataclass(frozen=True)
class Unfit:
    """A target that the action does not apply to, and words that the message has to hold, in any case: what would."""

    target: TargetRef
    told: str


@dataclass(frozen=True)
class Scene:
    """A seeded emulator, and what is to be done in it."""

    targets: tuple[TargetRef, ...]
    """Three or more that the action applies to."""
    unfit: tuple[Unfit, ...]
    """One or more; also one that does not exist, where the action does not create its target."""
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)


class World(ABC):
    """A context: entered, it runs; left, nothing of it is left."""

    scenarios: ClassVar[tuple[str, ...]]
    not_restored: ClassVar[Mapping[str, str]] = {}
    """What a rollback leaves different, and why it may: a regular expression over "thing/field/field" → the reason."""
    faults: ClassVar[tuple[Fault, ...]] = FAULTS
    """Those that it can make; `denied` always."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...

    @abstractmethod
    def scene(self, scenario: str) -> Scene:
        """Empty the system, and seed it; no call of this is recorded."""

    @abstractmethod
    def connect(self, permissions: frozenset[str]) -> Access:
        """As the home's configuration would connect it, with retries off."""

    @abstractmethod
    def snapshot(self) -> Snapshot: ...

    @abstractmethod
    def sent(self) -> list[str]:
        """Permission names of the calls that reached the system since the scene, in order, as the system saw them."""

    @abstractmethod
    def meddle(self, call: str, fault: Fault) -> None:
        """Break calls of this permission name from now on, until it is healed or the next scene."""

    @abstractmethod
    def heal(self) -> None:
        """Break nothing any more."""

    def belongs(self, thing: str, target: TargetRef) -> bool:
        """Whether a thing of the snapshot may change when only this target is changed."""
        return target.id in thing

    def pass_time(self) -> None:  # noqa: B027  # most emulators are done at once
        """Let the system get on with what it was told, before it is read again."""


def world_of(action: str) -> type[World]:
    """The world of an action. Raises LookupError when it has none."""
    module = f"{__name__}.{action}"
    if find_spec(module) is None:
        raise LookupError(f"the action {action} has no world: write tests/operate/remediation/worlds/{action}.py")
    found: type[World] = import_module(module).TheWorld
    return found
