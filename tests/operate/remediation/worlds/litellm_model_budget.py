"""Keys with and without budgets by model."""

from tests.operate.remediation.servers.litellm import hashed
from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.litellm import LitellmWorld
from tools.domain.remediation import TargetRef


class TheWorld(LitellmWorld):
    scenarios = ("another model", "the same model")

    def scene(self, scenario: str) -> Scene:
        proxy = self.seeded()
        model = "large-2" if scenario == "another model" else "large-1"
        has = {"model_max_budget": {model: {"budget_limit": 2.5, "time_period": "1d"}}}
        proxy.keys["a" * 64] = {**proxy.keys[hashed("sk-app-0")], **has}
        here = self.place()
        return Scene(
            targets=tuple(self.key(number) for number in range(4)),
            unfit=(
                Unfit(TargetRef(id="a" * 64, place=here), "give another amount"),
                Unfit(TargetRef(id="d" * 64, place=here), "no such key"),
            ),
            parameters={"model": model, "budget_limit": "2.50", "time_period": "1d"},
        )
