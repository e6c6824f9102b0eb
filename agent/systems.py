"""The systems that a home is connected to, for actions."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pydantic import SecretStr

from agent.settings import Settings
from tools.domain.errors import BadSetting
from tools.operate.remediation.doors import Connect, ConnectedSystems

if TYPE_CHECKING:
    from tools.operate.remediation.access import Access


def connected(settings: Settings) -> ConnectedSystems:
    """What outlay.toml connects. Nothing is imported or called before an action is opened."""
    names = [name for name in _SYSTEMS if getattr(settings, name) is not None]
    return ConnectedSystems({name: _when_asked(settings, _SYSTEMS[name]) for name in names})


def _when_asked(settings: Settings, make: Callable[[Settings], Connect]) -> Connect:
    def connect(permissions: frozenset[str]) -> "Access":
        return make(settings)(permissions)

    return connect


def _aws(settings: Settings) -> Connect:
    import boto3

    from tools.operate.remediation.actions.aws.access import AwsAccess

    own = settings.aws
    assert own is not None
    return lambda permissions: AwsAccess(boto3.Session(profile_name=own.profile), permissions, own.endpoint_url)


def _kubernetes(settings: Settings) -> Connect:
    from tools.operate.remediation.actions.kubernetes.connect import connect_kubernetes

    own = settings.kubernetes
    assert own is not None
    return connect_kubernetes(own.context, own.kubeconfig, own.cluster)


def _litellm(settings: Settings) -> Connect:
    from tools.operate.remediation.actions.litellm.access import connect_litellm

    assert settings.litellm is not None
    return connect_litellm({settings.litellm.base_url: _secret(settings, "litellm_key")})


def _github(settings: Settings) -> Connect:
    from tools.operate.remediation.actions.git.github import connect_github

    assert settings.github is not None
    return connect_github(_secret(settings, "github_token"), settings.github.api_url, settings.github.git_url)


def _gitlab(settings: Settings) -> Connect:
    from tools.operate.remediation.actions.git.gitlab import connect_gitlab

    assert settings.gitlab is not None
    return connect_gitlab(_secret(settings, "gitlab_token"), settings.gitlab.api_url, settings.gitlab.git_url)


def _jira(settings: Settings) -> Connect:
    from tools.operate.remediation.actions.tickets.jira import connect_jira

    assert settings.jira is not None
    return connect_jira(settings.jira.base_url, settings.jira.user, _secret(settings, "jira_token"))


def _webhook(settings: Settings) -> Connect:
    from tools.operate.remediation.actions.tickets.webhook import connect_webhook

    assert settings.webhook is not None
    return connect_webhook({settings.webhook.url: _secret(settings, "webhook_secret")})


def _secret(settings: Settings, name: str) -> SecretStr:
    found: SecretStr | None = getattr(settings, name)
    if found is None:
        system = name.partition("_")[0]
        raise BadSetting(f"[{system}] in outlay.toml needs its secret in the environment: OUTLAY_{name.upper()}")
    return found


_SYSTEMS: Mapping[str, Callable[[Settings], Connect]] = {
    "aws": _aws,
    "kubernetes": _kubernetes,
    "litellm": _litellm,
    "github": _github,
    "gitlab": _gitlab,
    "jira": _jira,
    "webhook": _webhook,
}
