"""Mortal: a process that does one thing to a proposal and dies at its n-th event, by SIGKILL of itself.

An event stands before and after each write of the journal, each reading and each call. Forked off one warm process
(`python -m evals.campaigns.remediation.mortal GATEWAY`), which takes orders as JSON lines and answers in JSON lines.
"""

import json
import os
import signal
import sys
import time
import traceback
from typing import Any

from evals.campaigns.remediation.office import REGION, SomeDoors, executor, open_desk, session
from tools.operate.remediation.executor import Executor
from tools.operate.remediation.journal import Busy, Execution

PATIENCE = 100
WRITES = ("begin", "intend", "note", "finish")


class Events:
    """Counts, and kills this process at the `deadly` one; each is told on `pipe` first."""

    def __init__(self, deadly: int, pipe: int) -> None:
        self._deadly, self._pipe, self.count = deadly, pipe, 0

    def pass_(self, what: str) -> None:
        self.count += 1
        if self.count == self._deadly:
            os.write(self._pipe, what.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, what: str, call: Any) -> Any:
        def watched(*given: Any, **named: Any) -> Any:
            self.pass_(f"before {what}")
            result = call(*given, **named)
            self.pass_(f"after {what}")
            return result

        return watched


class WatchedDesk:
    """A desk whose writes are events."""

    def __init__(self, desk: Any, events: Events) -> None:
        self._desk, self._events = desk, events

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._desk, name)
        return self._events.around(name, found) if name in WRITES else found


class WatchedDoors:
    """Doors to actions whose readings and calls are events."""

    def __init__(self, doors: SomeDoors, events: Events) -> None:
        self._doors, self._events, self.kind = doors, events, doors.kind

    def open(self, action: str, permissions: frozenset[str]) -> Any:
        opened: Any = self._doors.open(action, permissions)
        for name in ("read", "perform"):
            setattr(opened, name, self._events.around(name, getattr(opened, name)))
        return opened


def main() -> None:
    gateway = sys.argv[1]
    session().client("ec2", region_name=REGION, endpoint_url=gateway)  # read once, kept by every child
    print("ready", flush=True)
    for line in sys.stdin:
        _one(gateway, json.loads(line))


def _one(gateway: str, order: dict[str, Any]) -> None:
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(mine)
        _child(gateway, order, theirs)
    os.close(theirs)
    print(json.dumps({"process": child}), flush=True)
    if order.get("dies_after") is not None:
        time.sleep(order["dies_after"])
        os.kill(child, signal.SIGKILL)  # no other has its number before it was waited for
    with os.fdopen(mine) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    print(json.dumps({"killed": os.WIFSIGNALED(status), "status": status, "told": told}), flush=True)


def _child(gateway: str, order: dict[str, Any], pipe: int) -> None:
    """Never returns."""
    status = 1
    try:
        events = Events(order["dies_at"], pipe)
        desk = open_desk(order["desk"])
        doing = executor(WatchedDesk(desk, events), WatchedDoors(SomeDoors(gateway), events), order["hurry"])
        _done(order, desk, doing)
        os.write(pipe, str(events.count).encode())
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the campaign tells it
        os.write(pipe, traceback.format_exc()[-1500:].encode())
    finally:
        os._exit(status)


def _done(order: dict[str, Any], desk: Any, doing: Executor) -> None:
    if order["act"] != "settle":
        getattr(doing, order["act"])(order["proposal"], "ben")
        return
    for one in desk.unfinished():
        if one.proposal == order["proposal"]:
            _settled(doing, one)


def _settled(doing: Executor, execution: Execution) -> None:
    """A database may take a moment until it knows that who held the proposal is dead."""
    for _ in range(PATIENCE):
        try:
            doing.settle(execution)
            return
        except Busy:
            time.sleep(0.05)
    doing.settle(execution)


if __name__ == "__main__":
    main()
