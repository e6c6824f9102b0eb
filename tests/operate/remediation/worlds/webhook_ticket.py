"""Things that a receiver is told about, one with an open ticket."""

from typing import ClassVar, Self

from pydantic import SecretStr

from tests.operate.remediation.servers.receiver import SECRET, ReceiverServer
from tests.operate.remediation.wire import Fault, Request, Wire
from tests.operate.remediation.worlds import Scene, Snapshot, Unfit, World
from tests.operate.remediation.worlds.tickets import KEPT, WORDS, about, denial, told
from tools.domain.remediation import TargetRef
from tools.operate.remediation.access import Access
from tools.operate.remediation.actions.tickets.webhook import connect_webhook


class TheWorld(World):
    scenarios: ClassVar[tuple[str, ...]] = ("things",)
    not_restored = KEPT

    def __enter__(self) -> Self:
        self.server = ReceiverServer()
        self.server.__enter__()
        self.wire = Wire(self.server.url, self._name, denial)
        self.wire.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.__exit__()
        self.server.__exit__()

    def thing(self, name: str) -> TargetRef:
        return TargetRef(id=name, place={"api": self.wire.url})

    def scene(self, scenario: str) -> Scene:
        self.wire.clear()
        self.server.tickets.clear()
        self.server.keys.clear()
        for number, thing in enumerate(("gpu-6", "gpu-7")):
            key = self.thing(thing).key
            fields = {"mark": str(number) * 32, "about": key, "thing": thing, "title": "Before", "text": "Please"}
            self.server.tickets[str(number) * 32] = {**fields, "open": thing == "gpu-6"}
        return Scene(
            targets=tuple(self.thing(one) for one in ("gpu-7", "gpu-8", "gpu-9")),
            unfit=(
                Unfit(self.thing("gpu-6"), "is open about gpu-6"),
                Unfit(TargetRef(id="gpu-7"), "its api is not known"),
                Unfit(TargetRef(id="gpu-7", place={"api": "https://hooks.example.com"}), "is not connected"),
            ),
            parameters=WORDS,
        )

    def connect(self, permissions: frozenset[str]) -> Access:
        return connect_webhook({self.wire.url: SecretStr(SECRET)})(permissions)

    def snapshot(self) -> Snapshot:
        return told({mark: (one["thing"], one["open"], one) for mark, one in self.server.tickets.items()})

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
