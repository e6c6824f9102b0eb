"""What stands against beginning one target now, by how it was just read. Pure."""

from tools.domain.remediation import Change, Moment, RemediationPlan, Seen
from tools.operate.policies.rights import Rights


def difference(change: Change, seen: Seen) -> str | None:
    """In what a target is not any more what the plan saw; None: it is."""
    if dict(seen.state) != dict(change.before):
        return f"was {dict(change.before)}, is {dict(seen.state)}"
    if seen.environment != change.seen.environment:
        return f"its environment was {change.seen.environment}, is {seen.environment}"
    if dict(seen.tags) != dict(change.seen.tags):
        return "its tags are others than the plan saw"
    return None


def obstacle(
    plan: RemediationPlan, change: Change, seen: Seen, rights: Rights, now: Moment, forward: bool
) -> str | None:
    """Why the target may not be begun; None: it may. Forward it has to be what was approved, and the time right; back
    only a protected tag stands against it."""
    as_read = plan.model_copy(update={"changes": (change.model_copy(update={"seen": seen}),)})
    if not forward:
        return "; ".join(rights.protected_by(as_read)) or None
    if now >= plan.expires_at:
        return f"the plan expired on {plan.expires_at:%Y-%m-%d %H:%M} UTC"
    return difference(change, seen) or "; ".join(rights.obstacles(as_read, now)) or None
