"""The systems that a home is connected to, for actions."""

from collections.abc import Callable

from agent.settings import Settings
from tools.operate.remediation.access import Access
from tools.operate.remediation.doors import Connect, ConnectedSystems


def connected(settings: Settings) -> ConnectedSystems:
    """What outlay.toml connects. Nothing is called before an action is opened."""
    found: dict[str, Connect] = {}
    for name, make in _SYSTEMS.items():
        if getattr(settings, name) is not None:
            found[name] = make(settings)
    return ConnectedSystems(found)


def _aws(settings: Settings) -> Connect:
    own = settings.aws
    assert own is not None

    def connect(permissions: frozenset[str]) -> Access:
        import boto3

        from tools.operate.remediation.actions.aws.access import AwsAccess

        return AwsAccess(boto3.Session(profile_name=own.profile), permissions, own.endpoint_url)

    return connect


_SYSTEMS: dict[str, Callable[[Settings], Connect]] = {"aws": _aws}
