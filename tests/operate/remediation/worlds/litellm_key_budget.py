"""Keys with and without a budget, one that shares one, and one that has it already."""

from tests.operate.remediation.servers.litellm import hashed
from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.litellm import LitellmWorld
from tools.domain.remediation import TargetRef


class TheWorld(LitellmWorld):
    scenarios = ("keys",)

    def scene(self, scenario: str) -> Scene:
        proxy = self.seeded()
        proxy.keys["a" * 64] = {**proxy.keys[hashed("sk-app-0")], "budget_id": "b-1"}
        proxy.keys["b" * 64] = {**proxy.keys[hashed("sk-app-0")], "max_budget": 40}
        proxy.keys["c" * 64] = {**proxy.keys[hashed("sk-app-0")], "budget_duration": "1d"}
        here = self.place()
        return Scene(
            targets=tuple(self.key(number) for number in range(4)),
            unfit=(
                Unfit(TargetRef(id="a" * 64, place=here), "litellm_shared_budget"),
                Unfit(TargetRef(id="b" * 64, place=here), "give another amount"),
                Unfit(TargetRef(id="c" * 64, place=here), "its budget_duration is 1d"),
                Unfit(TargetRef(id="d" * 64, place=here), "no such key"),
                Unfit(TargetRef(id="e" * 64, place={"proxy": "https://other.example.com"}), "is not connected"),
            ),
            parameters={"max_budget": "40.00", "budget_duration": "30d"},
        )
