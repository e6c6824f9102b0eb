"""`outlay check` and `outlay policies`, as a pipeline calls them."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.operate.check.plans import sbatch, terraform

JOB = sbatch("--job-name=big", "--account=lab", "--gres=gpu:h100:8", "--nodes=1", "--time=60")
RULES = """
rules:
  - name: no-h100
    resource: gpu_machine
    action: {action}
    filters: [{{column: Card, is: H100}}]
"""


@pytest.fixture
def job(tmp_path: Path) -> Path:
    path = tmp_path / "job.sh"
    path.write_text(JOB, encoding="utf-8")
    return path


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES.format(action="block"), encoding="utf-8")
    return path


def test_a_plan_is_priced_without_a_home(outlay: Run, job: Path) -> None:
    outcome = outlay("check", job)
    assert outcome.code == 0
    assert "8 × H100, for 1 hour" in outcome.out
    assert "no policy applies" in outcome.out


def test_a_blocking_policy_is_exit_code_4_and_a_warning_only_when_strict(outlay: Run, job: Path, rules: Path) -> None:
    assert outlay("check", job, "--policies", rules).code == 4
    rules.write_text(RULES.format(action="finding"), encoding="utf-8")
    assert outlay("check", job, "--policies", rules).code == 0
    assert outlay("check", job, "--policies", rules, "--strict").code == 4


def test_the_home_s_policies_apply_by_themselves(outlay: Run, home: Path, job: Path, rules: Path) -> None:
    home.mkdir()
    (home / "policies.yaml").write_text(rules.read_text("utf-8"), encoding="utf-8")
    assert outlay("check", job).code == 4


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--format", "pdf"), 2),
        (("--hours", "soon"), 2),
        (("--card", "H10"), 2),
        (("--policies", "none.yaml"), 1),
    ],
)
def test_wrong_use_is_2_and_what_can_not_be_read_is_1(
    outlay: Run, job: Path, arguments: tuple[str, ...], code: int
) -> None:
    assert outlay("check", *([job] if arguments else []), *arguments).code == code


def test_a_file_that_is_no_plan_is_one_sentence(outlay: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello\n", encoding="utf-8")
    outcome = outlay("check", tmp_path / "notes.txt")
    assert outcome.code == 1
    assert "a Terraform plan (terraform show -json PLAN), Kubernetes manifests, a Slurm script" in outcome.err


def test_json_is_one_object_and_says_the_same_by_both_options(outlay: Run, job: Path) -> None:
    told = outlay("check", job, "--json").json
    assert told == outlay("check", job, "--format", "json").json
    assert (told["status"], told["resources"][0]["gpu_hours"]) == ("within_policy", {"low": "8", "high": "8"})


def test_output_goes_to_a_file_and_a_line_to_stderr(outlay: Run, job: Path, rules: Path, tmp_path: Path) -> None:
    out = tmp_path / "check.sarif"
    outcome = outlay("check", job, "--policies", rules, "--format", "sarif", "--output", out)
    assert (outcome.code, outcome.out) == (4, "")
    assert "blocked by 1 policy" in outcome.err
    assert json.loads(out.read_text("utf-8"))["version"] == "2.1.0"


def test_several_forms_are_checked_together_and_told_apart_by_what_they_hold(
    outlay: Run, job: Path, tmp_path: Path
) -> None:
    plan, config = tmp_path / "a.txt", tmp_path / "b.txt"
    plan.write_text(terraform({"type": "aws_instance", "after": {"instance_type": "p5.48xlarge"}}), encoding="utf-8")
    config.write_text("training: {gpus: 8, card: H100, hours: 2}\n", encoding="utf-8")
    told = outlay("check", job, plan, config, "--json").json
    assert [one["format"] for one in told["files"]] == ["slurm", "terraform", "training"]


def test_own_rates_and_what_a_team_used_come_from_the_home(outlay: Run, home: Path, job: Path, tmp_path: Path) -> None:
    bill = tmp_path / "bill.csv"
    bill.write_text(
        "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
        "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeDescription,HostProviderName,ServiceName,"
        "PricingQuantity,PricingUnit,PricingCategory,x_Team\n"
        "160,160,160,160,USD,2026-10-01,2026-11-01,2026-10-05,2026-10-06,Usage,8x H100 node,Neo,GPU,"
        "10,Hours,Standard,lab\n",
        encoding="utf-8",
    )
    outlay("ingest", "focus", bill)
    (home / "policies.yaml").write_text(
        "rules:\n  - name: quota\n    resource: gpu_machine\n    action: block\n"
        "    filters: [{column: GpuHours, above: 87}]\n",
        encoding="utf-8",
    )
    outcome = outlay("check", job, "--as-of", "2026-10-31", "--json")
    assert outcome.code == 4
    (resource,) = outcome.json["resources"]
    assert (resource["priced_by"], resource["cost"]) == ("own", {"low": "16", "high": "16"})
    assert (outcome.json["findings"][0]["used"], outcome.json["findings"][0]["observed"]["high"]) == ("80", "88")
    assert "EffectiveCost" in outcome.json["evidence"][0]["sql"]
    answer = outlay("policies", "--as-of", "2026-10-31", "--json")
    assert (answer.code, answer.json["status"], answer.json["tables"][0]["rows"]) == (0, "answered", [])


def test_violations_are_an_answer_that_can_be_verified(outlay: Run, home: Path, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    (home / "policies.yaml").write_text(
        "rules:\n  - name: cap\n    resource: charge\n    filters:\n"
        "      - {column: EffectiveCost, above: 10, currency: USD}\n",
        encoding="utf-8",
    )
    outcome = outlay("policies", "--as-of", "2026-10-31", "--json")
    assert (outcome.code, outcome.json["status"]) == (0, "answered")
    assert "15.105" in [figure["value"] for figure in outcome.json["figures"]]
    assert outlay("verify", outcome.json["id"]).code == 0
    asked = outlay("ask", "which policies are violated?", "--as-of", "2026-10-31", "--json").json
    assert asked["tables"] == outcome.json["tables"] or asked["figures"] == outcome.json["figures"]


def test_the_example_can_be_used_as_it_is(outlay: Run, home: Path) -> None:
    home.mkdir()
    example = outlay("policies", "example").out
    (home / "policies.yaml").write_text(example, encoding="utf-8")
    outcome = outlay("policies", "check")
    assert outcome.code == 0
    assert "10 rules in policies.yaml can be used" in outcome.out
    assert len(outlay("policies", "check", "--json").json["rules"]) == 10


def test_a_file_that_can_not_be_used_names_the_line(outlay: Run, home: Path) -> None:
    home.mkdir()
    (home / "policies.yaml").write_text("rules:\n  - name: x\n    resource: gpus\n", encoding="utf-8")
    outcome = outlay("policies", "check")
    assert outcome.code == 1
    assert "policies.yaml line 3, rule 'x'" in outcome.err


def test_without_a_file_it_says_how_to_begin(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    assert "outlay policies example" in outlay("policies").out
    assert "outlay policies example" in outlay("policies", "check").err


def test_every_command_has_help_with_an_example(outlay: Run) -> None:
    for command in (["check"], ["policies"], ["policies", "check"], ["policies", "example"]):
        assert "Example: outlay" in outlay(*command, "--help").out
