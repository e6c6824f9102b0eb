"""Objects that Outlay makes: what they say of it, so that nothing else is ever deleted."""

from collections.abc import Mapping

from tools.operate.remediation.action import CallRefused
from tools.operate.remediation.actions.kubernetes.access import Json

MARK = "outlay/change"
"""The annotation that holds the mark of the change that made the object."""
_MANAGED_BY = {"app.kubernetes.io/managed-by": "outlay"}


def marked(mark: str) -> Mapping[str, Mapping[str, str]]:
    """Labels and annotations of an object that is made by a change."""
    return {"labels": _MANAGED_BY, "annotations": {MARK: mark}}


def made_by(found: Json, mark: str) -> Json:
    """The object, if this change made it. Raises CallRefused."""
    mine = (found["metadata"].get("annotations") or {}).get(MARK)
    if mine != mark:
        raise CallRefused("nothing was sent: it was not made by this change, so this change may not delete it")
    return found
