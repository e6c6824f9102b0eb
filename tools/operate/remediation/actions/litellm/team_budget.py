"""litellm_team_budget: what all keys of a team together may spend before LiteLLM refuses their calls."""

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.http_access import Call, HttpAccess
from tools.operate.remediation.actions.litellm.access import ABSENT, described, number, proxy_of
from tools.operate.remediation.actions.litellm.budgets import Budget, budget_of, with_budget

INFO, UPDATE = "GET /team/info", "POST /team/update"


class LitellmTeamBudget(Action):
    """max_budget of a team, by its team_id → another."""

    name = "litellm_team_budget"
    title = "Set the budget of LiteLLM teams"
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
        """Raises NotApplicable: no such team."""
        call = Call("GET", "/team/info", query={"team_id": target.id})
        answer = self.access.read(proxy_of(target), call, ABSENT)
        if answer is None:
            raise NotApplicable(f"there is no such team in {proxy_of(target)}")
        row = answer["team_info"]
        return described(row, "team_alias", budget_of(row)).model_copy(update={"owner": row.get("team_alias")})

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: its budget is for another time, or the same already."""
        assert isinstance(parameters, Budget)
        return with_budget(seen.state, parameters)

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        body = {"team_id": target.id, "max_budget": number(step.leaves["max_budget"])}
        self.access.change(proxy_of(target), Call("POST", "/team/update", body=body))
