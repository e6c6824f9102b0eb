"""Things in Jira projects, one with an open ticket about it."""

from typing import ClassVar, Self

from pydantic import SecretStr

from tests.operate.remediation.servers.jira import TOKEN, USER, JiraServer
from tests.operate.remediation.wire import Fault, Request, Wire
from tests.operate.remediation.worlds import Scene, Snapshot, Unfit, World
from tests.operate.remediation.worlds.tickets import KEPT, WORDS, about, denial, told
from tools.domain.remediation import TargetRef
from tools.operate.remediation.access import Access
from tools.operate.remediation.actions.tickets.jira import connect_jira, document
from tools.operate.remediation.actions.tickets.ticket import labels_of, subject_of

THINGS = ("gpu-7", "gpu-8", "gpu-9", "gpu-6")


class TheWorld(World):
    scenarios: ClassVar[tuple[str, ...]] = ("things",)
    not_restored = KEPT

    def __enter__(self) -> Self:
        self.server = JiraServer()
        self.server.__enter__()
        self.wire = Wire(self.server.url, self._name, denial)
        self.wire.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.__exit__()
        self.server.__exit__()

    def thing(self, name: str, project: str = "OPS") -> TargetRef:
        return TargetRef(id=name, place={"api": self.wire.url, "project": project})

    def scene(self, scenario: str) -> Scene:
        self.wire.clear()
        self.server.projects = {"OPS": True, "READ": False}
        self.server.issues.clear()
        for number, thing in enumerate(("gpu-6", "gpu-7")):
            self.server.issues[f"OPS-{number + 1}"] = {
                "project": {"key": "OPS"},
                "summary": "Asked for before",
                "description": document("Please"),
                "labels": [*labels_of(self.thing(thing), "0" * 32), "urgent"],
                "status": "new" if thing == "gpu-6" else "done",
                "comments": [],
            }
        return Scene(
            targets=tuple(self.thing(one) for one in THINGS[:3]),
            unfit=(
                Unfit(self.thing("gpu-6"), "OPS-1 is open about gpu-6"),
                Unfit(self.thing("gpu-7", "NONE"), "there is no project NONE"),
                Unfit(self.thing("gpu-7", 'OPS" OR labels = "x'), "one looks like OPS"),
            ),
            parameters=WORDS,
        )

    def connect(self, permissions: frozenset[str]) -> Access:
        return connect_jira(self.wire.url, USER, SecretStr(TOKEN))(permissions)

    def snapshot(self) -> Snapshot:
        subjects = {f"outlay-{subject_of(self.thing(one))}": one for one in THINGS}
        return told(
            {
                key: (
                    next(subjects[label] for label in one["labels"] if label in subjects),
                    one["status"] != "done",
                    one,
                )
                for key, one in self.server.issues.items()
            }
        )

    def belongs(self, thing: str, target: TargetRef) -> bool:
        return about(target, thing)

    def sent(self) -> list[str]:
        return list(self.wire.calls)

    def meddle(self, call: str, fault: Fault) -> None:
        self.wire.meddle(call, fault)

    def heal(self) -> None:
        self.wire.heal()

    def _name(self, request: Request) -> str | None:
        return self.server.call_name(request.method, request.path)
