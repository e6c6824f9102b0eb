"""Budgets that keys share."""

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.litellm import LitellmWorld
from tools.domain.remediation import TargetRef


class TheWorld(LitellmWorld):
    scenarios = ("budgets",)

    def scene(self, scenario: str) -> Scene:
        self.seeded()
        here = self.place()
        return Scene(
            targets=tuple(TargetRef(id=f"b-{number}", place=here) for number in (0, 1, 2)),
            unfit=(
                Unfit(TargetRef(id="b-3", place=here), "8 USD already"),
                Unfit(TargetRef(id="b-9", place=here), "no such budget"),
            ),
            parameters={"max_budget": 8, "budget_duration": "7d"},
        )
