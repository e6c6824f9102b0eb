"""A budget as LiteLLM keeps it on keys, teams and shared budgets: an amount in US dollars, and the time it is for."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.http_access import HttpAccess
from tools.operate.remediation.actions.litellm.access import AmountText, amount, number


class Budget(Parameters):
    """An amount, and the `budget_duration` it is for, as the target has it: "30d"; null: for ever.

    The time itself is never changed: it would start anew (`budget_reset_at`), which nothing could undo.
    """

    max_budget: AmountText
    budget_duration: str | None = None


class BudgetAction(Action):
    """max_budget of something → another. Its kinds say what it belongs to and which calls read and set it."""

    system = "litellm"
    parameters_type = Budget
    idempotency = "none"
    most_targets = 20
    risk = "medium"
    rollback = "the budget is set to what it was; calls that LiteLLM refused meanwhile are not made again"
    update: ClassVar[str]
    """The permission of the one call that sets it."""
    access: HttpAccess

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it is for another time, or the same already."""
        assert isinstance(parameters, Budget)
        return with_budget(seen.state, parameters)

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=self.update, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        self.set_to(target, number(step.leaves["max_budget"]))

    @abstractmethod
    def set_to(self, target: TargetRef, max_budget: Any) -> None:
        """Make the one call. Raises CallRefused, Surprise."""


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
