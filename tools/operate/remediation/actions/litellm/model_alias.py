"""litellm_model_alias: calls for one model go to another, for everybody who uses the proxy.

`router_settings.model_group_alias` (docs.litellm.ai/docs/proxy/load_balancing): POST /config/update replaces the whole
map, and GET /router/settings tells it as it holds, so the map is read again right before it is written.
"""

from typing import Any

from pydantic import Field

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.http_access import Call, HttpAccess
from tools.operate.remediation.actions.litellm.access import proxy_of
from tools.operate.remediation.actions.litellm.models import MODELS, models_of, must_serve, serves

SETTINGS, UPDATE = "GET /router/settings", "POST /config/update"


class OtherModel(Parameters):
    """The model that answers instead."""

    model: str = Field(min_length=1)


class LitellmModelAlias(Action):
    """One entry of the map; the target's id is the model that callers name. Needs a proxy that keeps its settings in
    its database (STORE_MODEL_IN_DB)."""

    name = "litellm_model_alias"
    title = "Let another model answer in LiteLLM"
    system = "litellm"
    parameters_type = OtherModel
    reads = frozenset({SETTINGS, MODELS})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    idempotency = "none"
    most_targets = 20
    risk = "high"
    rollback = "the alias is set to what it was, or taken away"
    access: HttpAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: nobody can call that model."""
        aliases, proxy = self._aliases(target), proxy_of(target)
        if target.id not in aliases and not serves(models_of(self.access, proxy), target.id):
            raise NotApplicable(f"{proxy} serves no model of that name, and has no alias of it")
        return Seen(state={"model_group_alias": aliases.get(target.id)}, name=target.id)

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: that model answers already."""
        assert isinstance(parameters, OtherModel)
        if parameters.model in (seen.state["model_group_alias"], seen.name):
            raise NotApplicable(f"{parameters.model} answers already; name another model")
        return {"model_group_alias": parameters.model}

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused: the proxy does not serve the other model."""
        must_serve(self.access, proxy_of(target), str(after["model_group_alias"]))

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        try:
            aliases = self._aliases(target)
        except OSError as fault:
            raise CallRefused(f"nothing was sent: {fault}") from None
        entry = step.leaves["model_group_alias"]
        others = {name: one for name, one in aliases.items() if name != target.id}
        body = {"router_settings": {"model_group_alias": others if entry is None else {**others, target.id: entry}}}
        self.access.change(proxy_of(target), Call("POST", "/config/update", body=body))

    def _aliases(self, target: TargetRef) -> dict[str, Any]:
        answer = self.access.read(proxy_of(target), Call("GET", "/router/settings"))
        return dict((answer or {})["current_values"].get("model_group_alias") or {})
