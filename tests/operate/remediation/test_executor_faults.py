"""Every fault at every event, then any sequence of them: each step at most once, on record as it was, and restored."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.operate.remediation.desk import Desk, desk
from tests.operate.remediation.simulated import (
    FAULTS,
    CarefulResize,
    KeyedResize,
    Resize,
    copy_of,
)
from tests.operate.remediation.truth import check, check_restored, settle_all, survive

KINDS = (Resize, KeyedResize, CarefulResize)
SCRIPTS = st.lists(st.sampled_from(FAULTS), max_size=40)
EVENTS = 44
"""Of applying a plan of two targets: three steps each of two readings, two writes and a call, and what is around."""


@pytest.mark.parametrize("fault", FAULTS[1:])
@pytest.mark.parametrize("action", KINDS)
def test_one_fault_at_any_event_of_applying(action: type[Resize], fault: str) -> None:
    for number in range(EVENTS):
        one = desk(2, action)
        before, one.world.faults = copy_of(one.world.machines), [""] * number + [fault]
        survive(one, lambda one=one: one.executor.apply(one.proposal, "ben"))
        check(one)
        check_restored(one, before)


@pytest.mark.parametrize("fault", FAULTS[1:])
@pytest.mark.parametrize("action", KINDS)
def test_one_fault_at_any_event_of_rolling_back(action: type[Resize], fault: str) -> None:
    for number in range(EVENTS):
        one = desk(2, action)
        before = copy_of(one.world.machines)
        one.executor.apply(one.proposal, "ben")
        one.world.faults = [""] * number + [fault]
        survive(one, lambda one=one: one.executor.roll_back(one.proposal, "ben"))
        check(one)
        check_restored(one, before)


@given(action=st.sampled_from(KINDS), there=SCRIPTS, back=SCRIPTS, count=st.integers(1, 3))
def test_any_faults_leave_true_records_and_a_way_back(
    action: type[Resize], there: list[str], back: list[str], count: int
) -> None:
    one = desk(count, action)
    before, one.world.faults = copy_of(one.world.machines), there
    survive(one, lambda: one.executor.apply(one.proposal, "ben"))
    check(one)
    if one.journal.ran:
        one.world.faults = back
        survive(one, lambda: one.executor.roll_back(one.proposal, "ben"))
        check(one)
    check_restored(one, before)


class Life(RuleBasedStateMachine):
    """A proposal applied, settled and rolled back in any order, by processes that die, while time passes."""

    one: Desk

    @initialize(action=st.sampled_from(KINDS), count=st.integers(1, 3))
    def propose(self, action: type[Resize], count: int) -> None:
        self.one = desk(count, action)
        self.before = copy_of(self.one.world.machines)

    @precondition(lambda self: not self.one.journal.ran)
    @rule(faults=SCRIPTS)
    def apply(self, faults: list[str]) -> None:
        self.one.world.faults = faults
        survive(self.one, lambda: self.one.executor.apply(self.one.proposal, "ben"))

    @precondition(lambda self: self.one.journal.ran and self._last().ending != "rolled_back")
    @rule(faults=SCRIPTS)
    def roll_back(self, faults: list[str]) -> None:
        self.one.world.faults = faults
        survive(self.one, lambda: self.one.executor.roll_back(self.one.proposal, "ben"))

    @precondition(lambda self: self.one.journal.unfinished())
    @rule()
    def settle(self) -> None:
        settle_all(self.one)

    @rule()
    def dry_run(self) -> None:
        calls, self.one.world.faults = len(self.one.world.calls), []
        trail = len(self.one.journal.trail)
        self.one.executor.dry_run(self.one.proposal)
        assert (len(self.one.world.calls), len(self.one.journal.trail)) == (calls, trail)

    @rule(hours=st.integers(0, 100))
    def time_passes(self, hours: int) -> None:
        self.one.world.wait(hours * 3600)

    @invariant()
    def records_are_true(self) -> None:
        if hasattr(self, "one"):
            check(self.one)

    def teardown(self) -> None:
        if hasattr(self, "one"):
            check_restored(self.one, self.before)

    def _last(self):  # type: ignore[no-untyped-def]
        return self.one.journal.executions(self.one.proposal)[-1]


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=100, stateful_step_count=8)
