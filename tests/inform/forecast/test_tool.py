from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.inform.forecast.world import FEE, FIRST, LAST, amounts, column, forecast, world
from tools.domain.errors import BadRequest
from tools.domain.scope import Filter, Scope
from tools.registry import ToolContext

DECEMBER = {"start": "2026-12-01", "end": "2027-01-01"}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    return world(tmp_path_factory.mktemp("forecast"))


def test_the_running_month_is_its_actuals_with_the_days_to_come(context: ToolContext) -> None:
    result = forecast(context)
    known = sum(amounts()[(date(2026, 11, 1) - FIRST).days :], Decimal(FEE))
    total = result.totals["EffectiveCost"]
    assert result.totals["Actual"] == known
    assert total is not None
    assert known < total < known * 3
    assert column(result, "Basis")[-1] == "actual and forecast"


def test_a_growing_series_with_a_monthly_fee_is_foreseen_nearer_than_by_the_baseline(context: ToolContext) -> None:
    result = forecast(context, period=DECEMBER)
    days = [date(2026, 12, 1) + timedelta(days=n) for n in range(31)]
    true = FEE + sum((300 + (day - FIRST).days) * (0.6 if day.weekday() >= 5 else 1) for day in days)
    total, baseline = result.totals["EffectiveCost"], result.totals["Baseline"]
    assert total is not None
    assert baseline is not None
    assert abs(float(total) - true) < 0.05 * true
    assert abs(float(total) - true) < abs(float(baseline) - true)


def test_the_error_of_past_forecasts_stands_beside_the_baselines(context: ToolContext) -> None:
    totals = forecast(context, period=DECEMBER).totals
    assert totals["Error"] is not None
    assert totals["BaselineError"] is not None
    assert 0 < totals["Error"] < totals["BaselineError"] < 1


def test_limits_hold_the_forecast_and_each_other(context: ToolContext) -> None:
    result = forecast(context, period={"start": "2026-12-01", "end": "2027-03-01"}, granularity="week")
    names = ("Low95", "Low80", "EffectiveCost", "High80", "High95")
    for row in zip(*(column(result, name) for name in names), strict=True):
        known = [cell for cell in row if isinstance(cell, Decimal)]
        assert len(known) in (1, 5)
        assert known == sorted(known)


def test_the_parts_sum_to_the_whole_to_the_last_digit(context: ToolContext) -> None:
    whole = forecast(context, period=DECEMBER).totals
    parts = forecast(context, period=DECEMBER, group_by=["x_Team"])
    assert sum(column(parts, "EffectiveCost")) == whole["EffectiveCost"] == parts.totals["EffectiveCost"]  # type: ignore[call-overload]


def test_a_begun_period_by_week_and_team_sums_to_the_whole_too(context: ToolContext) -> None:
    november = {"start": "2026-11-01", "end": "2026-12-01"}
    parts = forecast(context, period=november, group_by=["x_Team"], granularity="week")
    assert sum(column(parts, "EffectiveCost")) == parts.totals["EffectiveCost"]  # type: ignore[call-overload]
    assert parts.totals["Actual"] == forecast(context).totals["Actual"]


def test_a_forecast_run_again_from_its_evidence_is_the_same(context: ToolContext) -> None:
    first = forecast(context, period=DECEMBER, group_by=["x_Team"])
    again = forecast(context, **first.evidence.arguments)
    assert (again.rows, again.totals, again.columns) == (first.rows, first.totals, first.columns)


def test_this_month_is_the_same_beside_next_month(context: ToolContext) -> None:
    alone, beside = forecast(context), forecast(context, period=DECEMBER)
    assert alone.totals["EffectiveCost"] == column(beside, "EffectiveCost")[-2]


def test_a_planned_change_is_added_exactly(context: ToolContext) -> None:
    change = {"name": "launch", "start": "2026-12-22", "per_day": "250"}
    before, after = (forecast(context, period=DECEMBER, changes=c).totals["EffectiveCost"] for c in ([], [change]))
    assert after - before == 250 * 10  # type: ignore[operator]


def test_a_ramp_grows_to_full_size(context: ToolContext) -> None:
    change = {"name": "launch", "start": "2026-12-22", "per_day": "100", "ramp_days": 4}
    before, after = (forecast(context, period=DECEMBER, changes=c).totals["EffectiveCost"] for c in ([], [change]))
    assert after - before == 20 + 40 + 60 + 80 + 100 * 6  # type: ignore[operator]


