"""Every action: applying leads to what was foreseen, rolling back to what was recorded, and nothing else is touched.

That each target arrives at each step's state is asserted while the journey walks.
"""

from tests.operate.remediation.acting import way_back, way_there
from tests.operate.remediation.journey import Journey
from tests.operate.remediation.snapshots import differences, things_changed


def test_applying_makes_the_declared_calls_and_no_others(run: Journey) -> None:
    steps = [step.call for change in run.plan.changes for step in way_there(run.action, change)]

    assert run.forward.sent == run.forward.admitted
    assert [one for one in run.forward.sent if one in run.action.writes - run.action.reads] == steps
    assert set(run.forward.sent) <= run.action.reads | run.action.writes


def test_applying_changes_something_that_the_snapshot_shows(run: Journey) -> None:
    assert differences(run.start, run.forward.snapshots[-1], run.world.not_restored)


def test_changing_one_target_leaves_all_others_as_they_were(run: Journey) -> None:
    before = run.start
    for change, after in zip(run.plan.changes, run.forward.snapshots, strict=True):
        touched = things_changed(before, after)
        assert touched
        assert [thing for thing in touched if not run.world.belongs(thing, change.target)] == []
        before = after


def test_rolling_back_restores_the_recorded_state(run: Journey) -> None:
    if run.back is None:
        assert not run.plan.reversible
        return
    assert differences(run.start, run.back.snapshots[-1], run.world.not_restored) == []


def test_rolling_back_makes_the_declared_calls_and_no_others(run: Journey) -> None:
    if run.back is None:
        return
    steps = [step.call for change in reversed(run.plan.changes) for step in way_back(run.action, change)]

    assert run.back.sent == run.back.admitted
    assert [one for one in run.back.sent if one in run.action.undoes - run.action.reads] == steps
    assert set(run.back.sent) <= run.action.reads | run.action.undoes
