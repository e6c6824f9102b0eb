"""litellm_shared_budget: what a budget of its own allows, which keys, members and customers share by its budget_id."""

from typing import Any

from tools.domain.remediation import Seen, TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.http_access import Call
from tools.operate.remediation.actions.litellm.access import proxy_of
from tools.operate.remediation.actions.litellm.budgets import BudgetAction, budget_of

INFO, UPDATE = "POST /budget/info", "POST /budget/update"


class LitellmSharedBudget(BudgetAction):
    """max_budget of a budget → another, for everybody who shares it."""

    name = "litellm_shared_budget"
    title = "Set shared budgets of LiteLLM"
    update = UPDATE
    reads = frozenset({INFO})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such budget."""
        call = Call("POST", "/budget/info", body={"budgets": [target.id]})
        rows = self.access.read(proxy_of(target), call)
        if not rows:
            raise NotApplicable(f"there is no such budget in {proxy_of(target)}")
        return Seen(state=budget_of(rows[0]), name=target.id)

    def set_to(self, target: TargetRef, max_budget: Any) -> None:
        body = {"budget_id": target.id, "max_budget": max_budget}
        self.access.change(proxy_of(target), Call("POST", "/budget/update", body=body))
