"""Every action: a call that was refused is told from one of which nobody knows, and none is ever sent twice."""

from collections.abc import Iterable

from tests.operate.remediation.cases import IS_WHOLE, TRIED
from tests.operate.remediation.trial import REHEARSED, Attempt, Trial, trial
from tests.operate.remediation.wire import Fault
from tools.domain.errors import BadRequest
from tools.operate.remediation.access import OutsidePermissions
from tools.operate.remediation.action import Action, CallRefused, Surprise


def test_a_call_without_its_permission_never_leaves_the_process(tried: Trial) -> None:
    found = _under(None, (*tried.planning, *tried.acting))

    assert found
    for one in found:
        assert isinstance(one.raised, OutsidePermissions), one
        assert one.call in str(one.raised)
        assert one.times_sent == 0
        assert one.changed == ()


def test_a_changing_call_that_the_system_denies_is_refused_and_did_nothing(tried: Trial) -> None:
    found = _under("denied", tried.acting)

    assert found
    for one in found:
        assert isinstance(one.raised, CallRefused), one
        assert one.times_sent == 1
        assert one.changed == ()


def test_a_changing_call_that_failed_otherwise_is_a_surprise_and_not_repeated(tried: Trial) -> None:
    for one in (*_under("broken", tried.acting), *_under("cut", tried.acting)):
        assert isinstance(one.raised, Surprise), one
        assert not isinstance(one.raised, CallRefused), one
        assert one.times_sent == 1
        assert one.changed == ()


def test_a_call_whose_answer_got_lost_is_a_surprise_that_reading_settles(tried: Trial) -> None:
    for one in _under("late_cut", tried.acting):
        assert isinstance(one.raised, Surprise), one
        assert not isinstance(one.raised, CallRefused), one
        assert one.times_sent == 1
        assert one.changed
        assert one.arrived


def test_a_target_that_cannot_be_read_is_an_oserror_and_never_absent(tried: Trial) -> None:
    """ "It is gone" is a fact that a rollback goes by; "it can't be read" is none."""
    assert tried.reading
    for one in tried.reading:
        assert isinstance(one.raised, OSError), one
        assert one.times_sent == 1


def test_a_rehearsal_that_the_system_denies_stops_the_plan(tried: Trial) -> None:
    for one in _under("denied", tried.planning):
        assert one.call.startswith(REHEARSED)
        assert isinstance(one.raised, BadRequest), one
        assert "would refuse it" in str(one.raised)
        assert one.changed == ()


def test_every_permission_declared_is_tried_without_and_under_faults(action: type[Action]) -> None:
    trials = [trial(*one) for one in TRIED if one[0] is action]

    lacked = {one.call for each in trials for one in each.planning if one.fault is None}
    acting = [{one.call for each in trials for one in each.acting if one.fault == fault} for fault in (None, "denied")]
    if IS_WHOLE:
        assert lacked == action.reads
        assert acting == [action.writes | action.undoes] * 2
    assert lacked <= action.reads
    assert all(one <= action.writes | action.undoes for one in acting)


def _under(fault: Fault | None, attempts: Iterable[Attempt]) -> list[Attempt]:
    return [one for one in attempts if one.fault == fault]
