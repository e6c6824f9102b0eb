"""Keys with and without aliases."""

from tests.operate.remediation.servers.litellm import hashed
from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.litellm import LitellmWorld
from tools.domain.remediation import TargetRef


class TheWorld(LitellmWorld):
    scenarios = ("keys",)

    def scene(self, scenario: str) -> Scene:
        proxy = self.seeded()
        proxy.keys["a" * 64] = {**proxy.keys[hashed("sk-app-0")], "aliases": {"large-1": "small-1"}}
        here = self.place()
        return Scene(
            targets=tuple(self.key(number) for number in range(4)),
            unfit=(
                Unfit(TargetRef(id="a" * 64, place=here), "name another model"),
                Unfit(TargetRef(id="d" * 64, place=here), "no such key"),
            ),
            parameters={"alias": "large-1", "model": "small-1"},
        )
