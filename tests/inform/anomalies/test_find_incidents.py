from datetime import date, timedelta

import numpy as np
import pytest

from tests.inform.anomalies.ledgers import DAYS, START, costs, ledger
from tools.inform.anomalies.find_incidents import find_incidents
from tools.inform.anomalies.incident import Incident


def day(index: int) -> date:
    return START + timedelta(days=index)


def found(cost: np.ndarray) -> list[Incident]:  # type: ignore[type-arg]
    return find_incidents(ledger(cost))


@pytest.mark.parametrize("seed", range(4))
def test_a_weekly_rhythm_with_noise_is_no_incident(seed: int) -> None:
    assert found(costs(seed)) == []


def test_growth_of_ten_percent_a_month_is_no_incident() -> None:
    assert found(costs() * np.exp(np.log(1.1) * np.arange(DAYS) / 30)) == []


def test_a_spike_is_told_once_on_its_day_at_the_model_and_project_that_had_it() -> None:
    cost = costs()
    cost[2, 80] *= 6
    (one,) = found(cost)
    assert (one.kind, one.start, one.end, one.raised) == ("spike", day(80), day(80), day(80))
    assert dict(one.where.where)["x_Project"] == "birch-a"
    assert one.impact == pytest.approx(cost[2, 80] * 5 / 6, rel=0.15)


def test_a_spike_on_the_newest_day_is_told_and_a_drop_waits_for_the_next() -> None:
    spiked, fallen = costs(), costs()
    spiked[1, DAYS - 1] *= 6
    fallen[3:, DAYS - 1] = 1.0
    assert [one.kind for one in found(spiked)] == ["spike"]
    assert found(fallen) == []
    fallen[3:, DAYS - 2] = 1.0
    assert {one.kind for one in found(fallen)} == {"drop"}


def test_new_spend_is_told_on_its_first_day() -> None:
    cost = costs()
    cost[4, :90] = 0
    (one,) = found(cost)
    assert (one.kind, one.raised) == ("new spend", day(90))


def test_spend_that_has_gone_is_told() -> None:
    cost = costs()
    cost[1, 90:] = 0
    kinds = [one.kind for one in found(cost)]
    assert kinds == ["vanished spend"]


def test_a_level_that_stays_is_one_incident_and_then_the_usual() -> None:
    cost = costs()
    cost[0, 70:] *= 3
    (one,) = found(cost)
    assert one.kind == "level shift up"
    assert one.start == day(70)
    assert not one.is_open


def test_what_moves_from_one_model_to_another_is_told_though_the_project_costs_the_same() -> None:
    cost = costs()
    moved = cost[0, 80:100] * 0.9
    cost[0, 80:100] -= moved
    cost[1, 80:100] += moved
    kinds = {one.kind for one in found(cost) if one.start == day(80)}
    assert "offsetting shift" in kinds


def test_what_recurs_at_every_months_end_is_told_the_first_time_only() -> None:
    cost = costs()
    for index in range(DAYS):
        if (day(index) + timedelta(days=1)).day == 1:
            cost[3, index] *= 4
    assert all(one.start < date(2026, 3, 1) for one in found(cost))


def test_a_slow_drift_is_told() -> None:
    cost = costs()
    cost[2, 88:] *= np.exp(0.035 * np.arange(1, DAYS - 87))
    assert any(one.impact > 0 and dict(one.where.where).get("x_Project") == "birch-a" for one in found(cost))


@pytest.mark.parametrize("seed", range(3))
def test_a_day_is_judged_from_the_days_before_it_so_that_a_replay_raises_the_same(seed: int) -> None:
    cost = costs(seed)
    cost[0, 60] *= 5
    cost[3, 75:] *= 2
    whole = {one.raised for one in found(cost)}
    for end in (62, 78, 90):
        replayed = {one.raised for one in found(cost[:, :end])}
        assert replayed == {raised for raised in whole if raised < day(end)}


def test_less_than_four_weeks_and_a_day_is_too_short() -> None:
    cost = costs()[:, :28]
    cost[0, 27] *= 50
    assert found(cost) == []
