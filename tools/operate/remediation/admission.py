"""Admission: whether a plan may be applied now, and by which decisions. Pure, and the only place that says yes.

It is asked inside the transaction that spends the decisions, so that nothing can change between the two.
"""

from tools.domain.approval import ApprovalDecision, StandingApproval
from tools.domain.errors import NotPermitted
from tools.domain.remediation import Moment, RemediationPlan
from tools.operate.policies.approvals import effect_of
from tools.operate.policies.rights import Rights
from tools.operate.remediation.case import Case, StandingState


class NotAdmitted(NotPermitted):
    """The plan may not be applied; the message says what is missing."""


def admitted(case: Case, rights: Rights, now: Moment) -> tuple[ApprovalDecision, ...]:
    """The decisions that allow this plan to be applied now, and that are spent by it.

    Raises:
        NotAdmitted: something stands against it, or it lacks approvals.
    """
    proposal, plan = case.proposal, case.proposal.plan
    if proposal.status != "waiting":
        raise NotAdmitted(f"{proposal.id} is {proposal.status.replace('_', ' ')}; a plan is applied once")
    if now >= plan.expires_at:
        raise NotAdmitted(f"{proposal.id} expired on {plan.expires_at:%Y-%m-%d %H:%M} UTC; propose it again")
    if plan.not_before is not None and now < plan.not_before:
        raise NotAdmitted(
            f"{proposal.id} is announced for {plan.not_before:%Y-%m-%d %H:%M} UTC, so that people can object"
        )
    if any(one.verdict == "reject" and one.fingerprint == plan.fingerprint for one in case.decisions):
        raise NotAdmitted(f"{proposal.id} was rejected")
    obstacles = rights.obstacles(plan, now)
    if obstacles:
        raise NotAdmitted(f"{proposal.id} can't be applied: {'; '.join(obstacles)}")
    return _enough(case, rights, now)


def missing(case: Case, rights: Rights, now: Moment) -> int:
    """How many more persons have to approve; 0 when those who did are enough."""
    return max(0, rights.approvals.persons_needed(case.proposal.plan) - len(_counting(case, rights, now)))


def _enough(case: Case, rights: Rights, now: Moment) -> tuple[ApprovalDecision, ...]:
    plan, counting = case.proposal.plan, _counting(case, rights, now)
    needed = rights.approvals.persons_needed(plan)
    if len(counting) < needed:
        have = ", ".join(counting) or "nobody"
        raise NotAdmitted(f"{case.proposal.id} needs {needed} approval(s), and has those of {have}")
    return tuple(counting.values())


def _counting(case: Case, rights: Rights, now: Moment) -> dict[str, ApprovalDecision]:
    """One decision a person: of the plan as it is, not expired, not spent, and within the person's rights today."""
    plan = case.proposal.plan
    return {
        one.decided_by: one
        for one in case.decisions
        if one.verdict == "approve"
        and one.proposal == case.proposal.id
        and one.fingerprint == plan.fingerprint
        and one.id not in case.spent
        and one.decided_at <= now < one.expires_at
        and rights.objection(one.decided_by, plan) is None
        and (one.standing is None or why_not_standing(case.standing.get(one.standing), one, plan, now) is None)
    }


def why_not_standing(
    state: StandingState | None, decision: ApprovalDecision, plan: RemediationPlan, now: Moment
) -> str | None:
    """Why a standing approval does not cover a plan; None: it does."""
    if state is None:
        return "there is no such standing approval"
    approval = state.approval
    if decision.decided_by != approval.granted_by:
        return f"it was granted by {approval.granted_by}, not {decision.decided_by}"
    return uncovered(approval, plan, now) or _used_up(state, plan)


def uncovered(approval: StandingApproval, plan: RemediationPlan, now: Moment) -> str | None:
    """Why the grant's own words do not cover a plan, whatever was used of it; None: they do."""
    if not approval.granted_at <= now < approval.until:
        return f"it holds from {approval.granted_at:%Y-%m-%d %H:%M} to {approval.until:%Y-%m-%d %H:%M} UTC"
    if plan.action != approval.action:
        return f"it grants {approval.action}, not {plan.action}"
    other = [name for name, value in approval.parameters.items() if plan.parameters.get(name) != value]
    if other:
        return f"it fixes {', '.join(sorted(other))}"
    if len(plan.changes) > approval.most_targets:
        return f"it grants {approval.most_targets} targets at once, and the plan has {len(plan.changes)}"
    if plan.currency != approval.currency:
        return f"it is in {approval.currency}, the plan in {plan.currency}"
    if not plan.reversible:
        return "the plan can't be undone"
    return _outside(approval, plan)


def _outside(approval: StandingApproval, plan: RemediationPlan) -> str | None:
    for change in plan.changes:
        seen = change.seen
        if seen.environment not in approval.environments:
            return f"{change.target.id} is in {seen.environment or 'no known environment'}"
        if any(seen.tags.get(key) != value for key, value in approval.tags.items()):
            return f"{change.target.id} lacks the tags it asks for"
    return None


def _used_up(state: StandingState, plan: RemediationPlan) -> str | None:
    if state.withdrawn_at is not None:
        return f"it was withdrawn on {state.withdrawn_at:%Y-%m-%d %H:%M} UTC"
    left, effect = state.approval.monthly_amount - state.used, effect_of(plan)
    if effect is None:
        return "what the plan would save or cost is not known"
    if effect > left:
        return f"{left} {state.approval.currency} of this month's {state.approval.monthly_amount} are left"
    return None
