"""litellm_key_alias: calls of one virtual key for one model go to another (docs.litellm.ai/docs/proxy/virtual_keys,
"Model Aliases")."""

from typing import Any

from pydantic import Field

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.http_access import HttpAccess
from tools.operate.remediation.actions.litellm.access import described, proxy_of
from tools.operate.remediation.actions.litellm.keys import INFO, UPDATE, key_row, update_key
from tools.operate.remediation.actions.litellm.models import MODELS, models_of, must_serve

ALIASES = "aliases"


class KeyAlias(Parameters):
    """What callers name, and what answers."""

    alias: str = Field(min_length=1)
    model: str = Field(min_length=1)


class LitellmKeyAlias(Action):
    """`aliases` of a key: one entry is set, the others stay."""

    name = "litellm_key_alias"
    title = "Let another model answer LiteLLM keys"
    system = "litellm"
    parameters_type = KeyAlias
    reads = frozenset({INFO, MODELS})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    idempotency = "none"
    most_targets = 50
    risk = "medium"
    rollback = "the key's aliases are set to what they were"
    access: HttpAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such key, or a proxy that serves no model."""
        row = key_row(self.access, target)
        if not models_of(self.access, proxy_of(target)):
            raise NotApplicable(f"{proxy_of(target)} serves no models")
        return described(row, "key_alias", {ALIASES: dict(row.get(ALIASES) or {})})

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: that model answers already."""
        assert isinstance(parameters, KeyAlias)
        aliases: Any = seen.state[ALIASES]
        if aliases.get(parameters.alias, parameters.alias) == parameters.model:
            raise NotApplicable(f"{parameters.model} answers it already; name another model")
        return {ALIASES: {**aliases, parameters.alias: parameters.model}}

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused: the proxy does not serve the other model."""
        now: Any = before[ALIASES]
        then: Any = after[ALIASES]
        for alias in sorted(name for name in then if now.get(name) != then[name]):
            must_serve(self.access, proxy_of(target), str(then[alias]))

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        update_key(self.access, target, {ALIASES: step.leaves[ALIASES]})
