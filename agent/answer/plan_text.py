"""A proposal as a person reads it before deciding: every target before and after, what it saves, how it is undone."""

import json
from collections.abc import Iterator, Sequence

from agent.answer.display import money_text
from tools.domain.remediation import Change, Estimate, ProposalView, RemediationPlan, State

FINGERPRINT_SHOWN = 16
"""Hex digits of the fingerprint that are shown, and that a person repeats at least half of."""


def proposal_lines(view: ProposalView) -> Iterator[str]:
    """Plain text, a line each."""
    proposal, plan = view.proposal, view.proposal.plan
    yield f"{proposal.id}  {plan.action}  {view.standing}{_still(view)}"
    if plan.reason:
        yield f"  why: {plan.reason}"
    for change in plan.changes:
        yield from _change_lines(change, plan)
    for key, why in plan.left_out.items():
        yield f"  left out: {key}: {why}"
    yield f"  saving a month: {estimate_text(plan.saving, plan.currency)}"
    yield f"  risk: {plan.risk}; {'undone so: ' if plan.reversible else 'it cannot be undone: '}{plan.rollback}"
    yield f"  needs: {', '.join(plan.permissions)}"
    if plan.parameters:
        yield f"  with: {_state(plan.parameters)}"
    if plan.not_before is not None:
        yield f"  announced: not before {plan.not_before:%Y-%m-%d %H:%M} UTC"
    made, expires = f"{plan.made_at:%Y-%m-%d %H:%M}", f"{plan.expires_at:%Y-%m-%d %H:%M}"
    yield f"  proposed by {plan.proposed_by} on {made}, expires {expires} UTC"
    yield from _people_lines(view)
    yield f"  fingerprint {fingerprint_text(plan)}"


def fingerprint_text(plan: RemediationPlan) -> str:
    return plan.fingerprint[:FINGERPRINT_SHOWN]


def estimate_text(saving: Estimate, currency: str) -> str:
    """`$4,589.14 ($0.00 to $4,589.14)`; `not known`."""
    if not saving.is_known:
        return "not known"
    amount = money_text(saving.amount, currency)
    if saving.low == saving.high == saving.amount:
        return amount
    return f"{amount} ({money_text(saving.low, currency)} to {money_text(saving.high, currency)})"


def _still(view: ProposalView) -> str:
    return f" ({view.missing} more)" if view.is_open and view.missing else ""


def _change_lines(change: Change, plan: RemediationPlan) -> Iterator[str]:
    seen = change.seen
    told = ", ".join(part for part in (seen.name, seen.environment or "environment unknown", seen.owner) if part)
    place = " ".join(change.target.place.values())
    yield f"  {change.target.id}  {place}  ({told})"
    for name in sorted({*change.before, *change.after}):
        before, after = change.before.get(name), change.after.get(name)
        if before != after:
            yield f"    {name}: {_value(before)} → {_value(after)}"
    if len(plan.changes) > 1:
        yield f"    saving a month: {estimate_text(change.saving, plan.currency)}"


def _people_lines(view: ProposalView) -> Iterator[str]:
    if view.approved_by:
        yield f"  approved by {', '.join(view.approved_by)}"
    if view.rejected_by:
        yield f"  rejected by {view.rejected_by}: {view.reason}"
    if view.applied_at is not None:
        yield f"  applied by {view.applied_by} on {view.applied_at:%Y-%m-%d %H:%M} UTC"
    if view.undone_at is not None:
        yield f"  rolled back by {view.undone_by} on {view.undone_at:%Y-%m-%d %H:%M} UTC"
    if view.detail:
        yield f"  {view.detail}"


def _state(state: State) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in sorted(state.items()))


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def list_lines(views: Sequence[ProposalView]) -> Iterator[str]:
    """One line a proposal: `p-12  ec2_stop  2 targets in development  $9,178.28 a month  waiting for approval`."""
    for view in views:
        plan = view.proposal.plan
        count = f"{len(plan.changes)} target{'s' if len(plan.changes) > 1 else ''}"
        where = ", ".join(one or "environment unknown" for one in plan.environments)
        saving = estimate_text(plan.saving, plan.currency)
        stands = f"{view.standing}{_still(view)}"
        yield f"{view.proposal.id}  {plan.action}  {count} in {where}  saving a month: {saving}  {stands}"
