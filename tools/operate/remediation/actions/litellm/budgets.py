"""A budget as LiteLLM keeps it on keys, teams and shared budgets: an amount in US dollars, and the time it is for."""

from collections.abc import Mapping
from typing import Any

from tools.domain.remediation import State
from tools.operate.remediation.action import NotApplicable, Parameters
from tools.operate.remediation.actions.litellm.access import AmountText, amount


class Budget(Parameters):
    """An amount, and the `budget_duration` it is for, as the target has it: "30d"; null: for ever.

    The time itself is never changed: it would start anew (`budget_reset_at`), which nothing could undo.
    """

    max_budget: AmountText
    budget_duration: str | None = None


def budget_of(row: Mapping[str, Any]) -> State:
    return {"max_budget": amount(row.get("max_budget")), "budget_duration": row.get("budget_duration")}


def with_budget(before: State, wanted: Budget) -> State:
    """The state with another amount. Raises NotApplicable: it is for another time, or the same already."""
    if before["budget_duration"] != wanted.budget_duration:
        raise NotApplicable(
            f"its budget_duration is {before['budget_duration'] or 'none'}, and the amount is for "
            f"{wanted.budget_duration or 'all time'}; give an amount for the time that it has"
        )
    if before["max_budget"] == wanted.max_budget:
        raise NotApplicable(f"its budget is {wanted.max_budget} USD already; give another amount")
    return {**before, "max_budget": wanted.max_budget}
