"""A user who may do what an action declares, and nothing else, can carry it out: RBAC of a real API server says so."""

from typing import Any

import pytest

from tests.operate.remediation.acting import WorldDoors, planned, walk, way_back, way_there
from tests.operate.remediation.clusters import programs
from tests.operate.remediation.worlds import World, world_of
from tools.domain.errors import BadRequest
from tools.operate.remediation.access import Access
from tools.operate.remediation.actions import ACTIONS

needs_rights = pytest.mark.skipif(
    programs() is None, reason="kmock has no rights; OUTLAY_TEST_KUBERNETES names a folder with kube-apiserver and etcd"
)
_KUBERNETES = [one for one in ACTIONS if one.system == "kubernetes"]


class _AsUser(WorldDoors):
    """Each opening is of a user of its own, who has exactly the permissions that are opened."""

    def open(self, action: str, permissions: frozenset[str]) -> Any:
        world: Any = self.world
        token = world.cluster.allow(action, permissions)
        access: Access = world.connected(permissions, token)
        self.accesses.append(access)
        return self.action(access)


@needs_rights
@pytest.mark.parametrize("action", _KUBERNETES, ids=lambda one: one.name)
def test_what_is_declared_is_enough_for_the_way_there_and_back(action: Any) -> None:
    with world_of(action.name)() as world:
        for scenario in world.scenarios:
            scene = world.scene(scenario)
            doors = _AsUser(action, world)
            plan = planned(doors, scene).plan
            there = doors.open(action.name, action.reads | action.writes)
            for change in plan.changes:
                walk(world, there, plan, change, way_there(action, change))
            back = doors.open(action.name, action.reads | action.undoes)
            for change in reversed(plan.changes):
                walk(world, back, plan, change, way_back(action, change))


@needs_rights
@pytest.mark.parametrize("action", _KUBERNETES, ids=lambda one: one.name)
def test_who_may_only_read_is_refused_by_the_cluster_in_the_dry_run(action: Any) -> None:
    with world_of(action.name)() as world:
        scene = world.scene(world.scenarios[0])
        doors = _ReadingOnly(action, world)
        with pytest.raises(BadRequest, match="403"):
            planned(doors, scene)


class _ReadingOnly(WorldDoors):
    def open(self, action: str, permissions: frozenset[str]) -> Any:
        return self.action(_connected(self.world, action, permissions))


def _connected(world: World, action: str, permissions: frozenset[str]) -> Access:
    """Admitted by Outlay, and not by the cluster."""
    cluster: Any = world
    token = cluster.cluster.allow(action, frozenset(one for one in permissions if not one.startswith("dry-run:")))
    access: Access = cluster.connected(permissions, token)
    return access
