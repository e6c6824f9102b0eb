"""Every action: planning changes nothing, says what it would do, and leaves out what it does not apply to."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from tests.operate.remediation.acting import planned
from tests.operate.remediation.conftest import Case
from tests.operate.remediation.snapshots import differences
from tools.domain.errors import BadRequest
from tools.domain.remediation import RemediationPlan, TargetRef
from tools.operate.remediation.access import Access
from tools.operate.remediation.action import Parameters, typed_parameters


def test_planning_changes_nothing_and_only_makes_reading_calls(case: Case) -> None:
    doors, before = case.doors, case.world.snapshot()

    made = planned(doors, case.scene)

    assert differences(before, case.world.snapshot()) == []
    assert {change.target.key for change in made.plan.changes} == {one.key for one in case.scene.targets}
    assert set(case.world.sent()) <= case.action.reads
    assert case.world.sent() == doors.calls


def test_a_world_is_large_enough_to_show_anything(case: Case) -> None:
    assert len(case.scene.targets) >= 3
    assert case.scene.unfit


def test_what_an_action_does_not_apply_to_is_left_out_and_told_what_would_work(case: Case) -> None:
    everything = (*case.scene.targets, *(one.target for one in case.scene.unfit))

    left_out = planned(case.doors, case.scene, everything).left_out

    assert left_out.keys() == {one.target.key for one in case.scene.unfit}
    for one in case.scene.unfit:
        assert one.told.casefold() in left_out[one.target.key].casefold()


def test_a_plan_of_nothing_that_it_applies_to_is_refused(case: Case) -> None:
    with pytest.raises(BadRequest, match="nothing to do"):
        planned(case.doors, case.scene, tuple(one.target for one in case.scene.unfit))


def test_more_targets_than_an_action_allows_are_refused_before_anything_is_asked(case: Case) -> None:
    many = tuple(TargetRef(id=f"t-{number}") for number in range(case.action.most_targets + 1))

    with pytest.raises(BadRequest, match=f"{case.action.most_targets} targets at most"):
        planned(case.doors, case.scene, many)

    assert case.world.sent() == []


def test_foreseeing_is_pure(case: Case) -> None:
    """It has no access at all, gives the same again, and leaves what it was given as it was."""
    blind, parameters = case.action(Access(())), typed_parameters(case.action, case.scene.parameters)
    for change in planned(case.doors, case.scene).plan.changes:
        given_json = change.seen.model_dump_json()
        assert dict(blind.foresee(change.seen, parameters)) == dict(change.after)
        assert dict(blind.foresee(change.seen, parameters)) == dict(change.after)
        assert change.seen.model_dump_json() == given_json


def test_steps_lead_from_the_state_before_to_the_state_after_and_back(case: Case) -> None:
    blind = case.action(Access(()))
    for change in planned(case.doors, case.scene).plan.changes:
        ways = [(change.before, change.after, case.action.writes)]
        if case.action.undoes:
            ways.append((change.after, change.before, case.action.undoes))
        for start, end, permissions in ways:
            steps = blind.steps(start, end)
            assert steps
            assert dict(start) != dict(end)
            assert [dict(one.expects) for one in steps] == [dict(start), *(dict(one.leaves) for one in steps[:-1])]
            assert dict(steps[-1].leaves) == dict(end)
            assert {one.call for one in steps} <= permissions
            assert blind.steps(start, end) == steps
        assert blind.steps(change.before, change.before) == ()


def test_a_state_is_json_that_reads_back_the_same(case: Case) -> None:
    for change in planned(case.doors, case.scene).plan.changes:
        for state in (change.before, change.after):
            assert json.loads(json.dumps(dict(state))) == dict(state)


def test_reading_twice_gives_equal_states(case: Case) -> None:
    one, other = (planned(case.doors, case.scene).plan.changes for _ in range(2))

    assert [change.seen for change in one] == [change.seen for change in other]


def test_a_parameter_that_an_action_does_not_have_is_refused(case: Case) -> None:
    with pytest.raises(BadRequest, match="no_such_parameter"):
        typed_parameters(case.action, {**case.scene.parameters, "no_such_parameter": 1})


def test_parameters_survive_the_plan(case: Case) -> None:
    plan = planned(case.doors, case.scene).plan

    back = typed_parameters(case.action, plan.parameters)

    assert isinstance(back, Parameters)
    assert back == typed_parameters(case.action, case.scene.parameters)


def test_a_plan_keeps_its_fingerprint_through_json_and_any_other_plan_has_another(case: Case) -> None:
    plan = planned(case.doors, case.scene).plan
    written = plan.model_dump_json()
    assert RemediationPlan.model_validate_json(written).fingerprint == plan.fingerprint
    leaves = list(_leaves(json.loads(written)))

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.sampled_from(leaves), _VALUES)
    def mutate(path: tuple[str | int, ...], value: JsonValue) -> None:
        try:
            other = RemediationPlan.model_validate_json(json.dumps(_replaced(json.loads(written), path, value)))
        except ValidationError:
            return
        assume(other != plan)
        assert other.fingerprint != plan.fingerprint

    mutate()


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 9),
    st.text(max_size=4),
    st.sampled_from(["high", "1.5", "2027-01-01T00:00:00Z"]),
)


def _leaves(value: JsonValue, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    parts: list[tuple[str | int, JsonValue]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    return [leaf for name, one in parts for leaf in _leaves(one, (*path, name))] or [path]


def _replaced(whole: JsonValue, path: tuple[str | int, ...], value: JsonValue) -> JsonValue:
    at = whole
    for name in path[:-1]:
        at = at[name]  # type: ignore[index,call-overload]
    at[path[-1]] = value  # type: ignore[index,call-overload]
    return whole
