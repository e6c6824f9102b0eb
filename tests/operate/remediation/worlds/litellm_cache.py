"""Proxies with a cache, and one without."""

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.litellm import LitellmWorld
from tools.domain.remediation import TargetRef


class TheWorld(LitellmWorld):
    scenarios = ("longer", "looser")

    def scene(self, scenario: str) -> Scene:
        self.seeded()
        proxies = self.server.proxies
        proxies["/prod"].cache |= {"url": "redis://:pw-2@cache.internal:6379/1", "similarity_threshold": 0.9}
        del proxies["/lab"].cache["ttl"]
        return Scene(
            targets=tuple(
                TargetRef(id=f"cache of {base}", place=self.place(base)) for base in ("/staging", "/prod", "/lab")
            ),
            unfit=(Unfit(TargetRef(id="cache", place=self.place("/bare")), "set one up"),),
            parameters={"ttl": 3600} if scenario == "longer" else {"ttl": 120, "similarity_threshold": 0.8},
        )

    def belongs(self, thing: str, target: TargetRef) -> bool:
        return thing.startswith(target.id.removeprefix("cache of "))
