"""The cases that the contract runs over: every action in every scenario of its world."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.operate.remediation.acting import WorldDoors
from tests.operate.remediation.worlds import Scene, World, world_of
from tools.operate.remediation.action import Action
from tools.operate.remediation.actions import ACTIONS


def _scenarios() -> list[tuple[type[Action], str]]:
    found: list[tuple[type[Action], str]] = []
    for action in ACTIONS:
        try:
            found += [(action, one) for one in world_of(action.name).scenarios]
        except LookupError:  # one test says so; the rest goes on
            continue
    return found


@dataclass(frozen=True)
class Case:
    """One action in one seeded world."""

    action: type[Action]
    world: World
    scenario: str
    scene: Scene

    @property
    def doors(self) -> WorldDoors:
        return WorldDoors(self.action, self.world)


@pytest.fixture(params=_scenarios(), ids=lambda one: f"{one[0].name}-{one[1]}")
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    action, scenario = request.param
    with world_of(action.name)() as world:
        yield Case(action, world, scenario, world.scene(scenario))


@pytest.fixture(params=ACTIONS, ids=lambda one: one.name)
def action(request: pytest.FixtureRequest) -> type[Action]:
    kind: type[Action] = request.param
    return kind
