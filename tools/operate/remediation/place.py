"""A target's place has the fields that its action reads, and no others.

Any other would give one thing two keys: changed twice in one plan, or by two processes at once.
"""

from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import NotApplicable


def refuse_other_fields(target: TargetRef, *known: str) -> None:
    """Raises NotApplicable for a place with other fields than these."""
    others = sorted(set(target.place) - set(known))
    if others:
        raise NotApplicable(f"{target.id}: its place has the fields {', '.join(known)} and no others")
