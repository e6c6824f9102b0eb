"""litellm_model_budget: what a virtual key may spend on one model in a time. It takes LiteLLM's enterprise licence."""

from typing import Any

from pydantic import Field, JsonValue

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.http_access import HttpAccess
from tools.operate.remediation.actions.litellm.access import AmountText, amount, described, number
from tools.operate.remediation.actions.litellm.keys import INFO, UPDATE, key_row, update_key

AMOUNTS = frozenset({"budget_limit", "max_budget"})


class ModelBudget(Parameters):
    """At most `budget_limit` US dollars on `model` in each `time_period` ("30d")."""

    model: str = Field(min_length=1)
    budget_limit: AmountText
    time_period: str = Field(pattern=r"^[1-9][0-9]*(s|m|h|d|mo)$")


class LitellmModelBudget(Action):
    """model_max_budget of a key: one model's entry is set, the others stay."""

    name = "litellm_model_budget"
    title = "Set what LiteLLM keys may spend on one model"
    system = "litellm"
    parameters_type = ModelBudget
    reads = frozenset({INFO})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    idempotency = "none"
    most_targets = 50
    risk = "medium"
    rollback = "the key's budgets by model are set to what they were"
    access: HttpAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such key."""
        row = key_row(self.access, target)
        budgets = {model: _each(entry, amount) for model, entry in (row.get("model_max_budget") or {}).items()}
        return described(row, "key_alias", {"model_max_budget": budgets})

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: the model's entry is the same already."""
        assert isinstance(parameters, ModelBudget)
        budgets: Any = seen.state["model_max_budget"]
        wanted = {"budget_limit": parameters.budget_limit, "time_period": parameters.time_period}
        if budgets.get(parameters.model) == wanted:
            raise NotApplicable(f"its budget for {parameters.model} is that already; give another amount")
        return {"model_max_budget": {**budgets, parameters.model: wanted}}

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        budgets: Any = step.leaves["model_max_budget"]
        update_key(
            self.access, target, {"model_max_budget": {model: _each(one, number) for model, one in budgets.items()}}
        )


def _each(entry: Any, change: Any) -> JsonValue:
    """The entry with its amounts changed; what is no entry stays as it is."""
    if not isinstance(entry, dict):
        return entry  # type: ignore[no-any-return]
    return {key: change(value) if key in AMOUNTS else value for key, value in entry.items()}
