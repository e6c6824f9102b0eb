"""A step meets only the object that it expects: one that somebody else changed is left alone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.operate.remediation.acting import WorldDoors, planned, way_there
from tests.operate.remediation.kubernetes.conftest import Bare
from tests.operate.remediation.snapshots import differences
from tests.operate.remediation.worlds import world_of
from tests.operate.remediation.worlds.kubernetes import HERE, SPACE
from tests.operate.remediation.worlds.kubernetes_pods import deployment, job
from tools.domain.remediation import State, TargetRef
from tools.operate.remediation.action import CallRefused, Step, mark_of
from tools.operate.remediation.actions import ACTIONS
from tools.operate.remediation.actions.kubernetes.k8s_gpu_quota import K8sGpuQuota
from tools.operate.remediation.actions.kubernetes.k8s_node_limit import K8sNodeLimit
from tools.operate.remediation.actions.kubernetes.k8s_resources import K8sResources
from tools.operate.remediation.actions.kubernetes.k8s_scale import K8sScale
from tools.operate.remediation.actions.kubernetes.k8s_suspend_job import K8sSuspendJob
from tools.operate.remediation.actions.kubernetes.kinds import (
    DEPLOYMENT,
    JOB,
    NODE_POOL,
    RESOURCE_QUOTA,
    Kind,
    Located,
)

MARK = "0" * 32
_KUBERNETES = [one for one in ACTIONS if one.system == "kubernetes"]
_SCENARIOS = [(one, name) for one in _KUBERNETES for name in world_of(one.name).scenarios]


@pytest.mark.parametrize(("action", "scenario"), _SCENARIOS, ids=lambda one: getattr(one, "name", one))
def test_a_step_that_was_done_is_refused_the_second_time_and_changes_nothing(action: Any, scenario: str) -> None:
    with world_of(action.name)() as world:
        doors, scene = WorldDoors(action, world), world.scene(scenario)
        plan = planned(doors, scene).plan
        opened = doors.open(action.name, action.reads | action.writes)
        for change in plan.changes:
            (step,), mark = way_there(action, change), mark_of(plan.nonce, change.target)
            opened.perform(change.target, step, mark)
            done = world.snapshot()
            with pytest.raises(CallRefused):
                opened.perform(change.target, step, mark)
            assert differences(done, world.snapshot()) == []


def test_a_number_that_somebody_else_set_meanwhile_is_left_as_they_set_it(world: Bare) -> None:
    target = world.make(DEPLOYMENT, "chat", deployment(3))
    world.merge(DEPLOYMENT, "chat", {"spec": {"replicas": 5}})
    changed, states = world.snapshot(), [{"kind": "Deployment", "replicas": number} for number in (3, 0)]

    with pytest.raises(CallRefused, match="422"):
        world.action(K8sScale).perform(target, _step("patch deployments/scale", *states), MARK)

    assert differences(changed, world.snapshot()) == []


@pytest.mark.parametrize(("kind", "spec", "meanwhile", "action", "after"), [
    (JOB, job(suspend=False), {"spec": {"suspend": True}}, K8sSuspendJob, {"suspend": True}),
    (NODE_POOL, {"limits": {"cpu": "9"}}, {"spec": {"limits": {"cpu": "8"}}}, K8sNodeLimit, {"limits": {"cpu": "7"}}),
    (NODE_POOL, {"weight": 1}, {"spec": {"limits": {"cpu": "8"}}}, K8sNodeLimit, {"limits": {"cpu": "7"}}),
    (RESOURCE_QUOTA, {"hard": {"pods": "9"}}, {"spec": {"hard": {"pods": "8"}}}, K8sGpuQuota, {"hard": {"pods": "7"}}),
    (
        DEPLOYMENT,
        deployment(1, server={"limits": {"cpu": "9"}}),
        {"spec": {"template": {"spec": {"containers": None}}}},
        K8sResources,
        {"containers": {"server": {"limits": {"cpu": "7"}}}},
    ),
])  # fmt: skip
def test_the_cluster_refuses_a_patch_made_for_what_the_object_was(
    world: Bare, kind: Kind, spec: Any, meanwhile: Any, action: Any, after: Any
) -> None:
    """Between reading the object and patching it somebody else patches it; the step's own look can't see that."""
    world.make(kind, "a", spec)
    if kind is DEPLOYMENT:
        changed_spec = deployment(1, server={"limits": {"cpu": "8"}})["template"]["spec"]
        meanwhile = {"spec": {"template": {"spec": changed_spec}}}
    acting, at = world.action(action), Located(kind, "a", SPACE if kind.namespaced else "")
    found = acting.access.get(at)
    before: State = acting.state(at, found)
    world.merge(kind, "a", meanwhile)
    changed = world.snapshot()

    with pytest.raises(CallRefused, match=r"422|409"):
        acting.access.patch(at, acting.operations(found, before, {**before, **after}))

    assert differences(changed, world.snapshot()) == []


def test_a_quota_made_by_somebody_else_is_not_deleted(world: Bare) -> None:
    target = world.make(RESOURCE_QUOTA, "theirs", {"hard": {"pods": "9"}})
    step = _step("delete resourcequotas", *({"kind": "ResourceQuota", "hard": one} for one in ({"pods": "9"}, None)))

    with pytest.raises(CallRefused, match="not made by this change"):
        world.action(K8sGpuQuota).perform(target, step, MARK)

    assert "resourcequotas/theirs in ml-staging" in world.snapshot()
    assert "delete resourcequotas" not in world.sent()


def test_a_quota_that_changed_after_it_was_looked_at_is_not_deleted(world: Bare) -> None:
    world.make(RESOURCE_QUOTA, "ours", {"hard": {"pods": "9"}})
    access, at = world.action(K8sGpuQuota).access, Located(RESOURCE_QUOTA, "ours", SPACE)
    found = access.get(at)
    world.merge(RESOURCE_QUOTA, "ours", {"spec": {"hard": {"pods": "8"}}})

    with pytest.raises(CallRefused, match="409"):
        access.delete(at, found)

    assert "resourcequotas/ours in ml-staging" in world.snapshot()


def test_a_quota_that_somebody_else_made_meanwhile_is_not_made_again(world: Bare) -> None:
    target, action = TargetRef(id="resourcequotas/q", place=HERE), world.action(K8sGpuQuota)
    steps = _step("create resourcequotas", *({"kind": "ResourceQuota", "hard": one} for one in (None, {"pods": "1"})))
    _before_the_create(action, lambda: world.make(RESOURCE_QUOTA, "q", {"hard": {"pods": "9"}}))

    with pytest.raises(CallRefused, match="409"):
        action.perform(target, steps, MARK)

    made: Any = world.snapshot()["resourcequotas/q in ml-staging"]
    assert made["spec"] == {"hard": {"pods": "9"}}


def _before_the_create(action: Any, meanwhile: Callable[[], object]) -> None:
    """Let something happen between the step's look and its call."""
    admit = action.access.admit

    def admitted(call: str) -> None:
        if call.startswith("create"):
            meanwhile()
        admit(call)

    action.access.admit = admitted


def _step(call: str, expects: State, leaves: State) -> Step:
    return Step(call=call, expects=expects, leaves=leaves)
