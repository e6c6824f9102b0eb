"""Teams with a monthly budget, and one without."""

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.litellm import LitellmWorld
from tools.domain.remediation import TargetRef


class TheWorld(LitellmWorld):
    scenarios = ("teams",)

    def scene(self, scenario: str) -> Scene:
        self.seeded()
        here = self.place()
        return Scene(
            targets=tuple(TargetRef(id=f"t-{number}", place=here) for number in (1, 2, 3)),
            unfit=(
                Unfit(TargetRef(id="t-0", place=here), "its budget_duration is none"),
                Unfit(TargetRef(id="t-9", place=here), "no such team"),
            ),
            parameters={"max_budget": "0.5", "budget_duration": "30d"},
        )
