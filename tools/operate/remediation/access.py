"""Access: how an action reaches a system, limited to the permissions that it declared.

Every call passes `admit` first. A call outside the limit never leaves the process, so that a dry run can't change
anything and an action can't do more than its plan tells.
"""

from collections.abc import Iterable

from tools.domain.errors import OutlayError


class OutsidePermissions(OutlayError):
    """An action made a call that it did not declare: a fault of the action, never of the person."""


class Access:
    """A system's clients for one use. `calls` are those that were made, in order, by the system's own permission names:
    `ec2:StopInstances`, `patch deployments/scale`, `POST /budget/new`."""

    def __init__(self, permissions: Iterable[str]) -> None:
        self.permissions = frozenset(permissions)
        self.calls: list[str] = []

    def admit(self, call: str) -> None:
        """Record a call that is about to be made.

        Raises:
            OutsidePermissions: it was not declared; nothing was sent.
        """
        if call not in self.permissions:
            raise OutsidePermissions(
                f"{call} is not among the permissions declared: {', '.join(sorted(self.permissions))}"
            )
        self.calls.append(call)
