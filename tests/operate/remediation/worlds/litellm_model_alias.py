"""Models and aliases that everybody calls, some of them answered by another already."""

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.litellm import LitellmWorld
from tools.domain.remediation import TargetRef


class TheWorld(LitellmWorld):
    scenarios = ("models and aliases",)

    def scene(self, scenario: str) -> Scene:
        proxy = self.seeded()
        proxy.router["model_group_alias"]["cheap"] = "small-1"
        here = self.place()
        return Scene(
            targets=tuple(TargetRef(id=one, place=here) for one in ("large-1", "best", "old", "team/chat")),
            unfit=(
                Unfit(TargetRef(id="cheap", place=here), "small-1 answers already"),
                Unfit(TargetRef(id="small-1", place=here), "name another model"),
                Unfit(TargetRef(id="large-9", place=here), "serves no model of that name"),
            ),
            parameters={"model": "small-1"},
        )
