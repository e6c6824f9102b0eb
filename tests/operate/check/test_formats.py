"""What a check is told as: text, JSON, Markdown and SARIF."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.operate.check.plans import check, sbatch, terraform
from tools.operate.check.as_json import as_json
from tools.operate.check.as_markdown import as_markdown
from tools.operate.check.as_sarif import as_sarif
from tools.operate.check.as_text import as_text
from tools.operate.check.options import CheckOptions
from tools.operate.check.report import CheckReport
from tools.operate.policies.rule import Rule

SHAPE = json.loads(Path(__file__).with_name("sarif_shape.json").read_text("utf-8"))
FORBIDDEN = {
    "name": "no-h100", "resource": "gpu_machine", "action": "block", "severity": "high", "message": "ask | first @all",
    "filters": [{"column": "Card", "is": "H100"}],
}  # fmt: skip
JOB = sbatch("--job-name=big", "--gres=gpu:h100:8", "--nodes=2", "--time=2-0")
LAMBDA = CheckOptions(provider="Lambda")


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(JOB, sbatch("--gres=gpu:2", "--time=5"), rules=(FORBIDDEN,), options=LAMBDA)


def test_text_says_cost_verdict_and_where_each_figure_is_from(report: CheckReport) -> None:
    assert as_text(report).splitlines()[:5] == [
        "2,527–3,295 USD, 1 of 2 resources unpriced: blocked by 1 policy, 1 kind of warning",
        "",
        "big (Slurm job, plan-0:3)",
        "  2,527–3,295 USD: 16 × H100, for 48 hours",
        "  list prices, 3.29–4.29 USD a GPU-hour: 5 machines with H100 of Lambda",
    ]
    assert "BLOCKED no-h100: big would take H100" in as_text(report)


def test_markdown_is_a_comment_in_which_nothing_of_the_plan_is_markup(report: CheckReport) -> None:
    text = as_markdown(report)
    assert text.startswith("### ❌ Outlay: 2,527–3,295 USD, 1 of 2 resources unpriced, blocked by 1 policy")
    assert "| `big` | 16 × H100, for 48 hours | 2,527–3,295 USD |" in text
    assert "ask \\| first @\u200ball" in text
    assert "<details><summary>What these figures rest on</summary>" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {5}


def test_a_hostile_name_stays_text() -> None:
    name = "x`|<img src=y>|@all"
    report = check(JOB.replace("--job-name=big", f"--job-name='{name}'"), options=LAMBDA)
    text = as_markdown(report)
    assert "<img" not in text.replace("\\<img", "")
    assert "@all" not in text


def test_json_has_exact_amounts_as_text(report: CheckReport) -> None:
    told = json.loads(json.dumps(as_json(report)))
    assert (told["status"], told["totals"]) == ("blocked", [{"currency": "USD", "low": "2526.72", "high": "3294.72"}])
    assert [one["unpriced"] is None for one in told["resources"]] == [True, False]
    assert told["resources"][1]["cost"] is None


def test_sarif_has_the_shape_of_the_standard(report: CheckReport) -> None:
    told = as_sarif(report, (Rule.model_validate(FORBIDDEN),))
    jsonschema.validate(json.loads(json.dumps(told)), SHAPE)
    run = told["runs"][0]
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [
        ("no-h100", "error"),
        ("unpriced", "warning"),
        ("planned-cost", "note"),
    ]
    assert all(run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "plan-0"}, "region": {"startLine": 3}}


@pytest.mark.parametrize(
    "broken",
    [
        {"version": "2.0.0"},
        {"runs": [{"tool": {"driver": {}}}]},
        {"runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"ruleId": "x"}]}]},
        {"runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "x"}, "level": "bad"}]}]},
        {"runs": [{"tool": {"driver": {"name": "x"}}, "results": [], "colour": "blue"}]},
    ],
)
def test_the_shape_refuses_what_the_standard_refuses(broken: dict[str, Any], report: CheckReport) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_sarif(report, ()) | broken, SHAPE)


def test_a_finding_keeps_its_fingerprint_when_the_line_moves() -> None:
    def prints(text: str) -> list[str]:
        told = as_sarif(check(text, rules=(FORBIDDEN,)), (Rule.model_validate(FORBIDDEN),))
        return [one["partialFingerprints"]["outlay/v1"] for one in told["runs"][0]["results"]]

    assert prints(JOB) == prints(JOB.replace("#!/bin/bash", "#!/bin/bash\n# a remark"))


def test_a_change_is_told_against_what_runs_now() -> None:
    one = {"type": "aws_instance", "actions": ["update"], "before": {"instance_type": "p5.48xlarge"},
           "after": {"instance_type": "p4d.24xlarge"}}  # fmt: skip
    lines = as_text(check(terraform(one))).splitlines()
    assert lines[:2] == ["16,029 USD: no policy applies", "−24,150 USD compared with what runs now"]
    assert lines[4] == "  16,029 USD (−24,150 USD): 1 × p5.48xlarge → 1 × p4d.24xlarge, a month"


def test_what_goes_is_told_by_what_it_saves() -> None:
    gone = {"type": "aws_instance", "actions": ["delete"], "before": {"instance_type": "p5.48xlarge"}}
    assert "  −40,179 USD: deleted: 1 × p5.48xlarge" in as_text(check(terraform(gone))).splitlines()


def test_a_plan_of_nothing_is_told_as_that() -> None:
    assert as_text(check(sbatch("--nodes=2"))) == "nothing that is priced here: no policy applies\n"
    assert as_markdown(check(sbatch("--nodes=2"))).startswith("### ✅ Outlay: nothing that is priced here")
