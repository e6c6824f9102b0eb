"""AWS as moto plays it: its own server on loopback, behind a wire that records; one server a test process."""

import json
import logging
import os
from collections.abc import Iterator
from functools import cache
from typing import Any, Self
from urllib.parse import parse_qs
from urllib.request import urlopen

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer
from pydantic import JsonValue

from tests.operate.remediation.wire import Fault, Reply, Request, Wire
from tests.operate.remediation.worlds import Snapshot, World
from tools.operate.remediation.actions.aws.access import AwsAccess

REGION = "eu-central-1"
ACCOUNT = "123456789012"
IMAGE = "ami-0c1a2b3d4e5f60718"
_QUERY_DENIED = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform it</Message>"
    "</Error><RequestId>r-1</RequestId></ErrorResponse>"
)
_EC2_DENIED = (
    "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this "
    "operation.</Message></Error></Errors><RequestID>r-1</RequestID></Response>"
)
_JSON_DENIED = json.dumps({"__type": "AccessDeniedException", "message": "not authorized to perform it"})
_OTHER_NAMES = {
    "CreateBudget": "ModifyBudget",
    "DeleteBudget": "ModifyBudget",
    "DescribeBudget": "ViewBudget",
    "DescribeNotificationsForBudget": "ViewBudget",
    "DescribeSubscribersForNotification": "ViewBudget",
}
"""Operations whose permission has another name, by AWS's Service Authorization Reference."""


class AwsWorld(World):
    """A world over moto. A scene begins with `emptied`."""

    def __enter__(self) -> Self:
        self.wire = Wire(_moto(), permission_of, _denial)
        self.wire.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.__exit__()

    def admin(self, service: str, region: str = REGION) -> Any:
        """A client past the wire, for seeding and looking."""
        return _admin(service, region)

    def emptied(self) -> None:
        with urlopen(f"{_moto()}/moto-api/reset", data=b"") as answer:
            answer.read()
        self.wire.clear()

    def connect(self, permissions: frozenset[str]) -> AwsAccess:
        return AwsAccess(_session(), permissions, self.wire.url)

    def sent(self) -> list[str]:
        return list(self.wire.calls)

    def meddle(self, call: str, fault: Fault) -> None:
        self.wire.meddle(call, fault)

    def heal(self) -> None:
        self.wire.heal()

    def snapshot(self) -> Snapshot:
        return {key: json.loads(json.dumps(value, default=str, sort_keys=True)) for key, value in self.things()}

    def things(self) -> Iterator[tuple[str, JsonValue]]:
        """All that a world of this account may hold; a world adds what it has besides."""
        ec2 = self.admin("ec2")
        for part in ec2.describe_instances()["Reservations"]:
            yield from ((f"instance {one['InstanceId']}", one) for one in part["Instances"])
        yield from ((f"volume {one['VolumeId']}", one) for one in ec2.describe_volumes()["Volumes"])


def permission_of(request: Request) -> str:
    """The IAM permission that AWS asks for this request, from what was signed and sent."""
    service = request.headers["authorization"].split("Credential=")[1].split("/")[3]
    target = request.headers.get("x-amz-target", "")
    form = parse_qs(request.body.decode()) if not target else {}
    operation = target.rsplit(".", 1)[-1] or form["Action"][0]
    call = f"{service}:{_OTHER_NAMES.get(operation, operation)}"
    return f"dry-run:{call}" if form.get("DryRun") == ["true"] else call


def _denial(request: Request) -> Reply:
    if "x-amz-target" in request.headers:
        return Reply(400, _JSON_DENIED.encode(), {"content-type": "application/x-amz-json-1.1"})
    told = _EC2_DENIED if permission_of(request).removeprefix("dry-run:").startswith("ec2:") else _QUERY_DENIED
    return Reply(403, told.encode(), {"content-type": "text/xml"})


@cache
def _moto() -> str:
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # a thousand images that each empty account would load anew
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


@cache
def _session() -> boto3.Session:
    """One for all worlds: it keeps what it read of AWS's service descriptions."""
    return boto3.Session("access-key", "secret-key", region_name=REGION)


@cache
def _admin(service: str, region: str) -> Any:
    once = Config(retries={"total_max_attempts": 1})
    return _session().client(service, region_name=region, endpoint_url=_moto(), config=once)
