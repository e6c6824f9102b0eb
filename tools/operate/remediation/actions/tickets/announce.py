"""announce: tell a receiver about a plan that will be applied later, so that those concerned can object."""

import hashlib

from tools.domain.errors import BadRequest
from tools.domain.remediation import RemediationPlan
from tools.operate.remediation.actions.http_access import Call
from tools.operate.remediation.actions.tickets.webhook import KEY, WebhookAccess

ANNOUNCEMENTS = "/announcements"
PERMISSIONS = frozenset({f"POST {ANNOUNCEMENTS}"})


def announce(access: WebhookAccess, receiver: str, proposal: str, plan: RemediationPlan) -> None:
    """POST /announcements below the receiver's address. May be called again: the receiver drops the same key.

    Raises:
        BadRequest: the plan has no time from which on it may be applied.
        CallRefused: the receiver did not take it.
        Surprise: nobody knows; call it again.
    """
    if plan.not_before is None:
        raise BadRequest(f"{proposal} is applied as soon as it is approved; only a plan with a notice is announced")
    key = hashlib.sha256(f"announce\0{plan.nonce}".encode()).hexdigest()[:32]
    body = {
        "proposal": proposal,
        "action": plan.action,
        "reason": plan.reason,
        "targets": [one.target.key for one in plan.changes],
        "owners": sorted({one.seen.owner for one in plan.changes if one.seen.owner}),
        "saving": {"amount": str(plan.saving.amount), "currency": plan.currency},
        "proposed_by": plan.proposed_by,
        "not_before": plan.not_before.isoformat(),
        "expires_at": plan.expires_at.isoformat(),
        "fingerprint": plan.fingerprint,
    }
    access.change(receiver, Call("POST", ANNOUNCEMENTS, body=body, headers={KEY: key}))
