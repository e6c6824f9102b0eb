"""SIGKILL between any two steps of a remediation: each happens exactly once or not at all, and the records say so.

Real processes apply and roll back approved plans over moto and two systems of the campaign's own, with a real desk.
They are killed at every event before and after each write, reading and call; by the wire, before, after and in the
midst of a call; and at random moments. Fresh processes recover, some killed again. What happened is counted at the
systems.

python -m evals.campaigns.remediation_kills --seed 7 --count 1000 [--postgresql URL]
"""

import argparse
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.request import urlopen

from evals.campaigns.remediation.gateway import TROUBLES, Gateway, Trouble
from evals.campaigns.remediation.judge import faults, outcome
from evals.campaigns.remediation.levels import HIGH
from evals.campaigns.remediation.office import REGION, RIGHTS, SomeDoors, executor, open_desk, session
from evals.machine import write_result
from tools.domain.remediation import State, TargetRef, Wish
from tools.operate.remediation.action import mark_of
from tools.operate.remediation.admission import NotAdmitted
from tools.operate.remediation.plan import make_plan

ACTIONS = {"ec2_stop": 2, "ec2_resize": 1, "counted_set": 2, "keyed_set": 2}
"""How many targets a plan has."""
HURRY, HURRY_LATE = 150.0, 50.0
"""How many times as fast the executor waits; slower where a call has to arrive within its patience."""
POINTS_A_DESK = 25


@dataclass
class Point:
    action: str
    direction: str
    way: str
    """`event`, `moment` or one of the gateway's troubles."""
    number: int
    """Of the event or the call; of a moment, thousandths of the time that it takes."""


