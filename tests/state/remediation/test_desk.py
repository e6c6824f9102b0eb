"""Proposals, decisions and executions, on both databases."""

from datetime import datetime, timedelta

import pytest

from tests.state.remediation.office import NOON, RIGHTS, Office, plan, step
from tools.domain.errors import BadRequest, NotPermitted, UnknownName
from tools.domain.remediation import Proposal
from tools.operate.remediation.admission import NotAdmitted
from tools.operate.remediation.journal import AlreadyIntended, Busy, Ending, Execution


def test_a_plan_comes_back_from_another_process_as_it_was_proposed(office: Office) -> None:
    first, second = office.waiting(), office.waiting()
    kept = office.again().proposal("p-2")
    assert (first.id, second.id) == ("p-1", "p-2")
    assert kept == second
    assert kept.plan.fingerprint == second.plan.fingerprint


def test_the_same_plan_again_is_the_proposal_that_it_is(office: Office) -> None:
    made = plan()
    assert office.desk.add(made, "t-1") == office.desk.add(made, "t-1")
    with pytest.raises(NotPermitted, match="plan it again"):
        office.desk.add(made, "t-2")


def test_an_unknown_proposal_is_told_with_the_known_ones(office: Office) -> None:
    office.waiting()
    with pytest.raises(UnknownName, match="use one of p-1"):
        office.desk.proposal("p-7")


def test_an_approved_plan_is_begun_once(office: Office) -> None:
    proposal = office.approved()
    execution = office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    assert (execution.id, execution.direction, execution.ending) == (1, "apply", None)
    assert office.desk.proposal(proposal.id).status == "applying"
    with pytest.raises(NotAdmitted, match="applied once"):
        office.again().begin(proposal.id, "apply", "ada", RIGHTS, NOON)


