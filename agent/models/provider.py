"""Whose price list values a model's tokens: told by the endpoint's host, or by a setting."""

import ipaddress
from urllib.parse import urlsplit

from agent.settings import OPENAI_URL, Settings
from tools.pricing.providers import ProviderRule, load_providers, provider_rule

SELF_HOSTED = "self-hosted"


def provider_of(settings: Settings) -> ProviderRule:
    """The provider behind the settings' endpoint; its host's name where nothing else is known."""
    if settings.endpoint.provider:
        return provider_rule(settings.endpoint.provider)
    host = (urlsplit(settings.base_url or OPENAI_URL).hostname or "").lower()
    for rule in load_providers().providers:
        if any(host == known or host.endswith(f".{known}") for known in rule.hosts):
            return rule
    return provider_rule(SELF_HOSTED if _is_near(host) else host)


def _is_near(host: str) -> bool:
    """Whether an address is of this machine or of a private network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".svc"))
    return address.is_private or address.is_loopback
