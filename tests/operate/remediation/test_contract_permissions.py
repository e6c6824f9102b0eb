"""Every action: the permissions that it declares are those that its calls take, sufficient and no more."""

import pytest

from tests.operate.remediation.acting import WorldDoors, apply, planned, roll_back
from tests.operate.remediation.worlds import Scene, World, world_of
from tools.operate.remediation.access import OutsidePermissions
from tools.operate.remediation.action import Action


def test_every_permission_declared_is_used_by_some_scenario(action: type[Action]) -> None:
    used: dict[str, set[str]] = {"reads": set(), "writes": set(), "undoes": set()}
    with world_of(action.name)() as world:
        for scenario in world.scenarios:
            scene = world.scene(scenario)
            for phase, sent in _whole_run(action, world, scene).items():
                used[phase] |= set(sent)

    reads = set(action.reads)
    assert used["reads"] == reads
    assert used["writes"] - reads == action.writes - reads
    assert used["undoes"] - reads == action.undoes - reads


def test_without_any_one_permission_it_fails_and_that_call_never_leaves_the_process(action: type[Action]) -> None:
    with world_of(action.name)() as world:
        for permission in sorted(action.reads | action.writes | action.undoes):
            failed = [_fails_without(action, world, world.scene(one), permission) for one in world.scenarios]
            assert any(failed), f"it does without {permission}"


def _whole_run(action: type[Action], world: World, scene: Scene) -> dict[str, list[str]]:
    doors = WorldDoors(action, world)
    plan = planned(doors, scene).plan
    reads = len(world.sent())
    apply(doors, plan)
    forward = len(world.sent())
    if action.undoes:
        roll_back(doors, plan)
    sent = world.sent()
    return {"reads": sent[:reads], "writes": sent[reads:forward], "undoes": sent[forward:]}


def _fails_without(action: type[Action], world: World, scene: Scene, permission: str) -> bool:
    """Whether a whole run with one target fails for want of it, while the other phases of the run have it."""
    whole, less = WorldDoors(action, world), WorldDoors(action, world, frozenset({permission}))
    in_plan, in_apply = permission in action.reads, permission in action.writes
    targets = scene.targets[:1]
    try:
        plan = planned(less if in_plan else whole, scene, targets).plan
        apply(less if in_apply else whole, plan)
        if action.undoes:
            roll_back(less if permission in action.undoes and not in_apply else whole, plan)
    except OutsidePermissions as outside:
        assert permission in str(outside)
        assert permission not in world.sent()
        return True
    return False


def test_nothing_is_declared_twice_or_by_wildcard(action: type[Action]) -> None:
    everything = action.reads | action.writes | action.undoes
    assert not [one for one in everything if "*" in one]
    assert not {one for one in action.reads if one.startswith("dry-run:")} & (action.writes | action.undoes)


def test_a_missing_world_is_told_by_the_file_to_write() -> None:
    with pytest.raises(LookupError, match=r"worlds/no_such_action\.py"):
        world_of("no_such_action")
