"""How providers count and name things, and who makes which model: `knowledge/providers.yaml`, typed."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

Place = Literal["inside", "beside"]
BY_MODEL = "by_model"


class ProviderRule(BaseModel):
    """One provider: `inside` means that the total (input or output) includes the part, `beside` that it does not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    """As bills spell it: ServiceProviderName, HostProviderName, InvoiceIssuerName."""
    service: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    """Hosts of its OpenAI-compatible API; a host below one of them is meant too."""
    catalogue: str | None = None
    """The provider's id in genai-prices, `by_model`, or None when only a price list can price it."""
    kind: Literal["provider", "gateway"] = "provider"
    cached: Place
    cache_write: Place
    reasoning: Place
    cache_ttl: str | None = None
    """The time to live of a cache write that names none."""
    source: str
    checked: date
    known: bool = True


class Developer(BaseModel):
    """Who makes the models whose names start so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    starts: tuple[str, ...]
    source: str
    checked: date


class Providers(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    providers: tuple[ProviderRule, ...]
    developers: tuple[Developer, ...]
    columns: dict[str, tuple[str, ...]]
    """FIELD of usage files → the names that providers give it, in snake case."""
    meter_columns: dict[str, str]
    dimensions: dict[str, str]
    never_kept: tuple[str, ...]


@cache
def load_providers() -> Providers:
    """Read and check `knowledge/providers.yaml`."""
    return Providers.model_validate(yaml.safe_load((files("knowledge") / "providers.yaml").read_text("utf-8")))


def provider_rule(name: str) -> ProviderRule:
    """The rule of the provider a person named; an unknown name gets disjoint counts and `known=False`."""
    wanted = _plain(name)
    for rule in load_providers().providers:
        if wanted in {_plain(one) for one in (rule.id, rule.name, rule.service, *rule.aliases)}:
            return rule
    return ProviderRule(
        id=name.strip().lower(),
        name=name.strip(),
        service=name.strip(),
        catalogue=BY_MODEL,
        cached="beside",
        cache_write="beside",
        reasoning="beside",
        source="no counting rule is known",
        checked=date.min,
        known=False,
    )


def developer_of(model: str) -> str | None:
    """Who makes a model ("gpt-4o" → OpenAI), None when its name doesn't tell."""
    starts = [(start, one.name) for one in load_providers().developers for start in one.starts]
    for name in _bare_names(model):
        found = [(len(start), developer) for start, developer in starts if name.startswith(start)]
        if found:
            return max(found)[1]
    return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _bare_names(model: str) -> Iterator[str]:
    """The name as it is, then with each leading part taken off: `us.anthropic.claude-3` → … → `claude-3`."""
    name = model.strip().lower()
    yield name
    while parts := re.split(r"[/.:]", name, maxsplit=1)[1:]:
        name = parts[0]
        yield name
