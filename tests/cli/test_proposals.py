"""A proposal's whole way on the command line: made, shown, approved, applied, rolled back, on the trail."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from agent.identity import os_user
from tests.cli.conftest import Run

PEOPLE = f"""
people:
  ada: {{name: Ada, os_user: {os_user()}, teams: [search], rows: everything}}
  ben: {{name: Ben, os_user: somebody-else, rows: everything}}
"""
POLICIES = """
approvals:
  grants:
    - {who: [ada], actions: [ec2_stop], environments: [staging], up_to: "1000", unknown_effect: true}
  proposer_may_approve: true
"""
REGION = "us-west-2"


@pytest.fixture
def machines(home: Path, outlay: Run, bill: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Two running instances in staging, and a home that is connected to them and knows who asks."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    assert outlay("ingest", "focus", bill).code == 0
    home.joinpath("outlay.toml").write_text("[aws]\n")
    home.joinpath("people.yaml").write_text(PEOPLE)
    home.joinpath("policies.yaml").write_text(POLICIES)
    with mock_aws():
        tags = [{"Key": "environment", "Value": "staging"}, {"Key": "Name", "Value": "notebook"}]
        made = boto3.client("ec2", region_name=REGION).run_instances(
            ImageId="ami-12c6146b",
            MinCount=2,
            MaxCount=2,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )
        yield [one["InstanceId"] for one in made["Instances"]]


def states(machines: list[str]) -> list[str]:
    found = boto3.client("ec2", region_name=REGION).describe_instances(InstanceIds=machines)
    return [one["State"]["Name"] for part in found["Reservations"] for one in part["Instances"]]


def propose(outlay: Run, machines: list[str]) -> str:
    """Make the proposal; gives its fingerprint."""
    made = outlay("proposals", "make", "ec2_stop", *machines, "--place", f"region={REGION}", "--json")
    assert made.code == 0
    assert made.json["status"] == "needs_approval"
    assert made.json["proposals"] == ["p-1"]
    return str(outlay("proposals", "show", "p-1", "--json").json["fingerprint"])


def test_a_proposal_is_approved_applied_once_and_rolled_back(outlay: Run, machines: list[str]) -> None:
    fingerprint = propose(outlay, machines)
    assert states(machines) == ["running", "running"]
    assert outlay("proposals", "apply", "p-1").code == 3
    assert outlay("proposals", "approve", "p-1", "--fingerprint", fingerprint[:12]).code == 0
    applied = outlay("proposals", "apply", "p-1", "--json")
    assert applied.json["standing"] == "applied"
    assert states(machines) == ["stopped", "stopped"]
    assert outlay("proposals", "apply", "p-1").code == 3
    assert outlay("proposals", "rollback", "p-1", "--json").json["standing"] == "rolled back"
    assert states(machines) == ["running", "running"]
    assert outlay("audit", "verify").code == 0
    kinds = [one["kind"] for one in outlay("audit", "show", "p-1", "--json").json["events"]]
    assert kinds[:4] == ["proposed", "refused", "approved", "begun"]


def test_the_same_wish_is_not_proposed_twice_while_it_waits(outlay: Run, machines: list[str]) -> None:
    propose(outlay, machines)
    propose(outlay, machines)
    assert len(outlay("proposals", "list", "--json").json["proposals"]) == 1


def test_without_a_terminal_an_approval_has_to_name_its_plan(outlay: Run, machines: list[str]) -> None:
    fingerprint = propose(outlay, machines)
    refused = outlay("proposals", "approve", "p-1")
    assert refused.code == 1
    assert "--fingerprint" in refused.err
    assert outlay("proposals", "approve", "p-1", "--fingerprint", "0" * 12).code == 1
    assert outlay("proposals", "approve", "p-1", "--fingerprint", "").code == 1
    assert outlay("proposals", "approve", "p-1", "--fingerprint", fingerprint[:7]).code == 1
    assert outlay("proposals", "show", "p-1", "--json").json["approved_by"] == []


def test_a_target_that_changed_since_is_left_alone(outlay: Run, machines: list[str]) -> None:
    fingerprint = propose(outlay, machines)
    outlay("proposals", "approve", "p-1", "--fingerprint", fingerprint[:12])
    boto3.client("ec2", region_name=REGION).stop_instances(InstanceIds=machines[:1])
    refused = outlay("proposals", "apply", "p-1")
    assert refused.code == 3
    assert "changed since" in refused.err
    assert states(machines) == ["stopped", "running"]


def test_an_edited_plan_is_another_proposal_without_the_approvals_of_the_first(
    outlay: Run, machines: list[str], home: Path
) -> None:
    home.joinpath("policies.yaml").write_text(POLICIES.replace("ec2_stop", '"ec2_*"'))
    boto3.client("ec2", region_name=REGION).stop_instances(InstanceIds=machines)
    resize = ("ec2_resize", machines[0], "--place", f"region={REGION}", "--set", "instance_type=m5.large")
    assert outlay("proposals", "make", *resize).code == 0
    fingerprint = outlay("proposals", "show", "p-1", "--json").json["fingerprint"]
    assert outlay("proposals", "approve", "p-1", "--fingerprint", fingerprint[:12]).code == 0
    edited = outlay("proposals", "edit", "p-1", "--set", "instance_type=m5.xlarge", "--json").json
    assert edited["proposal"] == "p-2"
    assert edited["approved_by"] == []
    assert edited["plan"]["parameters"]["instance_type"] == "m5.xlarge"
    assert outlay("proposals", "show", "p-1", "--json").json["status"] == "replaced"
    assert outlay("proposals", "apply", "p-1").code == 3
    assert outlay("proposals", "apply", "p-2").code == 3


def test_a_rejected_plan_is_over(outlay: Run, machines: list[str]) -> None:
    fingerprint = propose(outlay, machines)
    assert outlay("proposals", "reject", "p-1", "--reason", "it is needed").code == 0
    assert outlay("proposals", "approve", "p-1", "--fingerprint", fingerprint[:12]).code != 0
    assert outlay("proposals", "apply", "p-1").code == 3
    assert states(machines) == ["running", "running"]


def test_who_is_not_in_people_yaml_can_propose_nothing(outlay: Run, machines: list[str], home: Path) -> None:
    home.joinpath("people.yaml").unlink()
    refused = outlay("proposals", "make", "ec2_stop", machines[0], "--place", f"region={REGION}")
    assert refused.code == 3
    assert "people.yaml" in refused.out + refused.err


def test_somebody_whom_only_the_default_covers_can_propose_nothing(
    outlay: Run, machines: list[str], home: Path
) -> None:
    home.joinpath("people.yaml").write_text("people: {}\ndefault: {rows: everything}\n")
    refused = outlay("proposals", "make", "ec2_stop", machines[0], "--place", f"region={REGION}")
    assert refused.code == 3
    assert outlay("proposals", "list", "--all", "--json").json["proposals"] == []


def test_who_sees_other_rows_sees_no_proposal_of_others(outlay: Run, machines: list[str], home: Path) -> None:
    propose(outlay, machines)
    other = PEOPLE.replace("ada: {", "eve: {").replace(
        "[search], rows: everything", "[billing], rows: {x_Team: [billing]}"
    )
    home.joinpath("people.yaml").write_text(other)
    assert outlay("proposals", "list", "--all", "--json").json["proposals"] == []
    assert outlay("proposals", "show", "p-1").code == 1
    assert outlay("audit", "show", "--json").json["events"] == []


def test_a_dry_run_tells_the_calls_and_makes_none(outlay: Run, machines: list[str]) -> None:
    propose(outlay, machines)
    told = outlay("proposals", "apply", "p-1", "--dry-run", "--json").json
    assert [one["calls"] for one in told["targets"]] == [["ec2:StopInstances"]] * 2
    assert states(machines) == ["running", "running"]


def test_what_a_standing_approval_covers_is_told_with_what_was_used(outlay: Run, machines: list[str]) -> None:
    terms = ("--environment", "staging", "--up-to", "500", "--until", "2099-01-01")
    assert outlay("standing", "grant", "ec2_stop", *terms).code == 0
    told = json.loads(outlay("standing", "list", "--json").out)["standing"]
    assert [(one["id"], one["used"], one["granted_by"]) for one in told] == [("s-1", "0", "ada")]
    assert outlay("standing", "withdraw", "s-1").code == 0
    assert outlay("standing", "list", "--json").json["standing"][0]["withdrawn_at"] is not None


@pytest.mark.parametrize("words", ["approve p-1", "please apply p-1", "undo p-1", "roll back p-1"])
def test_no_question_decides_anything(outlay: Run, machines: list[str], words: str) -> None:
    propose(outlay, machines)
    told = outlay("ask", words, "--json")
    assert told.json["status"] == "refused"
    assert outlay("proposals", "show", "p-1", "--json").json["standing"] == "waiting for approval"


def test_an_answer_that_proposed_something_can_be_verified_and_proposes_nothing_again(
    outlay: Run, machines: list[str]
) -> None:
    made = outlay("ask", f"stop {machines[0]} in {REGION}", "--json")
    assert made.json["status"] == "needs_approval"
    assert outlay("verify", made.json["id"]).code == 0
    assert len(outlay("proposals", "list", "--all", "--json").json["proposals"]) == 1


def test_what_was_never_proposed_is_told_otherwise_than_what_does_not_wait(outlay: Run, machines: list[str]) -> None:
    assert "nothing was proposed yet" in outlay("ask", "show all proposals").out.lower()
    assert "nothing waits" in outlay("ask", "what is waiting for me?").out.lower()


def test_a_wish_for_more_targets_is_another_proposal(outlay: Run, machines: list[str]) -> None:
    for asked in (machines[:1], machines):
        made = outlay("proposals", "make", "ec2_stop", *asked, "--place", f"region={REGION}", "--json")
    assert made.json["proposals"] == ["p-2"]


@pytest.mark.parametrize("secret", ["approval_key", "database_url", "github_token", "webhook_secret"])
def test_a_secret_in_the_settings_file_is_refused_and_not_repeated(outlay: Run, home: Path, secret: str) -> None:
    home.mkdir(exist_ok=True)
    home.joinpath("outlay.toml").write_text(f'{secret} = "hunter2"\n')
    refused = outlay("proposals", "list")
    assert refused.code == 1
    assert f"OUTLAY_{secret.upper()}" in refused.err
    assert "hunter2" not in refused.out + refused.err


def test_a_plan_with_a_notice_waits_for_its_time_and_says_when_nobody_could_be_told(
    outlay: Run, machines: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTLAY_WEBHOOK_SECRET", "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0")
    home.joinpath("outlay.toml").write_text('[aws]\n[webhook]\nurl = "http://127.0.0.1:9"\n')
    made = outlay("proposals", "make", "ec2_stop", *machines, "--place", f"region={REGION}", "--notice", "24")
    assert "could not be announced" in made.out + made.err
    plan = outlay("proposals", "show", "p-1", "--json").json
    assert plan["plan"]["not_before"] is not None
    outlay("proposals", "approve", "p-1", "--fingerprint", plan["fingerprint"])
    refused = outlay("proposals", "apply", "p-1")
    assert refused.code == 3
    assert "announced for" in refused.err
    assert states(machines) == ["running", "running"]
