"""Which actions there are, and the systems that a home is connected to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.domain.errors import BadSetting, UnknownName
from tools.operate.remediation.access import Access
from tools.operate.remediation.action import Action
from tools.operate.remediation.actions import ACTIONS

Connect = Callable[[frozenset[str]], Access]
"""Connects to a system, letting through these permissions and no others."""


def action_kind(name: str) -> type[Action]:
    """Raises UnknownName."""
    found = next((one for one in ACTIONS if one.name == name), None)
    if found is None:
        raise UnknownName("action", name, [one.name for one in ACTIONS])
    return found


@dataclass(frozen=True)
class ConnectedSystems:
    """Opens actions over what a home is connected to; the key is the action's `system`."""

    systems: Mapping[str, Connect]

    def kind(self, action: str) -> type[Action]:
        """Raises UnknownName."""
        return action_kind(action)

    def open(self, action: str, permissions: frozenset[str]) -> Action:
        """The action, limited to these permissions.

        Raises:
            UnknownName: there is no such action.
            BadSetting: its system is not connected.
        """
        kind = action_kind(action)
        connect = self.systems.get(kind.system)
        if connect is None:
            raise BadSetting(
                f"{kind.name} needs {kind.system}, which is not connected; [{kind.system}] in outlay.toml does"
            )
        return kind(connect(permissions))
