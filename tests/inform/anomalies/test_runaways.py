"""What runs away by the hour: raised in its first hour, once, at what can be switched off; what recurs is not."""

from datetime import UTC, datetime

import numpy as np

from tools.inform.anomalies.hourly import Hourly
from tools.inform.anomalies.runaways import find_runaways

DIMENSIONS = ("x_ApiKey", "x_Team", "x_Model")
LEAVES = (("alpha", "search", "large"), ("beta", "search", "small"), ("gamma", "bank", "small"))
HOURS = 15 * 24


def _company(seed: int = 7) -> np.ndarray:
    """Three keys with a rhythm of the day, noise, and a batch of the last key each night at two."""
    generator = np.random.default_rng(seed)
    day = 1 + 0.5 * np.sin(np.arange(HOURS) * 2 * np.pi / 24)
    cost = np.array([[4.0], [2.0], [1.0]]) * day * np.exp(generator.normal(0, 0.2, (3, HOURS)))
    cost[2, np.arange(HOURS) % 24 == 2] *= 12
    return cost


def _hourly(cost: np.ndarray) -> Hourly:
    return Hourly(DIMENSIONS, LEAVES, cost, datetime(2026, 10, 1, tzinfo=UTC))


def test_a_runaway_key_is_raised_on_its_first_hour_and_told_once() -> None:
    cost = _company()
    cost[1, -1] *= 40
    (one,) = find_runaways(_hourly(cost), 24)
    assert (one.key, one.hours, one.since) == ("x_ApiKey=beta", 1, datetime(2026, 10, 15, 23, tzinfo=UTC))
    assert one.per_hour == cost[1, -1]


def test_a_model_that_runs_away_under_every_key_is_the_model() -> None:
    cost = _company()
    cost[1:, -3:] *= 60
    (one,) = find_runaways(_hourly(cost), 24)
    assert (one.key, one.hours) == ("x_Model=small", 3)


def test_rhythm_and_a_nightly_batch_are_no_runaways_whatever_the_noise() -> None:
    assert [find_runaways(_hourly(_company(seed)), 24) for seed in range(20)] == [[]] * 20


def test_a_batch_of_every_fifth_day_is_no_runaway_when_it_runs_again() -> None:
    for seed in range(20):
        cost = _company(seed)
        cost[1, HOURS - 1 :: -120] += 24.0
        assert find_runaways(_hourly(cost), 24) == []


def test_a_key_that_never_cost_anything_runs_away_in_its_first_hour() -> None:
    cost = _company()
    cost[1, :-1] = 0.0
    cost[1, -1] = 80.0
    (one,) = find_runaways(_hourly(cost), 24)
    assert (one.key, one.usual_per_hour) == ("x_ApiKey=beta", 0.0)


def test_too_short_a_history_raises_nothing() -> None:
    cost = _company()[:, :60]
    cost[1, -1] *= 40
    assert find_runaways(_hourly(cost), 24) == []
