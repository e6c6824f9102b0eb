"""Plans held to the policies."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.operate.check.plans import check, sbatch, terraform
from tests.operate.policies.company import Charge, company
from tools.ingest.records import load_records
from tools.operate.check.options import CheckOptions
from tools.operate.check.span import Span
from tools.store import Store

NODE = "8x H100 SXM node"
JOB = sbatch("--account=lab", "--gres=gpu:h100:8", "--nodes=1", "--time=10:00:00")
QUOTA: dict[str, Any] = {
    "name": "quota", "resource": "gpu_machine", "action": "block", "by": "x_Team",
    "filters": [{"column": "GpuHours", "above": "1000"}],
}  # fmt: skip


def money(limit: str, resource: str = "charge", column: str = "EffectiveCost") -> dict[str, Any]:
    filters = [{"column": column, "above": limit, "currency": "USD"}]
    return {"name": "money", "resource": resource, "action": "block", "filters": filters}


@pytest.mark.parametrize(("used", "is_over"), [("114", False), ("115", False), ("115.1", True)])
def test_a_quota_counts_the_month_to_date_and_the_plan(tmp_path: Path, used: str, is_over: bool) -> None:
    ctx = company(tmp_path, [Charge("160", NODE, used, "lab"), Charge("9", NODE, "900", "other")])
    report = check(JOB, rules=(QUOTA,), ctx=ctx)
    assert (report.is_blocked, report.is_certain) == (is_over, True)
    if not is_over:
        assert report.notes[0].startswith("quota: with this plan lab is at ")
    else:
        (found,) = report.findings
        assert found.used == Decimal(used) * 8
        assert found.observed == Span.of(Decimal(used) * 8 + 80)
        assert "over the quota of lab (1,000 GPU-hours a month, 921 GPU-hours used so far)" in found.message


def test_a_team_is_the_same_in_any_case(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("160", NODE, "120", "Lab")])
    assert check(JOB, rules=(QUOTA,), ctx=ctx).findings[0].used == 960


def test_plans_that_are_checked_together_count_together(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("160", NODE, "110", "lab")])
    assert not check(JOB, rules=(QUOTA,), ctx=ctx).is_blocked
    report = check(JOB, JOB, rules=(QUOTA,), ctx=ctx)
    assert report.findings[0].observed == Span.of(880 + 160)


def test_the_cost_is_held_to_a_quota_of_money_by_its_high_end(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("800", NODE, "50", "lab"), Charge("1200", NODE, "50", "lab")])
    report = check(JOB, rules=(money("2200"),), ctx=ctx)
    (found,) = report.findings
    assert found.observed == Span(Decimal(2160), Decimal(2240))
    assert "will cost 160–240 USD, may be over the quota of lab" in found.message


def test_a_plan_that_takes_away_breaks_no_quota(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("9999", NODE, "900", "lab")])
    plan = terraform({"type": "aws_instance", "actions": ["delete"],
                      "before": {"instance_type": "p4d.24xlarge", "tags": {"team": "lab"}}})  # fmt: skip
    assert check(plan, rules=(QUOTA, money("1")), ctx=ctx).findings == ()


def test_without_a_team_no_team_s_quota_is_broken_and_that_is_said(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("160", NODE, "900", "lab")])
    rule = QUOTA | {"filters": [*QUOTA["filters"], {"column": "x_Team", "is": "lab"}]}
    job = JOB.replace("#SBATCH --account=lab\n", "")
    report = check(job, rules=(rule,), ctx=ctx)
    assert (report.findings, report.notes) == (
        (),
        ("no team is named for plan-0; --team holds it to the team's quotas",),
    )
    assert check(job, rules=(rule,), ctx=ctx, options=CheckOptions(team="lab")).is_blocked


def test_a_team_that_the_data_do_not_have_is_noted(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("160", NODE, "1", "labs")])
    assert "no spend of team lab is in the data; there is labs" in check(JOB, rules=(QUOTA,), ctx=ctx).notes


def test_without_data_the_plan_alone_is_held_to_the_quota() -> None:
    small = QUOTA | {"filters": [{"column": "GpuHours", "above": "79"}]}
    assert check(JOB, rules=(small,)).is_blocked
    assert "nothing is loaded" in check(JOB, rules=(QUOTA,)).notes[0]


@pytest.mark.parametrize(
    ("filters", "is_forbidden"),
    [
        ([{"column": "Card", "is": "H100"}], True),
        ([{"column": "Card", "is": ["H200", "B200"]}], False),
        ([{"column": "Card", "is": "H100"}, {"column": "x_Team", "is_not": "lab"}], False),
        ([{"column": "Card", "is": "H100"}, {"column": "x_Team", "is_not": "other"}], True),
    ],
)
def test_a_forbidden_card_may_not_be_planned(filters: list[dict[str, Any]], is_forbidden: bool) -> None:
    rule = {"name": "cards", "resource": "gpu_machine", "action": "block", "filters": filters}
    assert check(JOB, rules=(rule,)).is_blocked is is_forbidden


def test_what_a_rule_goes_by_and_a_plan_does_not_tell_is_noted_not_judged() -> None:
    region = {"name": "home", "resource": "gpu_machine", "filters": [{"column": "RegionId", "is_not": "eu-north-1"}]}
    tag = {"name": "tag", "resource": "gpu_machine", "filters": [{"column": "tag:approved", "missing": True}]}
    report = check(JOB, rules=(region, tag))
    assert (report.findings, report.is_certain) == ((), False)
    assert [note.split(":")[0].split(" ")[0] for note in report.notes] == ["home", "tag"]


@pytest.mark.parametrize(
    ("rule", "is_over"),
    [
        (money("100", "run"), True),
        (money("5000", "run"), False),
        (money("100", "planned", "Cost"), True),
        (money("2", "gpu_machine", "PricePerGpuHour"), True),
        ({"name": "g", "resource": "planned", "action": "block", "filters": [{"column": "Gpus", "above": "7"}]}, True),
        ({"name": "g", "resource": "planned", "action": "block", "filters": [{"column": "Gpus", "above": "8"}]}, False),
        ({"name": "h", "resource": "planned", "action": "block", "filters": [{"column": "Hours", "above": "9"}]}, True),
    ],
)  # fmt: skip
def test_a_job_is_held_to_limits_of_one_run(rule: dict[str, Any], is_over: bool) -> None:
    assert check(JOB, rules=(rule,), options=CheckOptions(provider="Lambda")).is_blocked is is_over


def test_machines_that_run_on_are_no_run() -> None:
    plan = terraform({"type": "aws_instance", "after": {"instance_type": "p5.48xlarge"}})
    assert not check(plan, rules=(money("100", "run"),)).is_blocked


def test_a_limit_in_another_currency_is_noted_not_judged() -> None:
    rule = {"name": "m", "resource": "run", "action": "block",
            "filters": [{"column": "EffectiveCost", "above": "1", "currency": "EUR"}]}  # fmt: skip
    report = check(JOB, rules=(rule,))
    assert (report.is_blocked, report.notes) == (False, ("m is in EUR, plan-0 in USD",))


def test_a_rule_that_only_tells_is_a_warning() -> None:
    rule = {"name": "cards", "resource": "gpu_machine", "filters": [{"column": "Card", "is": "H100"}]}
    report = check(JOB, rules=(rule,))
    assert (report.is_blocked, report.has_warnings) == (False, True)


def test_what_has_no_price_is_a_warning_and_no_zero() -> None:
    report = check(sbatch("--gres=gpu:8", "--nodes=1", "--time=60"))
    (found,) = report.findings
    assert (found.rule, found.level, report.totals) == ("unpriced", "warning", {})
    assert "which card it asks for is not named" in found.message


def test_a_budget_is_held_to_what_is_spent_and_the_plan(tmp_path: Path) -> None:
    company(tmp_path, [Charge("850", NODE, "50", "lab")])
    path = tmp_path / "budgets.csv"
    path.write_text("name,x_Team,start,end,amount,currency\nlab,lab,2026-11-01,2026-12-01,1000,USD\n"
                    "other,other,2026-11-01,2026-12-01,10,USD\n")  # fmt: skip
    load_records(Store(tmp_path / "store"), "budgets", [path])
    rule = {"name": "b", "resource": "budget", "action": "block", "filters": [{"column": "UsedShare", "above": "0.9"}]}
    (found,) = check(JOB, rules=(rule,), ctx=company(tmp_path, [])).findings
    assert found.observed == Span.of(Decimal("1.02"))
    assert "take the budget lab to 102 %, over 90 %" in found.message


def test_a_schedule_is_held_to_the_cost_of_one_run() -> None:
    manifest = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\nspec:\n  schedule: '@hourly'\n  jobTemplate:\n"
        "    spec:\n      activeDeadlineSeconds: 3600\n      template:\n        spec:\n"
        "          nodeSelector: {accelerator: nvidia-h100}\n"
        "          containers: [{name: m, resources: {limits: {nvidia.com/gpu: 1}}}]\n"
    )
    options = CheckOptions(provider="Lambda")
    assert not check(manifest, rules=(money("5", "run"),), options=options).is_blocked
    assert check(manifest, rules=(money("4", "run"),), options=options).is_blocked


def test_the_queries_behind_own_rates_and_what_is_used_are_kept(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("160", NODE, "115.1", "lab")])
    report = check(JOB, rules=(QUOTA,), ctx=ctx)
    rates, used = report.evidence
    assert len(ctx.store.query(rates.sql, rates.parameters).rows) == 1
    (row,) = ctx.store.query(used.sql, used.parameters).rows
    assert row[-2] == Decimal("115.1")
