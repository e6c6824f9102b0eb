"""litellm_team_budget: what all keys of a team together may spend before LiteLLM refuses their calls."""

from typing import Any

from tools.domain.remediation import Seen, TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.http_access import Call
from tools.operate.remediation.actions.litellm.access import ABSENT, described, proxy_of
from tools.operate.remediation.actions.litellm.budgets import BudgetAction, budget_of

INFO, UPDATE = "GET /team/info", "POST /team/update"


class LitellmTeamBudget(BudgetAction):
    """max_budget of a team, by its team_id → another."""

    name = "litellm_team_budget"
    title = "Set the budget of LiteLLM teams"
    update = UPDATE
    reads = frozenset({INFO})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such team."""
        call = Call("GET", "/team/info", query={"team_id": target.id})
        answer = self.access.read(proxy_of(target), call, ABSENT)
        if answer is None:
            raise NotApplicable(f"there is no such team in {proxy_of(target)}")
        row = answer["team_info"]
        return described(row, "team_alias", budget_of(row)).model_copy(update={"owner": row.get("team_alias")})

    def set_to(self, target: TargetRef, max_budget: Any) -> None:
        body = {"team_id": target.id, "max_budget": max_budget}
        self.access.change(proxy_of(target), Call("POST", "/team/update", body=body))
