"""The executor over a simulated system: what it does, what it writes down, and where it stops."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.operate.remediation.desk import RIGHTS, add_second, desk
from tests.operate.remediation.simulated import (
    START,
    CarefulResize,
    KeyedResize,
    Killed,
    Resize,
)
from tools.operate.policies.approvals import Freeze, Protected
from tools.operate.policies.rights import Rights
from tools.operate.remediation.action import Step, key_of
from tools.operate.remediation.admission import NotAdmitted
from tools.operate.remediation.journal import Busy

ALL = ("stop", "modify", "start")
SMALL, BIG = ("on", "small"), ("on", "big")
FROZEN = Freeze(name="year end", start=START + timedelta(seconds=3), end=START + timedelta(days=9))
UNTOUCHED = Protected(tag="do-not-touch")


def test_an_approved_plan_is_applied_target_by_target_each_step_once() -> None:
    one = desk()
    ended = one.executor.apply(one.proposal, "ben")
    assert (ended.ending, ended.detail) == ("applied", "")
    assert one.world.calls == [f"{call} m-{number}" for number in (0, 1) for call in ALL]
    assert one.states() == [SMALL, SMALL]
    assert {outcome for _, _, outcome in one.outcomes()} == {"done"}


def test_each_step_is_written_down_before_its_call_and_after_it() -> None:
    one = desk(count=1)
    one.executor.apply(one.proposal, "ben")
    steps = [line for call in ALL for line in (f"intend {call} m-0", f"done {call} m-0")]
    assert one.journal.trail == ["begin apply", *steps, "finish applied"]


def test_a_plan_is_applied_once() -> None:
    one = desk()
    one.executor.apply(one.proposal, "ben")
    with pytest.raises(NotAdmitted, match="applied once"):
        one.executor.apply(one.proposal, "ben")


def test_a_rollback_restores_what_was_recorded_last_target_first() -> None:
    one = desk()
    one.executor.apply(one.proposal, "ben")
    one.world.calls.clear()
    assert one.executor.roll_back(one.proposal, "ben").ending == "rolled_back"
    assert one.states() == [BIG, BIG]
    assert one.world.calls == [f"{call} m-{number}" for number in (1, 0) for call in ALL]


def test_a_refused_call_ends_it_and_what_was_done_half_way_is_rolled_back() -> None:
    one = desk()
    one.world.faults = _struck(one, "refuse", after=[""] * 5)
    assert one.executor.apply(one.proposal, "ben").ending == "stopped"
    assert one.outcomes() == [("m-0", "stop", "done"), ("m-0", "modify", "refused")]
    assert one.executor.roll_back(one.proposal, "ben").ending == "rolled_back"
    assert one.states() == [BIG, BIG]


@pytest.mark.parametrize(
    ("fault", "outcome", "ending"),
    [("lost", "not_done", "stopped"), ("deaf", "done", "applied"), ("late", "done", "applied")],
)
def test_a_call_without_an_answer_is_settled_by_reading(fault: str, outcome: str, ending: str) -> None:
    one = desk(count=1)
    one.world.faults = _struck(one, fault)
    assert one.executor.apply(one.proposal, "ben").ending == ending
    assert one.outcomes()[0] == ("m-0", "stop", outcome)
    assert one.world.calls.count("stop m-0") == 1


def test_a_lost_call_is_sent_again_where_the_system_drops_a_second_one() -> None:
    one = desk(1, KeyedResize)
    one.world.faults = _struck(one, "lost")
    assert one.executor.apply(one.proposal, "ben").ending == "applied"
    assert one.world.calls.count("stop m-0") == 2
    assert set(one.world.effects.values()) == {1}


def test_a_refused_second_call_says_nothing_of_the_first() -> None:
    one = desk(1, KeyedResize)
    one.world.faults = [*_struck(one, "late"), "", "refuse"]
    assert one.executor.apply(one.proposal, "ben").ending == "applied"
    assert one.outcomes()[0] == ("m-0", "stop", "done")


def test_a_second_call_of_another_day_is_not_sent() -> None:
    one = desk(1, KeyedResize)
    one.world.faults = _struck(one, "kill_before")
    with pytest.raises(Killed):
        one.executor.apply(one.proposal, "ben")
    one.world.wait(24 * 3600)
    assert one.executor.settle(one.journal.ran[1]).ending == "stopped"
    assert one.world.calls == ["stop m-0"]


def test_the_key_of_a_step_is_none_of_the_step_that_undoes_it_by_the_same_call() -> None:
    there = Step(call="modify", expects={"Size": "big"}, leaves={"Size": "small"})
    back = Step(call="modify", expects={"Size": "small"}, leaves={"Size": "big"})
    half_back = Step(call="modify", expects={"Size": "tiny"}, leaves={"Size": "small"})
    assert key_of("mark", there) == key_of("mark", there.model_copy())
    assert len({key_of("mark", one) for one in (there, back, half_back)}) == 3


def test_a_target_changed_since_the_plan_is_not_begun() -> None:
    one = desk()
    one.world.machines["m-1"].state["Size"] = "huge"
    with pytest.raises(NotAdmitted, match="m-1: was"):
        one.executor.apply(one.proposal, "ben")
    assert one.world.calls == []
    assert one.journal.trail == []


@pytest.mark.parametrize("tags", [{"env": "prod"}, {"env": "staging", "do-not-touch": "true"}])
def test_other_tags_than_the_plan_saw_keep_it_from_being_applied(tags: dict[str, str]) -> None:
    one = desk()
    one.world.machines["m-0"].tags = tags
    with pytest.raises(NotAdmitted, match="m-0"):
        one.executor.apply(one.proposal, "ben")
    assert one.world.calls == []


def test_a_target_that_somebody_changes_meanwhile_stops_it() -> None:
    one = desk()
    ended = _interrupted(one, lambda: one.world.machines["m-1"].state.update(Size="huge"))
    assert ended.ending == "stopped"
    assert "m-1" in ended.detail
    assert one.states() == [SMALL, ("on", "huge")]


def test_a_protected_tag_put_on_meanwhile_stops_it_before_that_target() -> None:
    one = replace(desk(), rights=replace(RIGHTS, protected=(UNTOUCHED,)))
    ended = _interrupted(one, lambda: one.world.machines["m-1"].tags.update({"do-not-touch": ""}))
    assert ended.ending == "stopped"
    assert one.states() == [SMALL, BIG]


def test_a_freeze_that_begins_meanwhile_stops_it_before_the_next_target_not_half_way() -> None:
    one = replace(desk(), rights=replace(RIGHTS, freezes=(FROZEN,)))
    one.world.faults = _struck(one, "slow")
    ended = one.executor.apply(one.proposal, "ben")
    assert ended.ending == "stopped"
    assert "year end" in ended.detail
    assert one.states() == [SMALL, BIG]


def test_rights_taken_away_since_the_approval_keep_it_from_being_applied() -> None:
    one = replace(desk(), rights=Rights())
    with pytest.raises(NotAdmitted, match="needs 1 approval"):
        one.executor.apply(one.proposal, "ben")
    assert one.world.calls == []


def test_a_standing_approval_withdrawn_between_two_targets_stops_it() -> None:
    one = desk(3)
    one.journal.objections = {1: "the standing approval was withdrawn"}
    ended = one.executor.apply(one.proposal, "ben")
    assert (ended.ending, "withdrawn" in ended.detail) == ("stopped", True)
    assert one.states() == [SMALL, BIG, BIG]


def test_it_may_call_no_more_than_was_approved() -> None:
    one = desk(permissions=("read", "stop"))
    one.doors.opened.clear()
    with pytest.raises(Exception, match="modify is not among the permissions"):
        one.executor.apply(one.proposal, "ben")
    assert frozenset({"read", "stop"}) in one.doors.opened
    assert one.world.calls == ["stop m-0"]


def test_a_fault_of_the_action_goes_up_and_leaves_the_execution_to_be_settled() -> None:
    for fault, ending in (("bug_before", "stopped"), ("bug_after", "applied")):
        one = desk(1)
        one.world.faults = _struck(one, fault)
        with pytest.raises(KeyError):
            one.executor.apply(one.proposal, "ben")
        assert [step[2] for step in one.outcomes()] == ["intended"]
        assert one.executor.settle(one.journal.ran[1]).ending == ending
        assert one.world.calls.count("stop m-0") == 1


def test_a_process_that_dies_before_it_writes_the_end_is_ended_without_a_call() -> None:
    one = desk(1)
    one.journal.finish = _killed  # type: ignore[method-assign]
    with pytest.raises(Killed):
        one.executor.apply(one.proposal, "ben")
    del one.journal.finish
    made = list(one.world.calls)
    assert one.executor.settle(one.journal.ran[1]).ending == "applied"
    assert one.world.calls == made


def test_a_target_that_vanishes_under_a_call_is_unknown_and_keeps_no_other_from_being_restored() -> None:
    one = desk(3)
    _interrupted(one, lambda: setattr(one.world.machines["m-1"], "is_gone", True), when="stop m-1")
    assert one.journal.ran[1].ending == "unknown"
    back = one.executor.roll_back(one.proposal, "ben")
    assert back.ending == "stopped"
    assert "m-1: nobody knows what became of stop" in back.detail
    assert [one.states()[number] for number in (0, 2)] == [BIG, BIG]


def test_an_unknown_end_is_settled_by_reading_and_begins_nothing_more() -> None:
    one = desk(2)
    one.world.faults = _struck(one, "wrong")
    assert one.executor.apply(one.proposal, "ben").ending == "unknown"
    assert one.outcomes() == [("m-0", "stop", "unknown")]
    one.world.machines["m-0"].state["Power"] = "off"
    ended = one.executor.settle(one.journal.ran[1])
    assert ended.ending == "stopped"
    assert one.outcomes() == [("m-0", "stop", "done")]
    assert one.world.calls == ["stop m-0"]
    assert one.executor.roll_back(one.proposal, "ben").ending == "rolled_back"
    assert one.states() == [BIG, BIG]


def test_an_unknown_end_is_settled_before_it_is_rolled_back() -> None:
    one = desk(2)
    one.world.faults = _struck(one, "wrong")
    assert one.executor.apply(one.proposal, "ben").ending == "unknown"
    one.world.machines["m-0"].state["Power"] = "off"
    assert one.executor.roll_back(one.proposal, "ben").ending == "rolled_back"
    assert one.journal.trail.index("finish stopped") < one.journal.trail.index("begin rollback")
    assert one.states() == [BIG, BIG]


def test_a_call_that_was_taken_and_never_shows_is_unknown_until_it_is_read_again() -> None:
    one = desk(1)
    one.world.faults = _struck(one, "ignored")
    assert one.executor.apply(one.proposal, "ben").ending == "unknown"
    assert one.executor.settle(one.journal.ran[1]).ending == "stopped"
    assert one.outcomes() == [("m-0", "stop", "not_done")]


def test_a_call_whose_effect_is_seen_is_not_sent_again() -> None:
    one = desk(1, KeyedResize)
    one.world.faults = _struck(one, "deaf")
    assert one.executor.apply(one.proposal, "ben").ending == "applied"
    assert one.world.calls == [f"{call} m-0" for call in ALL]


def test_a_target_that_somebody_changes_between_two_steps_stops_it_half_way() -> None:
    one = desk(1)
    ended = _interrupted(one, lambda: one.world.machines["m-0"].state.update(Size="huge"), when="stop m-0")
    assert ended.ending == "unknown"
    two = desk(1)
    note = two.journal.note
    two.journal.note = lambda *given: (note(*given), two.world.machines["m-0"].state.update(Power="on"))  # type: ignore[assignment]
    ended = two.executor.apply(two.proposal, "ben")
    assert (ended.ending, "modify was not called" in ended.detail) == ("stopped", True)
    assert two.world.calls == ["stop m-0"]


def test_a_target_that_can_not_be_read_before_its_step_is_not_called() -> None:
    one = desk(1)
    one.world.faults = ["", "", "unreadable"]  # drift, begin, then the step's own reading
    ended = one.executor.apply(one.proposal, "ben")
    assert (ended.ending, "can't be read" in ended.detail) == ("stopped", True)
    assert one.world.calls == []


def test_reading_is_tried_again_until_the_step_should_have_shown() -> None:
    one = desk(1)
    one.world.faults = [*_struck(one, ""), *["unreadable"] * 20]
    assert one.executor.apply(one.proposal, "ben").ending == "applied"
    two = desk(1)
    two.world.faults = [*_struck(two, ""), *["unreadable"] * 40]
    assert two.executor.apply(two.proposal, "ben").ending == "unknown"
    two.world.faults = []
    assert two.executor.settle(two.journal.ran[1]).ending == "stopped"
    assert two.outcomes() == [("m-0", "stop", "done")]


def test_a_call_that_came_after_all_is_found_and_undone() -> None:
    one = desk(1)
    one.world.faults = _struck(one, "lost")
    assert one.executor.apply(one.proposal, "ben").ending == "stopped"
    one.world.machines["m-0"].state["Power"] = "off"
    assert one.executor.roll_back(one.proposal, "ben").ending == "rolled_back"
    assert one.outcomes() == [("m-0", "stop", "done")]
    assert one.states() == [BIG]


def test_a_rollback_that_was_refused_can_be_tried_again_from_where_it_got_to() -> None:
    one = desk(2)
    one.executor.apply(one.proposal, "ben")
    one.world.faults = _struck(one, "refuse", back=True, after=[""] * 5)
    assert one.executor.roll_back(one.proposal, "ben").ending == "stopped"
    one.world.faults = []
    assert one.executor.roll_back(one.proposal, "ben").ending == "rolled_back"
    assert one.states() == [BIG, BIG]
    assert set(one.world.effects.values()) == {1}


def test_a_step_left_open_is_settled_before_another_target_is_begun() -> None:
    one = desk(2)
    one.executor.apply(one.proposal, "ben")
    one.world.faults = ["", "unreadable", "", "", "kill_before"]  # m-1 is left, then the process dies with m-0
    with pytest.raises(Killed):
        one.executor.roll_back(one.proposal, "ben")
    assert one.executor.settle(one.journal.ran[2]).ending == "stopped"
    assert one.outcomes(2) == [("m-0", "stop", "not_done")]


def test_a_protected_tag_stands_against_a_rollback_too() -> None:
    one = replace(desk(2), rights=replace(RIGHTS, protected=(UNTOUCHED,)))
    one.executor.apply(one.proposal, "ben")
    one.world.machines["m-1"].tags["do-not-touch"] = "true"
    back = one.executor.roll_back(one.proposal, "ben")
    assert (back.ending, "protected" in back.detail) == ("stopped", True)
    assert one.states() == [BIG, SMALL]


def test_a_recovery_after_the_plan_expired_ends_the_target_it_began_and_begins_no_other() -> None:
    one = desk(2)
    one.world.faults = _struck(one, "kill_after")
    with pytest.raises(Killed):
        one.executor.apply(one.proposal, "ben")
    one.world.wait(timedelta(hours=80).total_seconds())
    ended = one.executor.settle(one.journal.ran[1])
    assert (ended.ending, "expired" in ended.detail) == ("stopped", True)
    assert one.states() == [SMALL, BIG]


def test_a_proposal_and_its_targets_are_held_in_one_order_and_let_go() -> None:
    one = desk(3)
    one.executor.apply(one.proposal, "ben")
    assert one.journal.held_in_order == ["p-1", "target m-0", "target m-1", "target m-2"]
    assert one.journal.holding == set()


def test_a_target_that_another_process_works_on_is_left_alone() -> None:
    one = desk(2)
    with one.journal.held("target m-1"), pytest.raises(Busy):
        one.executor.apply(one.proposal, "ben")
    assert one.world.calls == []
    assert one.journal.holding == set()


def test_a_target_of_an_execution_that_was_cut_short_waits_until_that_is_settled() -> None:
    one = desk(1)
    other = add_second(one)
    one.world.faults = _struck(one, "kill_before")
    with pytest.raises(Killed):
        one.executor.apply(one.proposal, "ben")
    with pytest.raises(Busy, match="p-1 was cut short"):
        other.executor.apply(other.proposal, "ben")
    one.executor.settle(one.journal.ran[1])
    assert other.executor.apply(other.proposal, "ben").ending == "applied"


def test_settling_leaves_alone_what_has_ended_or_was_built_upon() -> None:
    one = desk(1)
    ended = one.executor.apply(one.proposal, "ben")
    assert one.executor.settle(ended) == ended
    two = desk(1)
    two.world.faults = _struck(two, "wrong")
    two.executor.apply(two.proposal, "ben")
    two.executor.roll_back(two.proposal, "ben")
    two.world.machines["m-0"].state["Power"] = "off"
    assert two.executor.settle(two.journal.ran[1]).ending == "unknown"
    assert two.outcomes() == [("m-0", "stop", "unknown")]


@pytest.mark.parametrize("action", [Resize, KeyedResize, CarefulResize])
def test_a_dry_run_reads_and_rehearses_and_writes_nothing(action: type[Resize]) -> None:
    one = desk(2, action)
    one.doors.opened.clear()
    told = one.executor.dry_run(one.proposal)
    assert told.is_clear
    assert [rehearsed.calls for rehearsed in told.targets] == [ALL, ALL]
    assert one.doors.opened == [action.reads]
    assert (one.world.calls, one.journal.trail, one.states()) == ([], [], [BIG, BIG])


def test_a_dry_run_says_of_each_target_why_it_would_not_get_through() -> None:
    one = replace(desk(5), rights=replace(RIGHTS, protected=(UNTOUCHED,)))
    machines = one.world.machines
    machines["m-0"].state["Size"] = "huge"
    machines["m-1"].is_gone = True
    machines["m-2"].tags["no-rehearsal"] = "1"
    machines["m-3"].tags["do-not-touch"] = "1"
    told = [rehearsed.problem or "" for rehearsed in one.executor.dry_run(one.proposal).targets]
    for problem, words in zip(told, ("huge", "no such machine", "tags", "tags", ""), strict=True):
        assert words in problem
    assert told[4] == ""


def test_a_dry_run_tells_a_freeze() -> None:
    one = replace(desk(1), rights=replace(RIGHTS, freezes=(FROZEN,)))
    one.world.wait(10)
    assert "year end" in one.executor.dry_run(one.proposal).against[0]


def _struck(one: object, fault: str, back: bool = False, after: list[str] | None = None) -> list[str]:
    """Faults of which the last one strikes the first call after `after` more events: all targets are read for drift,
    the execution is begun, may be read again, and the step is read and written down."""
    targets = 0 if back else len(one.world.machines)  # type: ignore[attr-defined]
    return [*[""] * targets, "", "", "", *(after or []), fault]


def _killed(*_: object) -> None:
    raise Killed("finish")


def _interrupted(one: object, by: object, when: str = "start m-0") -> object:
    """Apply, with something done from outside as soon as that call was made."""
    effect = one.world.effect  # type: ignore[attr-defined]

    def watched(target: object, step: Step, key: str | None) -> None:
        effect(target, step, key)
        if f"{step.call} {target.id}" == when:  # type: ignore[attr-defined]
            by()  # type: ignore[operator]

    one.world.effect = watched  # type: ignore[attr-defined]
    return one.executor.apply(one.proposal, "ben")  # type: ignore[attr-defined]
