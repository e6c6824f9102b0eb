"""Things in GitHub repositories, one with an open issue about it."""

from tests.operate.remediation.worlds import Scene, Snapshot, Unfit
from tests.operate.remediation.worlds.forges import GithubWorld
from tests.operate.remediation.worlds.tickets import KEPT, WORDS, about, told
from tools.domain.remediation import TargetRef
from tools.operate.remediation.actions.tickets.ticket import labels_of, subject_of

THINGS = ("gpu-7", "gpu-8", "gpu-9", "gpu-6")


class TheWorld(GithubWorld):
    scenarios = ("things",)
    not_restored = KEPT

    def thing(self, name: str, repository: str = "acme/ops") -> TargetRef:
        return TargetRef(id=name, place={"api": f"{self.wire.url}/api", "repository": repository})

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        self.server.repositories = {"acme/ops": {}, "acme/old": {"archived": True}}
        for number, thing in enumerate(("gpu-6", "gpu-7", "gpu-8"), 1):
            self.server.issues["acme/ops", number] = {
                "number": number,
                "state": "closed" if thing == "gpu-7" else "open",
                "title": "Asked for before",
                "body": None,
                "labels": [{"name": one} for one in labels_of(self.thing(thing), "0" * 32)],
            }
        self.server.issues["acme/ops", 3]["pull_request"] = {}
        return Scene(
            targets=tuple(self.thing(one) for one in THINGS[:3]),
            unfit=(
                Unfit(self.thing("gpu-6"), "1 is open about gpu-6"),
                Unfit(self.thing("gpu-7", "acme/old"), "is archived"),
                Unfit(self.thing("gpu-7", "acme/none"), "there is no repository"),
                Unfit(self.thing("gpu-7", "acme"), "written as owner/name"),
            ),
            parameters=WORDS,
        )

    def snapshot(self) -> Snapshot:
        subjects = {f"outlay-{subject_of(self.thing(one))}": one for one in THINGS}
        return told(
            {
                str(number): (
                    next(subjects[one["name"]] for one in issue["labels"] if one["name"] in subjects),
                    issue["state"] == "open",
                    issue,
                )
                for (_, number), issue in self.server.issues.items()
            }
        )

    def belongs(self, thing: str, target: TargetRef) -> bool:
        return about(target, thing)
