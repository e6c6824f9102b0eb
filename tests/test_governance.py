"""A violated rule proposes, and acts only as far as a person granted that beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from agent.governance import carry_out
from agent.identity import Asker
from agent.remediation_home import home_remediations
from agent.remediations import Remediations
from agent.settings import load_settings
from agent.state.remediation.standing import Terms
from tests.optimize.gpu.world import IDLE, WORK, Machine, world
from tools.operate.policies.policy_file import load_policies
from tools.operate.remediation.propose import ProposeRequest, propose_remediation
from tools.registry import ToolContext

REGION = "us-west-2"
POLICIES = """
rules:
  - name: idle-gpus
    resource: idle_gpu
    period: week
    filters: [{column: IdleHours, above: 48}]
    action: {propose: ec2_stop}
approvals:
  grants:
    - {who: [ada], actions: [ec2_stop], environments: [staging], up_to: "20000"}
"""


@dataclass
class Office:
    """A home connected to an emulator with one idle and one working machine, both on the bill and sampled."""

    home: Path
    ctx: ToolContext
    idle: str
    works: str

    def desk(self, person: str) -> Remediations:
        return home_remediations(load_settings(self.home), Asker(id=person, name=person))

    def states(self) -> list[str]:
        found = boto3.client("ec2", region_name=REGION).describe_instances(InstanceIds=[self.idle, self.works])
        by_id = {one["InstanceId"]: one["State"]["Name"] for part in found["Reservations"] for one in part["Instances"]}
        return [by_id[self.idle], by_id[self.works]]

    def carried_out(self, person: str) -> list[str]:
        done = carry_out(self.ctx, load_policies(self.home / "policies.yaml"), self.desk(person))
        return [one.standing for one in done.proposals]

    def grant(self, amount: str) -> None:
        terms = Terms("ec2_stop", ("staging",), 5, Decimal(amount), "USD", datetime(2099, 1, 1, tzinfo=UTC))
        self.desk("ada").grant(terms)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    home = tmp_path / "home"
    home.mkdir()
    home.joinpath("outlay.toml").write_text("[aws]\n")
    home.joinpath("policies.yaml").write_text(POLICIES)
    with mock_aws():
        tags = [{"Key": "environment", "Value": "staging"}]
        made = boto3.client("ec2", region_name=REGION).run_instances(
            ImageId="ami-12c6146b",
            MinCount=2,
            MaxCount=2,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )
        idle, works = (one["InstanceId"] for one in made["Instances"])
        place = {
            "provider": "AWS",
            "region": REGION,
            "gpus": 1,
            "description": "1x A100 node",
            "environment": "staging",
        }
        ctx = world(tmp_path, Machine(idle, lambda *_: IDLE, **place), Machine(works, lambda *_: WORK, **place))  # type: ignore[arg-type]
        yield Office(home, replace(ctx, policies=home / "policies.yaml"), idle, works)


def test_without_a_standing_approval_a_violation_waits_for_a_person(office: Office) -> None:
    assert office.carried_out("robot") == ["waiting for approval"]
    assert office.states() == ["running", "running"]
    assert office.carried_out("robot") == ["waiting for approval"]
    assert [one.proposal.id for one in office.desk("robot").proposals()] == ["p-1"]


def test_what_was_granted_beforehand_is_done_at_once_and_counted(office: Office) -> None:
    office.grant("20000")
    assert office.carried_out("robot") == ["applied"]
    assert office.states() == ["stopped", "running"]
    (state,) = office.desk("ada").desk.standing(datetime.now(UTC))
    assert state.used == Decimal(744 * 20)
    assert office.desk("ada").roll_back("p-1").standing == "rolled back"
    assert office.states() == ["running", "running"]


def test_a_grant_that_is_too_small_or_withdrawn_does_nothing(office: Office) -> None:
    office.grant("100")
    assert office.carried_out("robot") == ["waiting for approval"]
    office.desk("ada").withdraw("s-1")
    assert office.carried_out("robot") == ["waiting for approval"]
    assert office.states() == ["running", "running"]


def test_a_recommendation_is_proposed_with_what_it_saves_and_only_where_it_was_asked_for(office: Office) -> None:
    ctx = replace(office.ctx, remediations=office.desk("robot"))
    found = propose_remediation.run(ctx, ProposeRequest(lever="idle_gpu", environment="staging"))
    assert found.rows[0][found.column_index("MonthlySaving")] == Decimal(744 * 20)
    assert [row[found.column_index("Target")] for row in found.rows] == [office.idle]
    with pytest.raises(Exception, match="it is in staging, not in production"):
        propose_remediation.run(ctx, ProposeRequest(lever="idle_gpu", environment="production"))
    nothing = propose_remediation.run(ctx, ProposeRequest(lever="idle_gpu", owner="nobody"))
    assert nothing.no_data is not None


def test_a_machine_that_somebody_names_is_thought_to_save_at_most_what_it_cost(office: Office) -> None:
    ctx = replace(office.ctx, remediations=office.desk("robot"))
    request = ProposeRequest(action="ec2_stop", targets=(office.works,), place={"region": REGION})
    found = propose_remediation.run(ctx, request)
    month = Decimal(20 * 24 * 365) / 12
    low, high = (found.rows[0][found.column_index(name)] for name in ("LowSaving", "HighSaving"))
    assert low == 0
    assert isinstance(high, Decimal)
    assert abs(high - month) < Decimal("0.01")


def test_what_a_commitment_pays_for_is_thought_to_save_nothing(office: Office, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    place = {"provider": "AWS", "region": REGION, "gpus": 1, "description": "1x A100 node", "committed": True}
    ctx = world(other, Machine(office.idle, lambda *_: IDLE, **place))  # type: ignore[arg-type]
    found = propose_remediation.run(replace(ctx, remediations=office.desk("robot")), ProposeRequest(lever="idle_gpu"))
    assert found.totals["MonthlySaving"] == 0


def test_without_rules_there_is_nothing_to_carry_out(office: Office) -> None:
    office.home.joinpath("policies.yaml").write_text("rules: []\n")
    assert office.carried_out("robot") == []
