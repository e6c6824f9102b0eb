"""Every action: a call that was refused is told from one of which nobody knows, and none is ever sent twice."""

from collections.abc import Iterator

import pytest

from tests.operate.remediation.acting import planned, settled, walk
from tests.operate.remediation.conftest import Case
from tests.operate.remediation.snapshots import differences
from tests.operate.remediation.wire import Fault
from tools.domain.remediation import Change, RemediationPlan, State
from tools.operate.remediation.access import Access
from tools.operate.remediation.action import Action, CallRefused, Step, Surprise, mark_of

REHEARSED = "dry-run:"


def test_a_changing_call_that_the_system_denies_is_refused_and_did_nothing(case: Case) -> None:
    for attempt in _attempts(case):
        before = case.world.snapshot()
        case.world.meddle(attempt.step.call, "denied")
        with pytest.raises(CallRefused):
            attempt.perform()
        assert attempt.times_sent() == 1
        assert differences(before, case.world.snapshot()) == []


@pytest.mark.parametrize("fault", ["broken", "cut"])
def test_a_changing_call_that_failed_otherwise_is_a_surprise_and_not_repeated(case: Case, fault: Fault) -> None:
    if fault not in case.world.faults:
        pytest.skip(f"this world can't make a call {fault}")
    for attempt in _attempts(case):
        case.world.meddle(attempt.step.call, fault)
        with pytest.raises(Surprise) as told:
            attempt.perform()
        assert not isinstance(told.value, CallRefused)
        assert attempt.times_sent() == 1


def test_a_call_that_was_done_though_its_answer_got_lost_is_a_surprise_that_reading_settles(case: Case) -> None:
    if "late_cut" not in case.world.faults:
        pytest.skip("this world can't lose an answer")
    for attempt in _attempts(case):
        case.world.meddle(attempt.step.call, "late_cut")
        with pytest.raises(Surprise) as told:
            attempt.perform()
        assert not isinstance(told.value, CallRefused)
        assert attempt.times_sent() == 1
        assert attempt.settled() == dict(attempt.step.leaves)


def test_a_target_that_cannot_be_read_is_an_oserror_never_absent(case: Case) -> None:
    """ "It is gone" is a fact that ends a rollback; "it can't be read" is not."""
    plan = planned(case.doors, case.scene).plan
    target, mark = plan.changes[0].target, mark_of(plan.nonce, plan.changes[0].target)
    action = case.doors.open(plan.action, case.action.reads)
    action.read(target, mark)
    for call in set(action.access.calls):
        for fault in case.world.faults:
            case.world.scene(case.scenario)
            case.world.meddle(call, fault)
            with pytest.raises(OSError, match="."):
                action.read(target, mark)


def test_a_rehearsal_that_the_system_denies_stops_the_plan(case: Case) -> None:
    for call in sorted(one for one in case.action.reads if one.startswith(REHEARSED)):
        case.world.meddle(call, "denied")
        with pytest.raises(CallRefused):
            planned(case.doors, case.scene)


class _Attempt:
    """One step of one target, with everything before it done."""

    def __init__(self, case: Case, action: Action, plan: RemediationPlan, step: Step) -> None:
        self.case, self.action, self.change, self.step = case, action, plan.changes[0], step
        self.mark = mark_of(plan.nonce, self.change.target)
        self._sent_before = len(case.world.sent())

    def perform(self) -> None:
        self.action.perform(self.change.target, self.step, self.mark)

    def times_sent(self) -> int:
        return self.case.world.sent()[self._sent_before :].count(self.step.call)

    def settled(self) -> State:
        return settled(self.case.world, self.action, self.change.target, self.step, self.mark)


def _attempts(case: Case) -> Iterator[_Attempt]:
    """Each step of one target's way forward and back, each in a world seeded afresh."""
    for number in range(len(_way(case, planned(case.doors, case.scene).plan.changes[0]))):
        scene, doors = case.world.scene(case.scenario), case.doors
        plan = planned(doors, scene, scene.targets[:1]).plan
        way = _way(case, plan.changes[0])
        action = doors.open(plan.action, case.action.reads | case.action.writes | case.action.undoes)
        walk(doors, action, plan, plan.changes[0], way[:number])
        yield _Attempt(case, action, plan, way[number])


def _way(case: Case, change: Change) -> tuple[Step, ...]:
    blind = case.action(Access(()))
    forward = blind.steps(change.before, change.after)
    return (*forward, *blind.steps(change.after, change.before)) if case.action.undoes else forward
