"""litellm_shared_budget: what a budget of its own allows, which keys, members and customers share by its budget_id."""

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.http_access import Call, HttpAccess
from tools.operate.remediation.actions.litellm.access import number, proxy_of
from tools.operate.remediation.actions.litellm.budgets import Budget, budget_of, with_budget

INFO, UPDATE = "POST /budget/info", "POST /budget/update"


class LitellmSharedBudget(Action):
    """max_budget of a budget → another, for everybody who shares it."""

    name = "litellm_shared_budget"
    title = "Set shared budgets of LiteLLM"
    system = "litellm"
    parameters_type = Budget
    reads = frozenset({INFO})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    idempotency = "none"
    most_targets = 20
    risk = "medium"
    rollback = "the budget is set to what it was; calls that LiteLLM refused meanwhile are not made again"
    access: HttpAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such budget."""
        call = Call("POST", "/budget/info", body={"budgets": [target.id]})
        rows = self.access.read(proxy_of(target), call)
        if not rows:
            raise NotApplicable(f"there is no such budget in {proxy_of(target)}")
        return Seen(state=budget_of(rows[0]), name=target.id)

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it is for another time, or the same already."""
        assert isinstance(parameters, Budget)
        return with_budget(seen.state, parameters)

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        body = {"budget_id": target.id, "max_budget": number(step.leaves["max_budget"])}
        self.access.change(proxy_of(target), Call("POST", "/budget/update", body=body))
