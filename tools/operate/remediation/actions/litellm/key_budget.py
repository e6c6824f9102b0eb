"""litellm_key_budget: what a virtual key may spend before LiteLLM refuses its calls."""

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.http_access import HttpAccess
from tools.operate.remediation.actions.litellm.access import described, number
from tools.operate.remediation.actions.litellm.budgets import Budget, budget_of, with_budget
from tools.operate.remediation.actions.litellm.keys import INFO, UPDATE, key_row, update_key


class LitellmKeyBudget(Action):
    """max_budget of a key → another. Its budget_duration stays: /key/update can set one but not take one away, so a
    change of it could not be undone."""

    name = "litellm_key_budget"
    title = "Set the budget of LiteLLM keys"
    system = "litellm"
    parameters_type = Budget
    reads = frozenset({INFO})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    idempotency = "none"
    most_targets = 50
    risk = "medium"
    rollback = "the budget is set to what it was; calls that LiteLLM refused meanwhile are not made again"
    access: HttpAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such key, or its budget is one that it shares."""
        row = key_row(self.access, target)
        if row.get("budget_id"):
            raise NotApplicable(f"its budget is the shared one {row['budget_id']}; litellm_shared_budget changes that")
        return described(row, "key_alias", budget_of(row))

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: its budget is for another time, or is the same already."""
        assert isinstance(parameters, Budget)
        return with_budget(seen.state, parameters)

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        update_key(self.access, target, {"max_budget": number(step.leaves["max_budget"])})