@dataclass
class Campaign:
    """One run; `tally` counts by kill point and outcome."""

    gateway: Gateway
    mortal: "subprocess.Popen[str]"
    chance: random.Random
    desk: str = ""
    tally: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def point(self, point: Point) -> None:
        """Kill once, recover, judge; then roll back to what was, and judge again."""
        desk = open_desk(self.desk)
        proposal = self._approved(desk, point.action)
        if point.direction == "roll_back":
            executor(desk, SomeDoors(self.gateway.url), HURRY).apply(proposal, "ben")
        hurry = HURRY_LATE if point.way in ("kill_late", "lost") else HURRY
        killed_at = self._struck(point, proposal, hurry)
        self._recovered(point, proposal, hurry)
        self.gateway.deliver()  # what comes too late comes now
        told = outcome(desk, proposal)
        self.tally[f"{point.action}, {point.direction}, {killed_at}: {told}"] += 1
        self.figures["unknown after recovery"] += told.startswith("unknown")
        if point.way != "kill_too_late":
            self._judged(desk, proposal, f"{point} ({killed_at})")
        self._undone(desk, proposal)
        self._judged(desk, proposal, f"{point} ({killed_at}), rolled back", restored=True)

    def _struck(self, point: Point, proposal: str, hurry: float) -> str:
        """Where it was killed; "not killed" when it was through before."""
        trouble = Trouble(point.way, point.number) if point.way in TROUBLES else None
        self.gateway.expect(trouble)
        moment = point.number / 1000 if point.way == "moment" else None
        ended = self.order(point.direction, proposal, point.number if point.way == "event" else 0, hurry, moment)
        if ended["killed"]:
            self.figures["kills"] += 1
            return ended["told"] or point.way.replace("_", " ")
        if ended["status"]:
            self.faults.append(f"{point}: it failed: {ended['told']}")
        return f"answer {point.way}" if self.gateway.met else "not killed"

    def _recovered(self, point: Point, proposal: str, hurry: float) -> None:
        """Some recoveries are killed too, at most twice."""
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            ended = self.order("settle", proposal, self.chance.randint(1, 12), hurry)
            self.figures["kills of a recovery"] += ended["killed"]
        ended = self.order("settle", proposal, 0, hurry)
        if ended["status"]:
            self.faults.append(f"{point}: the recovery failed: {ended['told']}")

    def _undone(self, desk: Any, proposal: str) -> None:
        ran = desk.executions(proposal)
        if ran and ran[-1].ending != "rolled_back":
            doing = executor(desk, SomeDoors(self.gateway.url), HURRY)
            try:
                doing.roll_back(proposal, "ben")
            except NotAdmitted as nothing:
                if "nothing can be undone" not in str(nothing):
                    self.faults.append(f"{proposal}: {nothing}")

    def _judged(self, desk: Any, proposal: str, where: str, restored: bool = False) -> None:
        states = self._states(desk, proposal)
        found = faults(desk, proposal, self.gateway, states)
        plan = desk.proposal(proposal).plan
        if restored:
            found += [
                f"{one.target.id} is {states[one.target.id]}, was {one.before}"
                for one in plan.changes
                if dict(states[one.target.id]) != dict(one.before)
            ]
        self.faults += [f"{where}: {one}" for one in found]

    def _states(self, desk: Any, proposal: str) -> dict[str, State]:
        plan = desk.proposal(proposal).plan
        doors = SomeDoors(self.gateway.url)
        action = doors.open(plan.action, doors.kind(plan.action).reads)
        return {
            one.target.id: dict(action.read(one.target, mark_of(plan.nonce, one.target)).state) for one in plan.changes
        }

    def _approved(self, desk: Any, action: str) -> str:
        targets = tuple(self._targets(action))
        parameters = {"instance_type": "g5.xlarge"} if action == "ec2_resize" else {}
        wish = Wish(action=action, targets=targets, proposed_by="ada", currency="USD", parameters=parameters)
        plan = make_plan(SomeDoors(self.gateway.url), wish, datetime.now(UTC)).plan
        proposal: str = desk.add(plan, plan.nonce).id
        desk.decide(proposal, plan.fingerprint, "approve", "ben", "cli", "", RIGHTS, datetime.now(UTC))
        return proposal

    def _targets(self, action: str) -> Iterator[TargetRef]:
        count = ACTIONS[action]
        if not action.startswith("ec2_"):
            for _ in range(count):
                name = f"l-{self.chance.getrandbits(48):012x}"
                self.gateway.levels[name] = HIGH
                yield TargetRef(id=name)
            return
        client = session().client("ec2", region_name=REGION, endpoint_url=self.gateway.moto)
        made = client.run_instances(ImageId="ami-1", InstanceType="g5.2xlarge", MinCount=count, MaxCount=count)
        for one in made["Instances"]:
            yield TargetRef(id=one["InstanceId"], place={"region": REGION})

    def order(
        self, act: str, proposal: str, dies_at: int, hurry: float = HURRY, dies_after: float | None = None
    ) -> dict[str, Any]:
        """Have it done by a process that may die of it."""
        wanted = {"act": act, "proposal": proposal, "desk": self.desk, "dies_at": dies_at, "hurry": hurry}
        assert self.mortal.stdin is not None
        assert self.mortal.stdout is not None
        self.mortal.stdin.write(json.dumps({**wanted, "dies_after": dies_after}) + "\n")
        self.mortal.stdin.flush()
        self.gateway.victim.put(json.loads(self.mortal.stdout.readline())["process"])
        ended: dict[str, Any] = json.loads(self.mortal.stdout.readline())
        return ended

    def measured(self, action: str, direction: str) -> tuple[int, float]:
        """How many events a run has that nobody kills, and the seconds that it takes."""
        desk = open_desk(self.desk)
        proposal = self._approved(desk, action)
        if direction == "roll_back":
            executor(desk, SomeDoors(self.gateway.url), HURRY).apply(proposal, "ben")
        self.gateway.expect(None)
        began = time.monotonic()
        ended = self.order(direction, proposal, 0)
        assert ended["status"] == 0, ended["told"]
        return int(ended["told"]), time.monotonic() - began


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=20261124)
    arguments.add_argument("--count", type=int, default=1000)
    arguments.add_argument("--minutes", type=float, default=60, help="begin no more points after so long")
    arguments.add_argument("--skip", type=int, default=0, help="points that another run has made")
    arguments.add_argument("--postgresql", default="", help="postgresql://… of a database that may be filled")
    chosen = arguments.parse_args()
    figures = run(chosen.seed, chosen.count, chosen.postgresql, chosen.minutes, chosen.skip)
    print(json.dumps(figures, indent=1))
    write_result("remediation_kills_postgresql" if chosen.postgresql else "remediation_kills", figures)
    sys.exit(bool(figures["faults"]))


