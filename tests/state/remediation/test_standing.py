"""Standing approvals: granted by a person with the right, counted by month, withdrawn at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.state.remediation.office import NOON, RIGHTS, Office
from tools.domain.errors import BadRequest, NotPermitted, UnknownName
from tools.domain.remediation import Proposal
from tools.operate.policies.approvals import Approvals
from tools.operate.policies.rights import Rights
from tools.operate.remediation.admission import NotAdmitted


def test_a_plan_that_a_standing_approval_covers_is_begun_in_its_grantor_s_name(office: Office) -> None:
    granted = office.granted()
    proposal = office.waiting()
    decision = office.desk.use_standing(proposal.id, NOON, RIGHTS)
    assert decision is not None
    assert (decision.standing, decision.decided_by, decision.surface) == (granted.id, "ada", "standing")
    office.desk.begin(proposal.id, "apply", "scheduler", RIGHTS, NOON)
    (state,) = office.again().standing(NOON)
    assert state.used == Decimal(100)


def test_a_month_s_amount_is_used_up_by_plans_that_are_begun_and_by_no_others(office: Office) -> None:
    office.granted("250")
    first, second, third = (_used(office) for _ in range(3))
    for one in (first, second):
        office.desk.begin(one.id, "apply", "scheduler", RIGHTS, NOON)
    with pytest.raises(NotAdmitted, match="those of nobody"):
        office.desk.begin(third.id, "apply", "scheduler", RIGHTS, NOON)
    assert office.desk.use_standing(office.waiting().id, NOON, RIGHTS) is None


def test_the_next_month_has_its_own_amount(office: Office) -> None:
    office.granted("100")
    office.desk.begin(_used(office).id, "apply", "scheduler", RIGHTS, NOON)
    last_moment = datetime.fromisoformat("2026-11-30T23:59:59.999999+00:00")
    late = office.waiting(made_at=last_moment, expires_at=last_moment + timedelta(days=3))
    assert office.desk.use_standing(late.id, last_moment, RIGHTS) is None
    december = last_moment + timedelta(microseconds=1)
    assert office.desk.use_standing(late.id, december, RIGHTS) is not None
    assert office.desk.begin(late.id, "apply", "scheduler", RIGHTS, december).id == 2


def test_the_month_is_that_of_utc(office: Office) -> None:
    office.granted("100")
    office.desk.begin(_used(office).id, "apply", "scheduler", RIGHTS, NOON)
    in_kiritimati = datetime.fromisoformat("2026-12-01T13:00:00+14:00")
    late = office.waiting(made_at=in_kiritimati, expires_at=in_kiritimati + timedelta(days=3))
    assert office.desk.use_standing(late.id, in_kiritimati, RIGHTS) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "ec2_resize"},
        {"environment": "staging"},
        {"environment": None},
        {"currency": "EUR"},
        {"targets": 4},
        {"reversible": False},
        {"saving": "501"},
        {"saving": "-501"},
        {"proposed_by": "ada"},
    ],
)
def test_what_is_outside_its_terms_is_not_covered(office: Office, changed: dict[str, object]) -> None:
    office.granted()
    proposal = office.waiting(**changed)  # type: ignore[arg-type]
    assert office.desk.use_standing(proposal.id, NOON, RIGHTS) is None
    assert office.desk.decisions(proposal.id) == ()


def test_parameters_and_tags_of_its_terms_have_to_be_those_of_the_plan(office: Office) -> None:
    office.granted(parameters={"size": "small"}, tags={"team": "search"})
    assert office.desk.use_standing(office.waiting(parameters={"size": "large"}).id, NOON, RIGHTS) is None
    assert office.desk.use_standing(office.waiting(parameters={"size": "small"}).id, NOON, RIGHTS) is not None


def test_withdrawn_it_covers_nothing_not_even_what_it_has_approved(office: Office) -> None:
    granted = office.granted()
    proposal = _used(office)
    office.desk.withdraw(granted.id, "eve", NOON)
    with pytest.raises(NotAdmitted):
        office.desk.begin(proposal.id, "apply", "scheduler", RIGHTS, NOON)
    assert office.desk.use_standing(office.waiting().id, NOON, RIGHTS) is None
    office.desk.withdraw(granted.id, "eve", NOON)
    assert [one.kind for one in office.desk.trail(granted.id)] == ["granted", "withdrawn"]


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (lambda office: office.desk.withdraw("s-1", "eve", NOON), "withdrawn"),
        (lambda office: None, None),
    ],
)
def test_withdrawn_it_stops_what_rests_on_it_at_the_next_target(
    office: Office, meanwhile: Callable[[Office], None], why: str | None
) -> None:
    office.granted()
    execution = office.desk.begin(_used(office).id, "apply", "scheduler", RIGHTS, NOON)
    meanwhile(office)
    told = office.desk.may_go_on(execution.id, NOON)
    assert (told is None) == (why is None)
    assert why is None or why in str(told)


def test_what_rests_on_it_stops_at_its_last_day(office: Office) -> None:
    office.granted(until=NOON + timedelta(hours=1))
    execution = office.desk.begin(_used(office).id, "apply", "scheduler", RIGHTS, NOON)
    assert office.desk.may_go_on(execution.id, NOON + timedelta(minutes=59)) is None
    assert "was over" in str(office.desk.may_go_on(execution.id, NOON + timedelta(hours=1)))


def test_a_grantor_who_lost_the_right_has_granted_nothing(office: Office) -> None:
    office.granted()
    proposal = _used(office)
    none = Rights(approvals=Approvals())
    with pytest.raises(NotAdmitted):
        office.desk.begin(proposal.id, "apply", "scheduler", none, NOON)
    assert office.desk.use_standing(office.waiting().id, NOON, none) is None


def test_one_person_counts_once_whether_beforehand_or_now(office: Office) -> None:
    office.granted("5000")
    proposal = _used(office, "1500")
    with pytest.raises(NotPermitted, match="counts once"):
        office.approve(proposal, "ada")
    with pytest.raises(NotAdmitted, match="needs 2"):
        office.desk.begin(proposal.id, "apply", "scheduler", RIGHTS, NOON)
    office.approve(proposal, "ben")
    office.desk.begin(proposal.id, "apply", "scheduler", RIGHTS, NOON)


def test_only_who_may_approve_grants_and_only_for_a_time_to_come(office: Office) -> None:
    with pytest.raises(NotPermitted, match="does not let eve"):
        office.granted(by="eve")
    with pytest.raises(NotPermitted, match="does not let ada"):
        office.granted(environments=("dev", "prod"))
    with pytest.raises(BadRequest, match="a day to come"):
        office.granted(until=NOON)
    with pytest.raises(BadRequest, match="monthly_amount"):
        office.granted("0")
    with pytest.raises(UnknownName):
        office.desk.withdraw("s-1", "ada", NOON)


def _used(office: Office, saving: str = "100") -> Proposal:
    proposal = office.waiting(saving)
    assert office.desk.use_standing(proposal.id, NOON, RIGHTS) is not None
    return proposal
