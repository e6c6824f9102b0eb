"""Every action: planning changes nothing, says what it would do, and leaves out what it does not apply to."""

import json

import pytest

from tests.operate.remediation.acting import NOW, WorldDoors, blind, planned, way_back, way_there
from tests.operate.remediation.journey import Journey
from tests.operate.remediation.snapshots import differences
from tools.domain.errors import BadRequest
from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import typed_parameters


def test_planning_changes_nothing_and_only_makes_reading_calls(run: Journey) -> None:
    assert differences(run.start, run.planning.snapshots[-1]) == []
    assert set(run.planning.sent) <= run.action.reads
    assert run.planning.sent == run.planning.admitted


def test_a_world_is_large_enough_to_show_anything(run: Journey) -> None:
    assert len(run.plan.changes) >= 3
    assert run.scene.unfit


def test_everything_that_it_applies_to_is_planned(run: Journey) -> None:
    assert [change.target for change in run.plan.changes] == list(run.scene.targets)


def test_what_an_action_does_not_apply_to_is_left_out_and_told_what_would_work(run: Journey) -> None:
    assert run.left_out.keys() == {one.target.key for one in run.scene.unfit}
    for one in run.scene.unfit:
        assert one.told.casefold() in run.left_out[one.target.key].casefold()


def test_a_plan_of_nothing_that_it_applies_to_is_refused(run: Journey) -> None:
    assert "nothing to do" in run.nothing_fits


def test_a_plan_that_was_applied_leaves_nothing_to_do(run: Journey) -> None:
    assert "nothing to do" in run.again


def test_more_targets_than_an_action_allows_are_refused_before_anything_is_asked(run: Journey) -> None:
    many = [TargetRef(id=f"t-{number}") for number in range(run.action.most_targets + 1)]
    doors = WorldDoors(run.action, run.world)

    with pytest.raises(BadRequest, match=f"{run.action.most_targets} targets at most"):
        planned(doors, run.scene, many)

    assert doors.admitted == ()


def test_foreseeing_is_pure(run: Journey) -> None:
    """It has no access at all, gives the same again, and leaves what it was given as it was."""
    parameters = typed_parameters(run.action, run.scene.parameters)
    for change in run.plan.changes:
        given_json = change.seen.model_dump_json()
        assert dict(blind(run.action).foresee(change.seen, parameters)) == dict(change.after)
        assert dict(blind(run.action).foresee(change.seen, parameters)) == dict(change.after)
        assert change.seen.model_dump_json() == given_json


def test_steps_lead_from_the_state_before_to_the_state_after_and_back(run: Journey) -> None:
    for change in run.plan.changes:
        ways = [(way_there(run.action, change), change.before, change.after)]
        ways += [(way_back(run.action, change), change.after, change.before)] if run.action.undoes else []
        for steps, start, end in ways:
            assert steps
            assert [dict(one.expects) for one in steps] == [dict(start), *(dict(one.leaves) for one in steps[:-1])]
            assert dict(steps[-1].leaves) == dict(end)
            assert all(dict(one.expects) != dict(one.leaves) for one in steps)


def test_each_step_takes_one_permission_of_those_declared(run: Journey) -> None:
    for change in run.plan.changes:
        assert {step.call for step in way_there(run.action, change)} <= run.action.writes
        assert {step.call for step in way_back(run.action, change)} <= run.action.undoes


def test_a_target_that_is_as_it_should_be_takes_no_step(run: Journey) -> None:
    for change in run.plan.changes:
        assert blind(run.action).steps(change.before, change.before) == ()
        assert blind(run.action).steps(change.after, change.after) == ()


def test_a_state_is_json_that_reads_back_the_same(run: Journey) -> None:
    for change in run.plan.changes:
        for state in (change.before, change.after):
            assert json.loads(json.dumps(dict(state))) == dict(state)


def test_a_parameter_that_an_action_does_not_have_is_refused(run: Journey) -> None:
    with pytest.raises(BadRequest, match="no_such_parameter"):
        typed_parameters(run.action, {**run.scene.parameters, "no_such_parameter": 1})


def test_parameters_read_back_from_a_plan_are_the_same(run: Journey) -> None:
    written = json.loads(run.plan.model_dump_json())["parameters"]

    assert typed_parameters(run.action, written) == typed_parameters(run.action, run.scene.parameters)


def test_a_plan_tells_its_action_as_it_is(run: Journey) -> None:
    plan, action = run.plan, run.action
    assert (plan.action, plan.risk, plan.rollback) == (action.name, action.risk, action.rollback)
    assert plan.reversible == bool(action.undoes)
    assert set(plan.permissions) == action.reads | action.writes
    assert plan.made_at == NOW
