"""litellm_key_budget: what a virtual key may spend before LiteLLM refuses its calls."""

from typing import Any

from tools.domain.remediation import Seen, TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.litellm.access import described
from tools.operate.remediation.actions.litellm.budgets import BudgetAction, budget_of
from tools.operate.remediation.actions.litellm.keys import INFO, UPDATE, key_row, update_key


class LitellmKeyBudget(BudgetAction):
    """max_budget of a key → another. Its budget_duration stays: /key/update can set one but not take one away, so a
    change of it could not be undone."""

    name = "litellm_key_budget"
    title = "Set the budget of LiteLLM keys"
    update = UPDATE
    reads = frozenset({INFO})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    most_targets = 50

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such key, or its budget is one that it shares."""
        row = key_row(self.access, target)
        if row.get("budget_id"):
            raise NotApplicable(f"its budget is the shared one {row['budget_id']}; litellm_shared_budget changes that")
        return described(row, "key_alias", budget_of(row))

    def set_to(self, target: TargetRef, max_budget: Any) -> None:
        update_key(self.access, target, {"max_budget": max_budget})
