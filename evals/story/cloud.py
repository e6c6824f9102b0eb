"""The cloud of the story: an EC2 emulator on loopback with the demo company's development machines, lived hour by hour.

What was running is only ever read from the emulator. At night and on weekends the company's own schedule stops the
machines that run, and starts in the morning those that it stopped, and no others.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.request import urlopen

REGION, TYPE, IMAGE = "us-west-2", "p4d.24xlarge", "ami-12c6146b"
SEED = 20_261_124
"""Of the emulator's ids, so that the twin's machines have the same ones."""
TAGS = {"team": "ml-research", "project": "foundation", "environment": "development"}
OPENS, CLOSES = 8, 18
"""Hours of a working day, UTC, in which the machines are on."""
ACCESS = {"AWS_ACCESS_KEY_ID": "story", "AWS_SECRET_ACCESS_KEY": "story", "AWS_DEFAULT_REGION": REGION}


@dataclass(frozen=True)
class Hour:
    """One hour, and the machines that ran in it."""

    start: datetime
    running: frozenset[str]


@dataclass
class Cloud:
    """An emulator with nothing but these machines; a context manager."""

    names: tuple[str, ...]
    """Their names in the demo company."""
    ids: dict[str, str] = field(default_factory=dict)
    """Name in the demo → the emulator's id."""
    url: str = ""

    def __enter__(self) -> "Cloud":
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def begin(self) -> None:
        """Empty it, and start the machines anew, under the same ids."""
        self.states()  # the region is there before it is emptied, so that the ids that follow are the same each time
        for path in ("reset", f"seed?a={SEED}"):
            with urlopen(f"{self.url}/moto-api/{path}", data=b"") as answer:
                answer.read()
        self.ids = {name: self._started(name) for name in self.names}

    def _started(self, name: str) -> str:
        tags = [{"Key": key, "Value": value} for key, value in {"Name": f"dev-{name[-4:]}", **TAGS}.items()]
        made = self._ec2().run_instances(
            ImageId=IMAGE,
            InstanceType=TYPE,
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )
        return str(made["Instances"][0]["InstanceId"])

    def states(self) -> Mapping[str, str]:
        """Each machine's state, as the emulator tells it now."""
        parts = self._ec2().describe_instances()["Reservations"]
        return {one["InstanceId"]: one["State"]["Name"] for part in parts for one in part["Instances"]}

    def live(self, first: date, days: int) -> list[Hour]:
        """Live through some days, the company's schedule acting each hour."""
        began = datetime.combine(first, time(), UTC)
        asleep: frozenset[str] = frozenset()
        hours = []
        for number in range(days * 24):
            now = began + timedelta(hours=number)
            asleep = self._schedule(now, asleep)
            running = (one for one, state in self.states().items() if state == "running")
            hours.append(Hour(now, frozenset(running)))
        self._wake(asleep)
        return hours

    def _schedule(self, now: datetime, asleep: frozenset[str]) -> frozenset[str]:
        """Which machines the schedule holds stopped from now on."""
        if now.weekday() < 5 and OPENS <= now.hour < CLOSES:
            return self._wake(asleep)
        running = frozenset(one for one, state in self.states().items() if state == "running")
        if running:
            self._ec2().stop_instances(InstanceIds=sorted(running))
        return asleep | running

    def _wake(self, asleep: frozenset[str]) -> frozenset[str]:
        if asleep:
            self._ec2().start_instances(InstanceIds=sorted(asleep))
        return frozenset()

    def _ec2(self) -> Any:
        import boto3

        if not hasattr(self, "_client"):
            session = boto3.Session(ACCESS["AWS_ACCESS_KEY_ID"], ACCESS["AWS_SECRET_ACCESS_KEY"], region_name=REGION)
            self._client = session.client("ec2", endpoint_url=self.url)
        return self._client