def run(seed: int, count: int, postgresql: str = "", minutes: float = 60, skip: int = 0) -> dict[str, Any]:
    """Strike so many points, each in a plan of its own; gives counts and every fault found."""
    began = time.monotonic()
    with _moto() as moto, Gateway(moto) as gateway, _mortal(gateway.url) as mortal:
        campaign = Campaign(gateway, mortal, random.Random(seed))
        points: Iterator[Point] = iter(())
        told = 0
        for number in range(0, count, POINTS_A_DESK):
            if time.monotonic() - began > minutes * 60:
                break
            with tempfile.TemporaryDirectory() as home:
                campaign.desk = f"{postgresql}#{home}" if postgresql else home
                if number == 0:
                    points = islice(_points(campaign), skip, None)
                for _ in range(min(POINTS_A_DESK, count - number)):
                    campaign.point(next(points))
                    campaign.figures["points"] += 1
                if not open_desk(campaign.desk).verify().holds:
                    campaign.faults.append(f"the trail of {campaign.desk} does not hold")
            _reset(moto)
            print(f"{number}: {dict(campaign.figures)}, faults {len(campaign.faults)}", file=sys.stderr, flush=True)
            for fault in campaign.faults[told:]:
                print(f"  {fault}", file=sys.stderr, flush=True)
            told = len(campaign.faults)
        repeated = sum(1 for calls in gateway.effects.values() if calls > 2)
        dropped = sum(gateway.sent[one] - gateway.effects[one] for one in gateway.sent)
    return {
        "seed": seed,
        "desk": "PostgreSQL" if postgresql else "SQLite",
        **dict(campaign.figures),
        "calls sent": sum(gateway.sent.values()),
        "calls that took effect": sum(gateway.effects.values()),
        "calls lost or dropped by their key": dropped,
        "calls more than there and back": repeated,
        "seconds": round(time.monotonic() - began),
        "tally": dict(sorted(campaign.tally.items())),
        "faults": campaign.faults,
    }


def _points(campaign: Campaign) -> Iterator[Point]:
    """Every event of every action and direction in turn; between them what the wire does, and random moments."""
    runs = [(action, direction) for action in ACTIONS for direction in ("apply", "roll_back")]
    measured = {one: campaign.measured(*one) for one in runs}
    calls = {"ec2_stop": 2, "ec2_resize": 3, "counted_set": 4, "keyed_set": 4}
    turn = 0
    while True:
        turn += 1
        for action, direction in runs:
            events, seconds = measured[action, direction]
            yield Point(action, direction, "event", (turn - 1) % events + 1)
            if turn % 3 == 0:
                trouble = TROUBLES[turn // 3 % len(TROUBLES)]
                yield Point(action, direction, trouble, campaign.chance.randint(1, calls[action]))
            elif turn % 3 == 1:
                yield Point(action, direction, "moment", campaign.chance.randint(1, int(seconds * 1000) + 2))


@contextmanager
def _moto() -> Iterator[str]:
    """A moto server of its own process."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {**os.environ, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _until_it_answers(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _until_it_answers(url: str) -> None:
    for _ in range(600):
        try:
            _reset(url)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("moto does not answer")


def _reset(url: str) -> None:
    with urlopen(f"{url}/moto-api/reset", data=b"", timeout=30) as answer:
        answer.read()


@contextmanager
def _mortal(gateway: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "evals.campaigns.remediation.mortal", gateway]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    logging.getLogger("botocore").setLevel(logging.ERROR)
    main()
