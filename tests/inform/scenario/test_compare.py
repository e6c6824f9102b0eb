"""Scenarios side by side, and beside what happened after their base."""

from datetime import date
from typing import Any

import pytest

from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.inform.scenario.base import read_base
from tools.inform.scenario.compare import ComparisonRequest, compare_scenarios
from tools.inform.scenario.simulate import AFTER, simulate
from tools.registry import ToolContext

JULY = {"start": "2026-07-01", "end": "2026-08-01"}


def _compared(ctx: ToolContext, **scenarios: dict[str, Any]) -> ToolResult:
    named = [{"name": name, "scenario": {"period": JULY, **one}} for name, one in scenarios.items()]
    return compare_scenarios.run(ctx, ComparisonRequest.model_validate({"scenarios": named}))


def _column(result: ToolResult, name: str) -> list[object]:
    return [row[result.column_index(name)] for row in result.rows]


def test_each_scenario_costs_what_it_costs_alone(ctx: ToolContext) -> None:
    result = _compared(ctx, double={"traffic": "2"}, short={"prompt_length": "0.5", "traffic": "1.1"})
    for row, asked in zip(result.rows, result.evidence.arguments["scenarios"], strict=True):
        alone = simulate.run(ctx, simulate.request.model_validate(asked["scenario"]))
        assert row[result.column_index("After")] == dict(alone.rows)[AFTER]
    assert _column(result, "Scenario") == ["double", "short"]


def test_what_happened_is_the_same_slice_in_the_whole_months_after_the_base(ctx: ToolContext) -> None:
    result = _compared(ctx, same={"traffic": "1"}, huge={"traffic": "50"})
    since = read_base(ctx, (), Period(start=date(2026, 8, 1), end=date(2026, 11, 1)))
    (actual, _) = _column(result, "Actual")
    assert abs(float(str(actual)) - float(since.cost) / 3) < 0.01
    assert _column(result, "Tracked")[1] == "below its range"


def test_a_scenario_of_the_newest_month_is_too_young_to_be_tracked(ctx: ToolContext) -> None:
    october = {"start": "2026-10-01", "end": "2026-11-01"}
    result = _compared(ctx, double={"traffic": "2", "period": october})
    assert _column(result, "Tracked") == ["too early to say"]
    assert "Actual" not in [column.name for column in result.columns]


def test_a_comparison_can_be_run_again_from_its_evidence(ctx: ToolContext) -> None:
    result = _compared(ctx, double={"traffic": "2"})
    again = compare_scenarios.run(ctx, ComparisonRequest.model_validate(result.evidence.arguments))
    assert again == result


def test_a_comparison_needs_a_scenario() -> None:
    with pytest.raises(ValueError, match="at least 1 item"):
        ComparisonRequest(scenarios=())