def test_a_planned_change_is_a_row_of_its_own_beside_groups(context: ToolContext) -> None:
    change = {"name": "launch", "start": "2026-12-22", "per_day": "250"}
    result = forecast(context, period=DECEMBER, changes=[change], group_by=["x_Team"])
    assert "planned: launch" in column(result, "x_Team")
    assert sum(column(result, "EffectiveCost")) == result.totals["EffectiveCost"]  # type: ignore[call-overload]


def test_a_change_that_the_data_shows_already_is_refused(context: ToolContext) -> None:
    with pytest.raises(BadRequest, match="shows it already"):
        forecast(context, changes=[{"name": "old launch", "start": "2026-09-01", "per_day": "1"}])


class HalfPriceLater:
    """Input tokens cost half from 1 December on."""

    def quote(self, model: str, day: date, provider: str | None = None) -> Sequence[Mapping[str, Any]]:
        later = date(2026, 12, 1)
        price, start = (Decimal(1), later) if day >= later else (Decimal(2), date(2026, 1, 1))
        return [
            {"Meter": "Input Tokens", "ServiceTier": "standard", "OverInputTokens": None, "UnitPrice": price,
             "PricingQuantity": 1_000_000, "ValidFrom": start}
        ]  # fmt: skip


def test_a_price_that_will_change_is_taken_into_account(context: ToolContext) -> None:
    priced = replace(context, prices=HalfPriceLater())
    now, then = forecast(context, period=DECEMBER), forecast(priced, period=DECEMBER)
    ratio = then.totals["EffectiveCost"] / now.totals["EffectiveCost"]  # type: ignore[operator]
    assert Decimal("0.5") <= ratio < Decimal("0.56")
    assert any("2026-12-01" in caveat and "price" in caveat for caveat in then.evidence.caveats)


def test_a_last_day_that_is_not_whole_is_foreseen_instead_of_counted(tmp_path: Path) -> None:
    daily = amounts()
    daily[-1] = Decimal("12.5")
    result = forecast(world(tmp_path, daily))
    known = sum(daily[(date(2026, 11, 1) - FIRST).days : -1], Decimal(FEE))
    assert result.totals["Actual"] == known
    assert any(f"{LAST} is not wholly loaded" in caveat for caveat in result.evidence.caveats)


def test_nobody_is_told_of_what_they_may_not_see(tmp_path: Path) -> None:
    scope = Scope(filters=(Filter(dimension="x_Team", values=("ads",)),))
    result = forecast(world(tmp_path, scope=scope), group_by=["x_Team"])
    assert set(column(result, "x_Team")) == {"ads"}
    assert result.totals["Actual"] == sum(amounts()[(date(2026, 11, 1) - FIRST).days :], Decimal(0)) * Decimal("0.4")


@pytest.mark.parametrize(
    ("period", "message"),
    [
        ({"start": "2026-10-01", "end": "2026-11-01"}, "is over"),
        ({"start": "2028-07-01", "end": "2028-08-01"}, "18 months"),
    ],
)
def test_what_is_over_or_too_far_is_refused(context: ToolContext, period: dict[str, str], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        forecast(context, period=period)


def test_a_few_days_are_too_few(tmp_path: Path) -> None:
    short = replace(world(tmp_path, amounts(3)), as_of=FIRST + timedelta(days=3))
    result = forecast(short)
    assert result.no_data_reason == "absent"
    assert "7 at least" in (result.no_data or "")


def test_two_weeks_give_the_seasonal_naive_forecast_without_an_interval(tmp_path: Path) -> None:
    daily = amounts(15)
    short = replace(world(tmp_path, daily), as_of=FIRST + timedelta(days=15))
    result = forecast(short, period={"start": "2026-05-16", "end": "2026-05-23"})
    assert abs((result.totals["EffectiveCost"] or 0) - sum(daily[8:], Decimal(0))) < Decimal("0.1")
    assert result.totals["Low80"] is None
    assert any("too few to test" in caveat for caveat in result.evidence.caveats)


def test_a_history_does_not_carry_a_forecast_far_beyond_its_length(tmp_path: Path) -> None:
    short = replace(world(tmp_path, amounts(15)), as_of=FIRST + timedelta(days=15))
    result = forecast(short, period={"start": "2026-09-01", "end": "2026-10-01"})
    assert "can't carry" in (result.no_data or "")
