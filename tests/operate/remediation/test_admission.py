"""Admission says yes to one case and to nothing that differs from it; each difference by itself is enough."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tools.domain.approval import ApprovalDecision, StandingApproval
from tools.domain.remediation import Change, Estimate, Proposal, RemediationPlan, Seen, TargetRef
from tools.operate.policies.approvals import Approvals, Freeze, Grant, Protected
from tools.operate.policies.rights import Rights
from tools.operate.remediation.admission import NotAdmitted, admitted, missing
from tools.operate.remediation.case import Case, StandingState

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GRANT = Grant(who=("ada", "ben"), actions=("ec2_*",), environments=("staging",), up_to=Decimal(1000))
RIGHTS = Rights(Approvals(grants=(GRANT,)))


def change(target: str = "i-1", environment: str = "staging", saving: Estimate | None = None, **tags: str) -> Change:
    seen = Seen(state={"State": "running"}, environment=environment, tags=tags)
    known = saving or Estimate(amount=Decimal(100), low=Decimal(0), high=Decimal(100))
    return Change(target=TargetRef(id=target), seen=seen, after={"State": "stopped"}, saving=known)


def plan(*changes: Change, **other: object) -> RemediationPlan:
    fields: dict[str, object] = {
        "action": "ec2_stop",
        "parameters": {},
        "changes": changes or (change(),),
        "permissions": ("ec2:StopInstances",),
        "reversible": True,
        "rollback": "started again",
        "risk": "low",
        "currency": "USD",
        "proposed_by": "cyd",
        "made_at": NOON - HOUR,
        "expires_at": NOON + HOUR,
        "nonce": "n",
    }
    return RemediationPlan.model_validate(fields | other)


def decision(of: RemediationPlan, **other: object) -> ApprovalDecision:
    fields: dict[str, object] = {
        "id": "d-" + "0" * 32,
        "proposal": "p-1",
        "fingerprint": of.fingerprint,
        "verdict": "approve",
        "decided_by": "ada",
        "decided_at": NOON - HOUR,
        "expires_at": NOON + HOUR,
        "surface": "cli",
    }
    return ApprovalDecision.model_validate(fields | other)


def case(of: RemediationPlan | None = None, *decisions: ApprovalDecision) -> Case:
    made = of or plan()
    return Case(Proposal(id="p-1", plan=made, status="waiting", thread="t"), decisions or (decision(made),))


def another(**other: object) -> Case:
    return case(None, decision(plan(), **other))


def test_what_is_approved_as_it_should_be_is_admitted() -> None:
    assert [one.decided_by for one in admitted(case(), RIGHTS, NOON)] == ["ada"]
    assert missing(case(), RIGHTS, NOON) == 0


DIFFERENCES: dict[str, Callable[[], Case]] = {
    "a spent decision": lambda: replace(case(), spent=frozenset({"d-" + "0" * 32})),
    "an expired decision": lambda: another(expires_at=NOON),
    "a decision of a time to come": lambda: another(decided_at=NOON + HOUR, expires_at=NOON + 2 * HOUR),
    "a decision of another plan": lambda: another(fingerprint="0" * 64),
    "a decision of another proposal": lambda: another(proposal="p-2"),
    "a rejection": lambda: another(verdict="reject"),
    "somebody without a grant": lambda: another(decided_by="mallory"),
    "the proposer": lambda: another(decided_by="cyd"),
    "a standing approval that there is not": lambda: another(standing="s-1", surface="standing"),
    "an expired plan": lambda: case(plan(expires_at=NOON)),
    "a plan that is announced for later": lambda: case(plan(not_before=NOON + HOUR / 2)),
    "another environment": lambda: case(plan(change(environment="production"))),
    "one target of two in another environment": lambda: case(plan(change(), change("i-2", "production"))),
    "another action": lambda: case(plan(action="k8s_scale")),
    "another currency": lambda: case(plan(currency="EUR")),
    "an effect that is too large": lambda: case(plan(change(saving=Estimate(amount=Decimal(1001))))),
    "a loss that may be too large": lambda: case(plan(change(saving=Estimate(low=Decimal(-1001))))),
    "a gain that hides a loss": lambda: case(
        plan(change(saving=Estimate(amount=Decimal(600))), change("i-2", saving=Estimate(amount=Decimal(-600))))
    ),
    "an effect that is not known": lambda: case(plan(change(saving=Estimate(is_known=False)))),
}


@pytest.mark.parametrize("what", DIFFERENCES)
def test_a_single_difference_is_enough_to_admit_nothing(what: str) -> None:
    rights = replace(RIGHTS, approvals=RIGHTS.approvals.model_copy(update={"grants": (GRANT, _for_cyd())}))
    with pytest.raises(NotAdmitted):
        admitted(DIFFERENCES[what](), rights, NOON)


def _for_cyd() -> Grant:
    """The proposer has the right, and only the proposal is in the way."""
    return GRANT.model_copy(update={"who": ("cyd",)})


@pytest.mark.parametrize(
    "rights",
    [
        Rights(),
        replace(RIGHTS, approvals=RIGHTS.approvals.model_copy(update={"second_person_above": Decimal(99)})),
        replace(RIGHTS, freezes=(Freeze(name="year end", start=NOON, end=NOON + HOUR),)),
        replace(RIGHTS, protected=(Protected(tag="keep"),)),
    ],
    ids=["no grants", "a second person is missing", "a freeze", "a protected tag"],
)
def test_today_s_policy_counts_and_not_that_of_the_approval(rights: Rights) -> None:
    with pytest.raises(NotAdmitted):
        admitted(case(plan(change(keep="yes"))), rights, NOON)


def test_too_many_targets_are_admitted_to_nobody() -> None:
    few = replace(RIGHTS, approvals=RIGHTS.approvals.model_copy(update={"most_targets": 1}))
    with pytest.raises(NotAdmitted, match="2 targets"):
        admitted(case(plan(change(), change("i-2"))), few, NOON)


def test_two_persons_are_two_persons_and_not_one_twice() -> None:
    strict = replace(RIGHTS, approvals=RIGHTS.approvals.model_copy(update={"second_person_above": Decimal(99)}))
    made = plan()
    twice = case(made, decision(made), decision(made, id="d-" + "1" * 32, surface="slack"))
    with pytest.raises(NotAdmitted, match="needs 2"):
        admitted(twice, strict, NOON)
    both = case(made, decision(made), decision(made, id="d-" + "1" * 32, decided_by="ben"))
    assert len(admitted(both, strict, NOON)) == 2


def test_an_effect_that_is_not_known_takes_a_grant_that_says_so_and_a_second_person() -> None:
    bold = GRANT.model_copy(update={"unknown_effect": True})
    rights = Rights(Approvals(grants=(bold,), second_person_above=Decimal(10**6)))
    made = plan(change(saving=Estimate(is_known=False)))
    with pytest.raises(NotAdmitted, match="needs 2"):
        admitted(case(made), rights, NOON)
    both = case(made, decision(made), decision(made, id="d-" + "1" * 32, decided_by="ben"))
    assert len(admitted(both, rights, NOON)) == 2


def granted(**other: object) -> StandingState:
    fields: dict[str, object] = {
        "id": "s-1",
        "action": "ec2_stop",
        "environments": ("staging",),
        "most_targets": 2,
        "monthly_amount": "300",
        "currency": "USD",
        "granted_by": "ada",
        "granted_at": NOON - HOUR,
        "until": NOON + HOUR,
    }
    return StandingState(StandingApproval.model_validate(fields | other))


def by_standing(state: StandingState, of: RemediationPlan | None = None) -> Case:
    made = of or plan()
    return replace(case(made, decision(made, standing="s-1", surface="standing")), standing={"s-1": state})


def test_a_standing_approval_covers_what_it_says() -> None:
    assert len(admitted(by_standing(granted()), RIGHTS, NOON)) == 1


STANDING: dict[str, Callable[[], Case]] = {
    "withdrawn": lambda: by_standing(replace(granted(), withdrawn_at=NOON)),
    "used up": lambda: by_standing(replace(granted(), used=Decimal(201))),
    "over": lambda: by_standing(granted(until=NOON)),
    "not yet begun": lambda: by_standing(granted(granted_at=NOON + HOUR / 2)),
    "granted by another": lambda: by_standing(granted(granted_by="ben")),
    "for another action": lambda: by_standing(granted(action="ec2_start")),
    "for another environment": lambda: by_standing(granted(environments=("dev",))),
    "for other tags": lambda: by_standing(granted(tags={"team": "search"})),
    "for another parameter": lambda: by_standing(granted(parameters={"force": True})),
    "for fewer targets": lambda: by_standing(granted(most_targets=1), plan(change(), change("i-2"))),
    "in another currency": lambda: by_standing(granted(currency="EUR")),
    "for what can be undone": lambda: by_standing(granted(), plan(reversible=False)),
}


@pytest.mark.parametrize("what", STANDING)
def test_a_standing_approval_covers_nothing_else(what: str) -> None:
    with pytest.raises(NotAdmitted):
        admitted(STANDING[what](), RIGHTS, NOON)
