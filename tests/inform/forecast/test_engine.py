"""The numbers behind a forecast: members, weights, errors, intervals, rounding."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.forecasting import m4
from evals.forecasting.backtest import back_test, daily_series, pooled
from evals.forecasting.scores import mase, naive2, smape
from evals.paths import shared_data
from tools.inform.forecast.calendar_effects import edge_of, month_edge_effects
from tools.inform.forecast.daily import foresee
from tools.inform.forecast.ensemble import outlook, past_origins, together
from tools.inform.forecast.intervals import MULTIPLIERS, absolute_percentage, error_size
from tools.inform.forecast.levelled import Levelled, levelled_members
from tools.inform.forecast.outliers import outlying
from tools.inform.forecast.rounding import quantum_of, rounded, shared_out
from tools.inform.forecast.series import Floats, known_seasons


def rhythm(seed: int, days: int = 240) -> Floats:
    random = np.random.default_rng(seed)
    at = np.arange(days)
    noise = random.lognormal(0, 0.1, days)
    return np.asarray((100 + 0.3 * at) * (1 + 0.3 * np.sin(2 * np.pi * at / 7)) * noise, dtype=np.float64)


def test_an_ensemble_misses_less_than_the_last_week_again() -> None:
    missed, naive = 0.0, 0.0
    for seed in range(6):
        values = rhythm(seed)
        found = outlook(values[:-28], 28, (7, 364), state_space=False)
        missed += float(np.abs(values[-28:] - found.mean).sum())
        naive += float(np.abs(values[-28:] - found.baseline).sum())
    assert missed < 0.85 * naive


def test_last_years_shape_counts_most_where_a_year_comes_again_larger() -> None:
    at = np.arange(800)
    shape = 1 + 0.5 * np.sin(2 * np.pi * at / 364) + 0.3 * np.sin(2 * np.pi * at / 52)
    values = 100 * 1.4 ** (at / 364) * shape * np.random.default_rng(5).lognormal(0, 0.03, len(at))
    found = outlook(values[:-28], 28, (7, 364), state_space=False)
    assert max(found.weights, key=found.weights.__getitem__) == "levelled 364, growth"
    assert np.abs(values[-28:] - found.mean).sum() < 0.2 * np.abs(values[-28:] - found.baseline).sum()


def test_a_level_is_told_by_four_short_cycles_at_least() -> None:
    assert set(levelled_members((7, 364))) == {"levelled 364", "levelled 364, growth"}
    assert levelled_members((24, 168)) == levelled_members((7,)) == {}


def test_the_last_cycle_moves_by_a_factor_or_by_an_amount() -> None:
    values = np.concatenate([np.tile([1.0, 3.0], 4), np.tile([2.0, 6.0], 2)])
    by_factor, by_amount = Levelled(8, 4)(values, 2), Levelled(8, 4, growth=False)(values, 2)
    assert by_factor is not None
    assert by_amount is not None
    assert (by_factor.tolist(), by_amount.tolist()) == ([2.0, 6.0], [3.0, 5.0])
    assert Levelled(8, 4)(values[1:], 2) is None


def test_one_member_that_runs_away_moves_the_forecast_by_half_its_weight_at_most() -> None:
    weights = np.array([0.3, 0.4, 0.3])
    calm, wild = np.array([[10.0], [11.0], [12.0]]), np.array([[10.0], [11.0], [1e6]])
    assert together(weights, calm) == pytest.approx([11.0])
    assert together(weights, wild) == pytest.approx([(0.3 * 1e6 + 7.4 + 11) / 2])


def test_about_as_many_outcomes_lie_inside_as_an_interval_says() -> None:
    inside: dict[int, list[bool]] = {80: [], 95: []}
    for seed in range(16):
        values = rhythm(seed, 200)
        found = outlook(values[:-14], 14, (7,), state_space=False)
        for start in (0, 7):
            size = error_size(found, start, 7)
            assert size is not None
            miss = abs(float(values[186 + start : 193 + start].sum() - found.mean[start : start + 7].sum()))
            for level, times in MULTIPLIERS.items():
                inside[level].append(miss <= size * times)
    assert 0.6 < np.mean(inside[80]) < 0.95
    assert np.mean(inside[95]) > 0.85


def test_a_purchase_on_one_day_is_not_foreseen_again() -> None:
    amounts = [Decimal(10) + Decimal(day % 3) / 10 for day in range(90)]
    amounts[86] = Decimal(1000)
    found = foresee(date(2026, 8, 3), amounts, 30, state_space=False)
    assert found.mean.max() < 15
    assert found.mean[:30].mean() == pytest.approx(10.1, rel=0.05)
    assert np.abs(found.errors).max() > 900


def test_a_new_level_is_no_outlier() -> None:
    values = np.concatenate([np.full(80, 10.0), np.full(10, 30.0)])
    assert not outlying(values + np.arange(90) % 3 / 10).any()


def test_models_of_statsforecast_are_members_while_the_history_is_short() -> None:
    assert not [name for name in outlook(rhythm(1, 120), 7, (7,)).weights if name.startswith("smoothing")]
    found = outlook(rhythm(1, 60), 7, (7,))
    assert {"smoothing by AutoCES", "smoothing by DynamicOptimizedTheta"} <= found.weights.keys()
    assert sum(found.weights.values()) == pytest.approx(1)


def test_an_origin_knows_nothing_of_what_came() -> None:
    values = np.arange(100, dtype=np.float64)
    for origin in past_origins(values, 10, 7):
        assert origin.known[-1] + 1 == origin.came[0]
        assert len(origin.came) == 10


def test_a_change_after_the_history_changes_nothing_before() -> None:
    values = rhythm(3)
    first = outlook(values[:-30], 14, (7,), state_space=False)
    again = outlook(values[:-30].copy(), 14, (7,), state_space=False)
    assert (first.mean == again.mean).all()


def test_a_constant_series_stays_constant() -> None:
    found = outlook(np.full(100, 5.0), 20, (7,))
    assert found.mean == pytest.approx(np.full(20, 5.0))
    assert error_size(found, 0, 20) == pytest.approx(0)


def test_a_rhythm_needs_two_cycles_and_a_longer_one_beside_it_fewer() -> None:
    assert known_seasons(13, (7, 364)) == ()
    assert known_seasons(14, (7, 364)) == (7,)
    assert known_seasons(474, (7, 364)) == (7, 364)


def test_no_error_is_known_of_a_forecast_that_was_never_tested() -> None:
    found = outlook(np.arange(5, dtype=np.float64), 5, (7,))
    assert found.tested == 0
    assert error_size(found, 0, 5) is None
    assert absolute_percentage(found.errors, found.actuals, 0, 5) is None


def test_further_ahead_an_interval_is_wider() -> None:
    found = outlook(rhythm(2), 200, (7,), state_space=False)
    near, far = error_size(found, 0, 7), error_size(found, 190, 7)
    assert near is not None
    assert far is not None
    assert far > 2 * near


def test_a_fee_on_the_first_is_found_and_noise_is_not() -> None:
    values = rhythm(4)
    first = date(2026, 1, 5)
    firsts = [n for n in range(len(values)) if edge_of(date.fromordinal(first.toordinal() + n)) == 1]
    assert month_edge_effects(first, values) == {}
    values[firsts] += 800
    effects = month_edge_effects(first, values)
    assert list(effects) == [1]
    assert effects[1] == pytest.approx(800, rel=0.1)


@given(st.lists(st.floats(-1e6, 1e9, allow_nan=False), min_size=1, max_size=30), st.floats(-1e6, 1e9, allow_nan=False))
def test_shares_sum_to_the_whole_exactly(parts: list[float], whole: float) -> None:
    quantum = Decimal("0.01")
    exact = rounded(whole, quantum)
    assert sum(shared_out(exact, parts, quantum), Decimal(0)) == exact


@given(st.floats(1e-9, 1e12))
def test_a_figure_keeps_its_leading_digits(size: float) -> None:
    assert float(rounded(size, quantum_of(size))) == pytest.approx(size, rel=1e-4, abs=1e-11)


def test_last_bits_do_not_reach_a_cell() -> None:
    quantum = quantum_of(633_524.53)
    assert rounded(633_524.53, quantum) == rounded(633_524.53 * (1 + 4e-16), quantum) == Decimal("633524.53")


def test_measures_follow_m4s_rules() -> None:
    actual, said = np.array([10.0, 20.0]), np.array([12.0, 20.0])
    assert smape(actual, said) == pytest.approx(100 * (2 / 11) / 2)
    assert mase(np.array([1.0, 3.0, 5.0]), actual, said, 1) == pytest.approx(0.5)
    assert naive2(np.array([1.0, 2.0, 7.0]), 2, 1).tolist() == [7.0, 7.0]


@pytest.mark.data
@pytest.mark.parametrize("part", m4.PARTS, ids=lambda part: part.name)
def test_a_few_series_of_m4_are_foreseen_better_than_the_reference(part: m4.Part) -> None:
    folder = shared_data("m4")
    if folder is None:
        pytest.skip("the public data set m4 is not beside the checkout")
    judged = [m4.judge(one, part) for one in m4.series_of(folder, part)[5:105:25]]
    assert m4.owa(judged) < 0.95


@pytest.mark.data
def test_daily_series_are_foreseen_better_than_by_the_last_week() -> None:
    folder = shared_data("daily_series")
    if folder is None:
        pytest.skip("the public data set daily_series is not beside the checkout")
    names = ("website_visits", "demo_id_1003", "demo_id_1002", "madrid_metro")
    tasks = [task for task in daily_series(folder) if task.name in names]
    tested = [one for task in tasks if (one := back_test(task, state_space=False)) is not None]
    found = pooled(tested)
    assert found["wape"] < found["baseline_wape"]
