"""Every action: applying leads to what was foreseen, rolling back to what was recorded, and nothing else is touched."""

from tests.operate.remediation.acting import apply, planned, roll_back
from tests.operate.remediation.conftest import Case
from tests.operate.remediation.snapshots import differences
from tools.domain.errors import BadRequest
from tools.operate.remediation.access import Access


def test_applying_leads_every_target_to_the_foreseen_state_by_the_declared_calls(case: Case) -> None:
    plan = planned(case.doors, case.scene).plan
    steps = [step for change in plan.changes for step in case.action(Access(())).steps(change.before, change.after)]
    read_only, doors = len(case.world.sent()), case.doors

    apply(doors, plan)

    sent = case.world.sent()[read_only:]
    assert sent == doors.calls
    assert [one for one in sent if one in case.action.writes] == [step.call for step in steps]
    assert set(sent) <= case.action.reads | case.action.writes


def test_a_plan_that_was_applied_leaves_nothing_to_do(case: Case) -> None:
    apply(case.doors, planned(case.doors, case.scene).plan)

    try:
        again = planned(case.doors, case.scene).plan
    except BadRequest as nothing:
        assert "nothing to do" in str(nothing)
    else:
        raise AssertionError(f"it would change again: {again.changes}")


def test_rolling_back_restores_the_recorded_state(case: Case) -> None:
    if not case.action.undoes:
        return
    before, plan = case.world.snapshot(), planned(case.doors, case.scene).plan
    apply(case.doors, plan)
    assert differences(before, case.world.snapshot(), case.world.not_restored)
    forward, doors = len(case.world.sent()), case.doors

    roll_back(doors, plan)

    assert differences(before, case.world.snapshot(), case.world.not_restored) == []
    assert case.world.sent()[forward:] == doors.calls
    assert set(doors.calls) <= case.action.reads | case.action.undoes


def test_what_a_rollback_may_leave_different_is_needed_and_has_a_reason(case: Case) -> None:
    assert all(len(reason) > 10 for reason in case.world.not_restored.values())


def test_changing_one_target_leaves_all_others_as_they_were(case: Case) -> None:
    before = case.world.snapshot()
    target = case.scene.targets[1]

    apply(case.doors, planned(case.doors, case.scene, (target,)).plan)

    after = case.world.snapshot()
    touched = [thing for thing in before.keys() | after.keys() if before.get(thing) != after.get(thing)]
    assert touched
    assert [thing for thing in touched if not case.world.belongs(thing, target)] == []
