"""policy_violations: a result whose figures can be run again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.operate.policies.company import Charge, company
from tools.domain.errors import BadRequest, UnknownName
from tools.domain.scope import Filter, Scope
from tools.operate.policies.tool import PolicyRequest, policy_violations
from tools.store import Store

POLICIES = """
rules:
  - {name: quota, resource: charge, severity: high, filters: [{column: EffectiveCost, above: 50, currency: USD}]}
  - {name: idle, resource: idle_gpu, filters: [{column: IdleHours, above: 5}]}
  - {name: models, resource: llm_usage, filters: [{column: x_Model, is_not: good}]}
"""
CHARGES = [Charge("60", team="a"), Charge("40", team="b"), Charge("1", "t", team="b", model="bad", tokens="7")]


def test_a_row_says_what_is_over_which_limit_and_whose(tmp_path: Path) -> None:
    result = policy_violations.run(company(tmp_path, CHARGES, POLICIES), PolicyRequest())
    rows = [dict(zip([column.name for column in result.columns], row, strict=True)) for row in result.rows]
    assert [(row["Rule"], row["Target"], row["Observed"], row["Limit"], row["Owner"]) for row in rows] == [
        ("quota", "a", Decimal(60), Decimal(50), "a"),
        ("models", "bad", Decimal(7), Decimal(0), None),
    ]
    assert rows[0]["Limited"] == "effective cost in USD"
    assert any("could not judge idle: no GPU samples" in caveat for caveat in result.evidence.caveats)


def test_figures_of_one_unit_have_it(tmp_path: Path) -> None:
    result = policy_violations.run(company(tmp_path, CHARGES, POLICIES), PolicyRequest(rule="quota"))
    assert result.columns[result.column_index("Observed")].unit == "USD"


def test_who_is_over_quota_leaves_other_rules_out(tmp_path: Path) -> None:
    result = policy_violations.run(company(tmp_path, CHARGES, POLICIES), PolicyRequest(quotas=True))
    assert [row[0] for row in result.rows] == ["quota"]


def test_one_team_s_violations_can_be_asked_for(tmp_path: Path) -> None:
    result = policy_violations.run(company(tmp_path, CHARGES, POLICIES), PolicyRequest(owner="b"))
    assert (result.rows, result.no_data) == ((), None)


def test_it_can_be_told_as_it_stood_on_another_day(tmp_path: Path) -> None:
    result = policy_violations.run(company(tmp_path, CHARGES, POLICIES), PolicyRequest(on=date(2026, 11, 9)))
    assert result.rows == ()
    assert result.evidence.arguments["on"] == "2026-11-09"


def test_without_rules_it_says_how_to_write_some(tmp_path: Path) -> None:
    result = policy_violations.run(company(tmp_path, CHARGES), PolicyRequest())
    assert "outlay policies example" in (result.no_data or "")


def test_a_result_is_not_run_again_by_other_rules(tmp_path: Path) -> None:
    ctx = company(tmp_path, CHARGES, POLICIES)
    result = policy_violations.run(ctx, PolicyRequest())
    again = policy_violations.run(ctx, PolicyRequest.model_validate(result.evidence.arguments))
    assert again == result
    assert ctx.policies is not None
    ctx.policies.write_text(POLICIES.replace("above: 50", "above: 10"), encoding="utf-8")
    with pytest.raises(BadRequest, match=r"policies\.yaml has changed"):
        policy_violations.run(ctx, PolicyRequest.model_validate(result.evidence.arguments))


def test_who_sees_a_part_is_told_that_it_is_judged_over_that_part(tmp_path: Path) -> None:
    ctx = company(tmp_path, CHARGES, POLICIES)
    scope = Scope(filters=(Filter(dimension="x_Team", values=("b",)),))
    narrow = replace(ctx, store=Store(tmp_path / "store", scope=scope).snapshot())
    result = policy_violations.run(narrow, PolicyRequest())
    assert [row[1] for row in result.rows] == ["bad"]
    assert any("judged over what you may see" in caveat for caveat in result.evidence.caveats)


def test_an_unknown_rule_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="quota"):
        policy_violations.run(company(tmp_path, CHARGES, POLICIES), PolicyRequest(rule="quotta"))
