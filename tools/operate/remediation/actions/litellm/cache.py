"""litellm_cache: how long a LiteLLM proxy keeps answers, and how alike two questions have to be to share one.

POST /cache/settings keeps the whole of the settings anew. GET hides passwords behind a marker, which POST takes for
"as it was" while the connection is the same (litellm/proxy/management_endpoints/cache_settings_endpoints.py). Where a
version hides them in another way, writing them back would break the cache: such a proxy is refused. Settings that came
from REDIS_* of the proxy's environment are kept in its database from then on, with the same values.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.http_access import Call, HttpAccess
from tools.operate.remediation.actions.litellm.access import proxy_of

SETTINGS, UPDATE = "GET /cache/settings", "POST /cache/settings"
MARKER = "***REDACTED***"
FIELDS = ("ttl", "similarity_threshold")
_SECRETS = re.compile(r"password|secret|token|credential|^url$", re.IGNORECASE)


class CacheSettings(Parameters):
    """What is left out stays."""

    ttl: int | None = Field(default=None, gt=0)
    """Seconds."""
    similarity_threshold: float | None = Field(default=None, ge=0, le=1)
    """Of a semantic cache; 1: only the same question."""


class LitellmCache(Action):
    """`ttl` and `similarity_threshold` of a cache that is set up. Each target is one proxy; its id is free."""

    name = "litellm_cache"
    title = "Change how LiteLLM caches answers"
    system = "litellm"
    parameters_type = CacheSettings
    reads = frozenset({SETTINGS})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    idempotency = "none"
    most_targets = 5
    risk = "medium"
    rollback = "both settings are set to what they were; answers kept meanwhile live as long as they were told"
    access: HttpAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no cache is set up, or its passwords can't be kept."""
        settings = self._settings(target)
        if not settings.get("type"):
            raise NotApplicable(f"{proxy_of(target)} has no cache; set one up in its settings first")
        hidden = sorted(name for name, value in _secrets(settings).items() if "*" in value and value != MARKER)
        if hidden:
            raise NotApplicable(f"its version of LiteLLM would lose {', '.join(hidden)}; change it in LiteLLM itself")
        return Seen(state={name: settings.get(name) for name in FIELDS}, name=str(settings.get("namespace") or ""))

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: they are so already."""
        assert isinstance(parameters, CacheSettings)
        wanted = parameters.model_dump(exclude_none=True)
        after = {**seen.state, **wanted}
        if after == dict(seen.state):
            raise NotApplicable(f"its settings are those already; give another {' or '.join(FIELDS)}")
        return after

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        try:
            settings = self._settings(target)
        except OSError as fault:
            raise CallRefused(f"nothing was sent: {fault}") from None
        if any(settings.get(name) != step.expects[name] for name in FIELDS):
            raise CallRefused("the settings changed meanwhile; nothing was sent")
        kept = {name: value for name, value in settings.items() if name not in FIELDS and value is not None}
        wanted = {name: step.leaves[name] for name in FIELDS if step.leaves[name] is not None}
        body = {"cache_settings": {**kept, **wanted}}
        hidden = tuple(_secrets(settings).values())
        self.access.change(proxy_of(target), Call("POST", "/cache/settings", body=body, hidden=hidden))

    def _settings(self, target: TargetRef) -> Mapping[str, Any]:
        answer = self.access.read(proxy_of(target), Call("GET", "/cache/settings"))
        return dict((answer or {})["current_values"])


def _secrets(settings: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if isinstance(value, str) and _SECRETS.search(name)}