def test_a_plan_without_approval_is_not_begun_and_the_trail_says_so(office: Office) -> None:
    proposal = office.waiting()
    with pytest.raises(NotAdmitted, match="needs 1 approval"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    assert [one.kind for one in office.desk.trail(proposal.id)] == ["proposed", "refused"]
    assert office.desk.executions(proposal.id) == ()


def test_a_large_plan_takes_two_persons(office: Office) -> None:
    proposal = office.approved("1500")
    with pytest.raises(NotPermitted, match="counts once"):
        office.approve(proposal, "ada", surface="slack")
    with pytest.raises(NotAdmitted, match="needs 2"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    office.approve(proposal, "ben", surface="slack")
    assert office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON).id == 1


@pytest.mark.parametrize(
    ("person", "how", "why"),
    [
        ("pat", {}, "what they proposed"),
        ("zoe", {}, "no grant of zoe covers"),
        ("eve", {}, "grants eve no approvals"),
        ("аda", {}, "no approvals"),
        ("", {}, "listed in people.yaml"),
        ("_os_user.1", {}, "listed in people.yaml"),
        ("ada", {"fingerprint": "0" * 64}, "not the plan that was shown"),
        ("ada", {"surface": "standing"}, "surface that knows them"),
        ("ada", {"now": NOON + timedelta(hours=72)}, "expired"),
    ],
)
def test_who_may_not_approve_is_refused_and_the_trail_says_so(
    office: Office, person: str, how: dict[str, object], why: str
) -> None:
    proposal = office.waiting()
    with pytest.raises(NotPermitted, match=why):
        office.approve(proposal, person, **how)
    assert office.desk.decisions(proposal.id) == ()
    last = office.desk.trail(proposal.id)[-1]
    assert (last.kind, last.by) == ("refused", person)


def test_anybody_listed_rejects_with_a_reason_and_that_ends_it(office: Office) -> None:
    proposal = office.approved()
    with pytest.raises(BadRequest, match="takes a reason"):
        office.approve(proposal, "eve", verdict="reject")
    office.approve(proposal, "eve", verdict="reject", reason="the nightly run needs it")
    assert office.desk.proposal(proposal.id).status == "rejected"
    with pytest.raises(NotAdmitted, match="rejected"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    with pytest.raises(NotPermitted, match="nothing is left to decide"):
        office.approve(proposal, "ben")


def test_who_approved_may_still_reject(office: Office) -> None:
    proposal = office.approved()
    office.approve(proposal, "ada", verdict="reject", reason="I misread it")
    assert office.desk.proposal(proposal.id).status == "rejected"


def test_an_edited_plan_takes_the_old_one_s_place_and_none_of_its_approvals(office: Office) -> None:
    old = office.approved()
    new = office.desk.replace(old.id, plan("90"))
    kept = office.desk.proposal(old.id)
    assert (kept.status, kept.replaced_by, new.thread) == ("replaced", new.id, new.plan.nonce)
    for one in (old, new):
        with pytest.raises(NotAdmitted):
            office.desk.begin(one.id, "apply", "ada", RIGHTS, NOON)
    with pytest.raises(NotPermitted, match="can't be edited"):
        office.desk.replace(old.id, plan("80"))


def test_an_approval_of_an_announced_plan_lasts_until_it_may_be_applied(office: Office) -> None:
    notice = NOON + timedelta(days=14)
    proposal = office.approved(not_before=notice, expires_at=notice + timedelta(hours=72))
    with pytest.raises(NotAdmitted, match="announced"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    assert office.desk.begin(proposal.id, "apply", "ada", RIGHTS, notice).id == 1


def test_a_clock_set_back_revives_nothing(office: Office) -> None:
    proposal = office.approved()
    late = NOON + timedelta(hours=73)
    with pytest.raises(NotAdmitted, match="expired"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, late)
    with pytest.raises(NotPermitted, match="set the clock"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    with pytest.raises(NotAdmitted, match="expired"):
        office.again().begin(proposal.id, "apply", "ada", RIGHTS, late - timedelta(minutes=4))


def test_a_time_without_a_zone_is_refused(office: Office) -> None:
    proposal = office.approved()
    with pytest.raises(BadRequest, match="no time zone"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, datetime(2026, 11, 24, 12))


def test_a_step_is_begun_once_and_its_end_is_told_once(office: Office) -> None:
    execution = _begun(office)
    office.desk.intend(step(execution.id))
    with pytest.raises(AlreadyIntended):
        office.again().intend(step(execution.id))
    office.desk.note(execution.id, step(1).target, 0, "unknown", "no answer", NOON)
    office.desk.note(execution.id, step(1).target, 0, "done", "read afterwards", NOON)
    with pytest.raises(NotPermitted, match="is done"):
        office.desk.note(execution.id, step(1).target, 0, "not_done", "", NOON)
    (kept,) = office.again().steps(execution.id)
    assert (kept.outcome, kept.detail, dict(kept.leaves)) == ("done", "read afterwards", {"State": "stopped"})


def test_nothing_is_begun_in_an_execution_that_is_over_or_never_was(office: Office) -> None:
    execution = _begun(office)
    office.desk.finish(execution.id, "applied", "", NOON)
    with pytest.raises(NotPermitted, match="begins nothing"):
        office.desk.intend(step(execution.id))
    with pytest.raises(NotPermitted, match="is over"):
        office.desk.finish(execution.id, "stopped", "", NOON)
    with pytest.raises(UnknownName):
        office.desk.intend(step(99))


def test_a_call_that_came_late_after_all_is_done_and_nothing_else_becomes_of_it(office: Office) -> None:
    execution = _begun(office)
    office.desk.intend(step(execution.id))
    office.desk.note(execution.id, step(1).target, 0, "not_done", "", NOON)
    office.desk.finish(execution.id, "stopped", "", NOON)
    with pytest.raises(NotPermitted, match="is not done"):
        office.desk.note(execution.id, step(1).target, 0, "refused", "", NOON)
    office.desk.note(execution.id, step(1).target, 0, "done", "it came late", NOON)
    assert [one.outcome for one in office.desk.steps(execution.id)] == ["done"]


def test_what_died_or_ended_unknown_is_unfinished_until_it_is_settled(office: Office) -> None:
    execution = _begun(office)
    assert [one.id for one in office.again().unfinished()] == [execution.id]
    office.desk.finish(execution.id, "unknown", "it can't be read", NOON)
    assert [one.ending for one in office.desk.unfinished()] == ["unknown"]
    office.desk.finish(execution.id, "applied", "", NOON)
    assert office.desk.unfinished() == ()
    assert office.desk.proposal("p-1").status == "applied"


def test_what_was_applied_is_rolled_back_once_by_a_person_with_the_right(office: Office) -> None:
    proposal = _ended(office, "applied")
    with pytest.raises(NotAdmitted, match="eve no approvals"):
        office.desk.begin(proposal.id, "rollback", "eve", RIGHTS, NOON)
    back = office.desk.begin(proposal.id, "rollback", "ada", RIGHTS, NOON)
    office.desk.finish(back.id, "rolled_back", "", NOON)
    assert office.desk.proposal(proposal.id).status == "rolled_back"
    with pytest.raises(NotAdmitted, match="rolled back already"):
        office.desk.begin(proposal.id, "rollback", "ada", RIGHTS, NOON)


def test_the_proposer_may_roll_back(office: Office) -> None:
    proposal = _ended(office, "stopped", proposed_by="ben")
    assert office.desk.begin(proposal.id, "rollback", "ben", RIGHTS, NOON).direction == "rollback"


def test_what_runs_is_not_rolled_back(office: Office) -> None:
    with pytest.raises(NotAdmitted, match="only what was applied"):
        office.desk.begin(_ended(office, None).id, "rollback", "ada", RIGHTS, NOON)


@pytest.mark.parametrize("ending", ["stopped", "unknown"])
def test_a_rollback_that_did_not_get_through_may_be_tried_again_and_applying_may_not(
    office: Office, ending: Ending
) -> None:
    proposal = _ended(office, "unknown")
    first = office.desk.begin(proposal.id, "rollback", "ada", RIGHTS, NOON)
    office.desk.finish(first.id, ending, "it drifted", NOON)
    second = office.desk.begin(proposal.id, "rollback", "ada", RIGHTS, NOON)
    office.desk.finish(second.id, "rolled_back", "", NOON)
    assert [one.direction for one in office.desk.executions(proposal.id)] == ["apply", "rollback", "rollback"]
    with pytest.raises(NotAdmitted):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    assert office.desk.verify().holds


def test_what_changed_nothing_or_can_t_be_undone_is_not_rolled_back(office: Office) -> None:
    with pytest.raises(NotAdmitted, match="only what was applied"):
        office.desk.begin(office.approved().id, "rollback", "ada", RIGHTS, NOON)
    untouched = office.approved()
    execution = office.desk.begin(untouched.id, "apply", "ada", RIGHTS, NOON)
    office.desk.finish(execution.id, "stopped", "it drifted", NOON)
    with pytest.raises(NotAdmitted, match="nothing is known"):
        office.desk.begin(untouched.id, "rollback", "ada", RIGHTS, NOON)
    final = _ended(office, "applied", reversible=False)
    with pytest.raises(NotAdmitted, match="can't be undone"):
        office.desk.begin(final.id, "rollback", "ada", RIGHTS, NOON)


def test_proposals_are_listed_by_where_they_stand(office: Office) -> None:
    office.waiting()
    office.approve(office.waiting(), verdict="reject", reason="no")
    assert [one.id for one in office.desk.proposals()] == ["p-1", "p-2"]
    assert [one.id for one in office.desk.proposals("rejected")] == ["p-2"]


def test_a_name_is_held_by_one_at_a_time(office: Office) -> None:
    other = office.again()
    with office.desk.held("p-1"), office.desk.held("target a/b"):
        for desk in (other, office.desk):
            with pytest.raises(Busy, match="p-1"), desk.held("p-1"):
                pass
        with other.held("p-2"):
            pass
    with other.held("p-1"):
        pass


def _begun(office: Office) -> Execution:
    return office.desk.begin(office.approved().id, "apply", "ada", RIGHTS, NOON)


def _ended(office: Office, ending: Ending | None, **changed: object) -> Proposal:
    """A proposal with one step done."""
    proposal = office.approved(**changed)
    execution = office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    office.desk.intend(step(execution.id))
    office.desk.note(execution.id, step(1).target, 0, "done", "", NOON)
    if ending is not None:
        office.desk.finish(execution.id, ending, "", NOON)
    return proposal
