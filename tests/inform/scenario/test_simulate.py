"""What a month would cost if things were different, told by the tool over a loaded store."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from evals.what_if.brute import expected
from evals.what_if.cases import check, mismatch, random_scenarios
from evals.what_if.world import Company
from tools.domain.errors import BadRequest, NoData
from tools.domain.result import ToolResult
from tools.inform.scenario.launch import full_days
from tools.inform.scenario.request import ScenarioRequest
from tools.inform.scenario.simulate import AFTER, BEFORE, FULL, HIGH, LOW, PART, simulate
from tools.registry import ToolContext

OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}


def _ask(ctx: ToolContext, **asked: Any) -> ToolResult:
    return simulate.run(ctx, ScenarioRequest.model_validate({"period": OCTOBER, **asked}))


def _costs(result: ToolResult) -> dict[str, Decimal]:
    return {str(step): value for step, value in result.rows if isinstance(value, Decimal)}


def test_random_scenarios_cost_what_changing_every_row_by_itself_gives(made: Company, ctx: ToolContext) -> None:
    found = [check(made, ctx, asked) for asked in random_scenarios(7, 40)]
    assert [one.fault for one in found if one.fault] == []
    assert sum(one.told for one in found) > 20


def test_the_comparison_notices_a_wrong_figure(made: Company, ctx: ToolContext) -> None:
    asked = {"period": OCTOBER, "filters": [], "traffic": "2", "cache_hit_rate": "0.85"}
    wanted = expected(made, asked)
    assert wanted is not None
    assert mismatch(ctx, asked, wanted) is None
    assert mismatch(ctx, asked, {**wanted, "traffic": wanted["traffic"] + Decimal("0.02")}) is not None


def test_doubled_traffic_doubles_the_cost(ctx: ToolContext) -> None:
    costs = _costs(_ask(ctx, traffic="2"))
    assert costs[AFTER] == 2 * costs[BEFORE]


def test_parts_sum_to_the_difference_and_do_not_depend_on_the_order_of_the_request(ctx: ToolContext) -> None:
    levers = {"batch_share": "0.5", "traffic": "1.3", "prompt_length": "0.7", "price_change": {"factor": "0.9"}}
    one, other = _ask(ctx, **levers), _ask(ctx, **dict(reversed(levers.items())))
    costs = _costs(one)
    parts = [value for step, value in costs.items() if step.startswith(PART)]
    assert len(parts) == len(levers)
    assert sum(parts) == costs[AFTER] - costs[BEFORE]
    assert one.rows == other.rows


def test_two_savings_together_save_less_than_both_alone_and_neither_is_counted_twice(ctx: ToolContext) -> None:
    shorter, cheaper = {"prompt_length": "0.5"}, {"price_change": {"factor": "0.5"}}
    alone = [_costs(_ask(ctx, **one)) for one in (shorter, cheaper)]
    both = _costs(_ask(ctx, **shorter, **cheaper))
    saved = [costs[BEFORE] - costs[AFTER] for costs in (*alone, both)]
    assert saved[2] < saved[0] + saved[1]


def test_a_share_that_is_reached_already_changes_nothing(ctx: ToolContext) -> None:
    costs = _costs(_ask(ctx, cache_hit_rate="0", batch_share="0"))
    assert costs[AFTER] == costs[BEFORE]


def test_what_is_not_used_is_priced_by_list_and_that_is_said(ctx: ToolContext) -> None:
    result = _ask(ctx, switch={"from_model": "alpha-large", "to_model": "gamma-new"})
    assert any(note.startswith("priced by list") and "gamma-new" in note for note in result.evidence.caveats)


def test_models_that_can_not_be_batched_stay_and_are_named(ctx: ToolContext) -> None:
    caveats = _ask(ctx, batch_share="1").evidence.caveats
    assert any("no batch price" in note and "beta-pro" in note for note in caveats)


def test_an_interval_holds_the_scenario_and_needs_four_weeks(ctx: ToolContext) -> None:
    costs = _costs(_ask(ctx, traffic="2"))
    assert costs[LOW] < costs[AFTER] < costs[HIGH]
    early = _ask(ctx, traffic="2", period={"start": "2026-07-01", "end": "2026-07-15"})
    assert LOW not in _costs(early)
    assert any("no interval" in note for note in early.evidence.caveats)


def test_more_gpus_cost_their_hours_on_demand(ctx: ToolContext) -> None:
    eight, none = (_costs(_ask(ctx, more_gpus={"kind": "H100", "count": count})) for count in (8, 0))
    four = _costs(_ask(ctx, more_gpus={"kind": "H100", "count": 4}))
    assert none[AFTER] == none[BEFORE]
    assert abs((eight[AFTER] - eight[BEFORE]) - 2 * (four[AFTER] - four[BEFORE])) < Decimal("1e-10")


def test_a_commitment_is_paid_in_full_and_takes_the_place_of_hours_on_demand_only(ctx: ToolContext) -> None:
    free, dear = (_costs(_ask(ctx, commitment={"kind": "H100", "count": 4, "discount": share})) for share in ("1", "0"))
    assert free[AFTER] < free[BEFORE]
    assert dear[AFTER] > dear[BEFORE]


def test_more_gpus_and_a_commitment_for_them_are_not_counted_twice(made: Company, ctx: ToolContext) -> None:
    asked = {
        "period": OCTOBER,
        "more_gpus": {"kind": "H100", "count": 8},
        "commitment": {"kind": "H100", "count": 12, "discount": "0.4"},
    }
    assert check(made, ctx, asked).fault is None


def test_the_last_full_month_is_the_base_when_none_is_named(ctx: ToolContext) -> None:
    result = simulate.run(ctx, ScenarioRequest(traffic=Decimal(2)))
    assert result.evidence.arguments["period"] == OCTOBER


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"switch": {"from_model": "beta-pro", "to_model": "alpha-embed"}}, BadRequest, "no price of output tokens"),
        ({"switch": {"from_model": "gamma-new", "to_model": "beta-pro"}}, BadRequest, "no usage of gamma-new"),
        ({"price_change": {"factor": "2", "model": "gpt-9"}}, BadRequest, "no usage of gpt-9"),
        ({"more_gpus": {"kind": "B300", "count": 1}}, NoData, "there is A100, H100, L4"),
        ({"traffic": "2", "period": {"start": "2025-01-01", "end": "2025-02-01"}}, NoData, "no token usage"),
    ],
)
def test_what_can_not_be_told_is_refused_with_what_would_work(
    ctx: ToolContext, asked: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        _ask(ctx, **asked)


@pytest.mark.parametrize("asked", [{}, {"switch": {"from_model": "m", "to_model": "M"}}, {"batch_share": "1.1"}])
def test_a_request_without_a_change_is_no_request(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"nothing would be different|switched to itself|less than or equal to 1"):
        ScenarioRequest.model_validate(asked)


def test_a_launch_costs_its_requests_at_the_price_of_its_model(ctx: ToolContext) -> None:
    launch = {"model": "alpha-small", "requests_a_day": 1000, "input_tokens": 2000, "output_tokens": 500}
    costs = _costs(_ask(ctx, launch=launch))
    part = Decimal(30 * 1000) * (2000 * Decimal("0.3") + 500 * Decimal("1.2")) / 1_000_000
    assert costs[AFTER] - costs[BEFORE] == part == 36


def test_a_ramp_of_a_month_brings_half_of_it_and_a_day_and_the_full_month_is_told_beside_it(ctx: ToolContext) -> None:
    launch = {"model": "gamma-new", "requests_a_day": 1000, "input_tokens": 1000, "output_tokens": 0, "ramp_days": 30}
    costs = _costs(_ask(ctx, launch=launch))
    assert costs[AFTER] - costs[BEFORE] == Decimal("0.7") * Decimal("15.5")
    assert costs[FULL] - costs[BEFORE] == Decimal("0.7") * 30


@pytest.mark.parametrize(("ramp", "days"), [(0, "30"), (1, "30"), (10, "25.5"), (60, "7.75")])
def test_full_days_of_a_ramp(ramp: int, days: str) -> None:
    assert full_days(ramp) == Fraction(days) == sum(Fraction(min(day, ramp or 1), ramp or 1) for day in range(1, 31))


def test_a_launch_says_what_one_request_was_taken_to_be(ctx: ToolContext) -> None:
    result = _ask(ctx, launch={"model": "alpha-small", "requests_a_day": 10, "output_tokens": 7})
    assert any("and 7 output tokens, what was not said as in the base" in one for one in result.evidence.caveats)


def test_a_launch_on_a_model_without_a_price_is_refused(ctx: ToolContext) -> None:
    with pytest.raises(BadRequest, match="no price of input tokens of nobody-knows-it"):
        _ask(ctx, launch={"model": "nobody-knows-it", "requests_a_day": 10})
