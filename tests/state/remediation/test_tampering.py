"""Rows that Outlay did not write, by somebody who has the database and not the key."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from agent.state.remediation.trail import TrailBroken
from tests.state.remediation.office import NOON, RIGHTS, Office, step
from tools.domain.errors import NotPermitted, OutlayError, StoreFault
from tools.operate.remediation.admission import NotAdmitted


@pytest.mark.parametrize("statement", ["UPDATE trail SET hash = ''", "DELETE FROM trail"])
def test_the_trail_can_only_be_added_to(office: Office, statement: str) -> None:
    office.waiting()
    with pytest.raises(DBAPIError, match="append-only"):
        office.sql(statement)


def test_the_trail_can_t_be_replaced_or_emptied_by_other_words(office: Office) -> None:
    office.waiting()
    sqlite = office.url.startswith("sqlite")
    with pytest.raises(DBAPIError, match="append-only"):
        office.sql("INSERT OR REPLACE INTO trail VALUES (1, '', '')" if sqlite else "TRUNCATE trail")


def test_a_desk_that_was_left_alone_verifies(office: Office) -> None:
    _busy(office)
    report = office.again().verify()
    assert report.holds, report
    assert report.events == len(office.desk.trail())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE trail SET event = replace(event, '\"ada\"', '\"eve\"')", "is not the one that was written"),
        ("DELETE FROM trail WHERE sequence = 2", "event 2 is gone"),
        ("DELETE FROM trail WHERE sequence > 4", "it ends at event 4"),
        ("DELETE FROM trail", "it ends at event 0"),
        ("UPDATE trail_head SET sequence = sequence - 1", "the seal of its head"),
        ("DELETE FROM trail_head", "its head is gone"),
    ],
)
def test_a_trail_that_was_changed_is_told_and_nothing_is_decided_on_it(
    office: Office, statement: str, told: str
) -> None:
    _busy(office)
    proposal = office.approved()
    office.unlocked(statement)
    desk = office.again()
    report = desk.verify()
    assert told in str(report.first_break)
    assert not report.holds
    with pytest.raises(TrailBroken, match="audit verify"):
        desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)


def test_the_trail_is_told_up_to_its_break(office: Office) -> None:
    _busy(office)
    office.unlocked("DELETE FROM trail WHERE sequence = 4")
    assert [one.sequence for one in office.again().trail()] == [1, 2, 3]


@pytest.mark.parametrize(
    ("statement", "kind", "told"),
    [
        ("UPDATE proposals SET status = 'waiting' WHERE id = 'p-1'", "different", "proposal p-1"),
        ("UPDATE proposals SET content = replace(content, '\"100\"', '\"1\"')", "bad_seals", "proposal p-1"),
        ("UPDATE decisions SET seal = '0'", "bad_seals", "decision d-"),
        ("UPDATE standing SET content = replace(content, '\"500\"', '\"9500\"')", "bad_seals", "standing approval s-1"),
        ("UPDATE standing SET withdrawn_at = NULL", "different", "standing approval s-1"),
        ("DELETE FROM spent", "missing", "spending of d-"),
        ("DELETE FROM standing_uses", "missing", "use of s-1 by p-2"),
        (
            "UPDATE steps SET outcome = 'refused'",
            "different",
            "step 0 of region=eu-central-1/i-00000000 in execution 1",
        ),
        ("INSERT INTO executions VALUES (9, 'p-1', 'rollback', NULL)", "unknown", "execution 9"),
        ("UPDATE executions SET ending = NULL", "different", "execution 1"),
    ],
)
def test_a_row_that_says_something_else_than_the_trail_is_told(
    office: Office, statement: str, kind: str, told: str
) -> None:
    _busy(office)
    office.sql(statement)
    report = office.again().verify()
    assert any(one.startswith(told) for one in getattr(report, kind)), report
    assert report.first_break is None


def test_a_changed_plan_is_not_given_out(office: Office) -> None:
    proposal = office.approved()
    office.sql("UPDATE proposals SET content = replace(content, 'i-00000000', 'i-00000001')")
    for asked in (
        lambda: office.desk.proposal(proposal.id),
        lambda: office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON),
        lambda: office.approve(proposal, "ben"),
    ):
        with pytest.raises(NotPermitted, match="not what Outlay wrote"):
            asked()
    assert office.desk.proposals() == ()


def test_a_decision_with_an_invented_or_another_s_seal_is_as_if_it_were_not_there(office: Office) -> None:
    genuine, proposal = office.approved(), office.waiting()
    content, seal = office.sql("SELECT content, seal FROM decisions")[0]
    forged = {**json.loads(content), "id": f"d-{'0' * 32}", "proposal": proposal.id}
    forged["fingerprint"] = proposal.plan.fingerprint
    text = json.dumps(forged, sort_keys=True, separators=(",", ":"))
    office.sql(f"INSERT INTO decisions VALUES ('{forged['id']}', '{proposal.id}', '{text}', '{seal}')")
    assert office.desk.decisions(proposal.id) == ()
    with pytest.raises(NotAdmitted, match="nobody"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    assert office.desk.verify().bad_seals == (f"decision {forged['id']}",)
    assert office.desk.begin(genuine.id, "apply", "ada", RIGHTS, NOON).id == 1


def test_a_used_approval_stays_used_whatever_the_tables_say(office: Office) -> None:
    proposal = office.approved()
    execution = office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    office.desk.finish(execution.id, "applied", "", NOON)
    office.sql("DELETE FROM spent", "DELETE FROM executions", "UPDATE proposals SET status = 'waiting'")
    for desk in (office.desk, office.again()):
        with pytest.raises(NotAdmitted, match="applied once"):
            desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)


def test_an_execution_that_nobody_began_is_not_there_and_takes_no_step(office: Office) -> None:
    proposal = office.waiting()
    office.sql(f"INSERT INTO executions VALUES (1, '{proposal.id}', 'apply', NULL)")
    desk = office.again()
    assert (desk.unfinished(), desk.executions(proposal.id)) == ((), ())
    with pytest.raises(OutlayError):
        desk.intend(step(1))


def test_a_row_in_the_way_stops_the_beginning_and_nothing_of_it_stays(office: Office) -> None:
    proposal = office.approved()
    office.sql(f"INSERT INTO executions VALUES (7, '{proposal.id}', 'apply', NULL)")
    with pytest.raises(StoreFault, match="did not write"):
        office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    office.sql("DELETE FROM executions")
    assert office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON).id == 1


def test_a_database_that_was_set_back_is_told_by_the_process_and_by_the_next_one(tmp_path: Path) -> None:
    office = Office.at_home(tmp_path)
    proposal = office.approved()
    kept = office.sql("SELECT sequence, hash, seal FROM trail_head")[0]
    office.desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
    office.unlocked(
        f"DELETE FROM trail WHERE sequence > {kept[0]}",
        "DELETE FROM spent",
        "DELETE FROM executions",
        f"UPDATE trail_head SET sequence = {kept[0]}, hash = '{kept[1]}', seal = '{kept[2]}'",
    )
    for desk, told in ((office.desk, "was set back"), (office.again(), "a backup was restored")):
        with pytest.raises(TrailBroken, match=told):
            desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON)
        assert told in str(desk.verify().first_break) or desk is office.desk
    (tmp_path / "trail.witness").unlink()
    assert office.again().verify().first_break is None


def test_a_database_of_another_version_is_left_alone(office: Office) -> None:
    office.waiting()
    office.sql("UPDATE schema_version SET version = 99")
    with pytest.raises(StoreFault, match="schema version 99"):
        office.again().proposals()


def _busy(office: Office) -> None:
    """One of everything: an applied plan, one by a standing approval that is withdrawn, a refusal."""
    execution = office.desk.begin(office.approved().id, "apply", "ada", RIGHTS, NOON)
    office.desk.intend(step(execution.id))
    office.desk.note(execution.id, step(1).target, 0, "done", "", NOON)
    office.desk.finish(execution.id, "applied", "", NOON)
    office.granted()
    by_standing = office.waiting()
    office.desk.use_standing(by_standing.id, NOON, RIGHTS)
    office.desk.begin(by_standing.id, "apply", "scheduler", RIGHTS, NOON)
    office.desk.withdraw("s-1", "ada", NOON + timedelta(minutes=1))
    with pytest.raises(NotAdmitted):
        office.desk.begin(office.waiting().id, "apply", "ada", RIGHTS, NOON)
