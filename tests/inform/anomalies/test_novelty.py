"""Distances to the nearest earlier window: against plain loops, and nothing from what is still to come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.inform.anomalies.novelty import (
    LEAST_SEEN,
    block_extremes,
    block_means,
    distances,
    earlier_quantiles,
    spreads,
)

VALUES = st.lists(st.integers(-50, 50), min_size=0, max_size=40).map(lambda values: np.array(values, dtype=np.float64))


def _plain_distance(blocks: np.ndarray, end: int, width: int, shape: bool) -> float:
    """The nearest window that ends before the one that ends at `end` begins; NaN where there are too few."""
    windows = [blocks[last - width + 1 : last + 1] for last in range(width - 1, end - width + 1)]
    ours = blocks[end - width + 1 : end + 1]
    if end < width - 1 or len(windows) < LEAST_SEEN:
        return float("nan")
    level = (lambda window: window - window.mean()) if shape else (lambda window: window)
    return float(min(np.abs(level(one) - level(ours)).mean() for one in windows) / spreads(blocks)[end])


@given(VALUES, st.integers(1, 5), st.booleans())
def test_a_distance_is_that_to_the_nearest_earlier_window_that_does_not_overlap(
    blocks: np.ndarray, width: int, shape: bool
) -> None:
    expected = [_plain_distance(blocks, end, width, shape) for end in range(len(blocks))]
    assert distances(blocks, width, shape=shape) == pytest.approx(expected, nan_ok=True)


def test_windows_that_end_after_what_is_known_are_not_looked_at() -> None:
    blocks = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 50.0, 60.0, 50.0])
    assert distances(blocks, 1)[-1] == 0
    assert distances(blocks, 1, known=5)[-1] * spreads(blocks)[-1] == pytest.approx(45)


@given(VALUES)
def test_an_earlier_quantile_is_of_the_values_before(values: np.ndarray) -> None:
    found = earlier_quantiles(values, 0.9)
    for place in range(LEAST_SEEN + 1, len(values)):
        assert found[place] == sorted(values[:place])[int(0.9 * place)]
    assert np.isnan(found[: LEAST_SEEN + 1]).all()


def test_the_extreme_of_a_block_is_the_end_that_is_further_from_the_block_before() -> None:
    values = np.array([5.0, 5.0, 5.0, 9.0, 4.0, 6.0, 0.0, 6.0, 6.0, 7.0])
    assert block_extremes(values, 3).tolist() == [5.0, 9.0, 0.0]
    assert block_means(values, 3).tolist() == [5.0, pytest.approx(19 / 3), 4.0]


def test_a_flat_stream_has_a_spread_that_can_be_divided_by() -> None:
    assert (spreads(np.zeros(20)) > 0).all()
    assert (spreads(np.full(20, 7.0)) > 0).all()
