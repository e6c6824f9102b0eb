"""The rules of the Numenta benchmark: worked by hand, and the threshold against trying every one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.anomalies.nab_score import PROFILES, best_threshold, normalised, probation, raw_score, scored

STANDARD = PROFILES["standard"]


def test_probation_is_a_seventh_or_so_and_at_most_750_rows() -> None:
    assert [probation(rows) for rows in (1624, 4032, 5000, 22695)] == [243, 604, 750, 750]


def test_no_detection_is_0_and_every_window_on_its_first_row_is_100() -> None:
    truth = scored(1000, [(300, 399), (700, 799)])
    nothing = raw_score(truth, np.array([], dtype=np.int64), STANDARD)
    perfect = raw_score(truth, np.array([300, 700]), STANDARD)
    assert (normalised(nothing, 2, STANDARD), normalised(perfect, 2, STANDARD)) == (0.0, pytest.approx(100))


def test_a_false_alarm_loses_most_far_from_a_window_and_a_late_hit_gains_least() -> None:
    truth = scored(1000, [(300, 399)])
    gains = [raw_score(truth, np.array([300, other]), STANDARD) for other in (200, 400, 450, 900)]
    assert gains == pytest.approx([1 - 0.11, 1 - 0.11 * 0.02524, 1 - 0.11 * 0.85857, 1 - 0.11], abs=1e-4)
    assert raw_score(truth, np.array([399]), STANDARD) == pytest.approx(0.02535, abs=1e-4)


def test_rows_of_the_probation_are_not_scored() -> None:
    truth = scored(1000, [(300, 399)])
    assert raw_score(truth, np.array([5, 100, 149, 300]), STANDARD) == pytest.approx(1.0)


@given(st.integers(0, 10_000), st.sampled_from(list(PROFILES)))
@settings(max_examples=40)
def test_the_best_threshold_is_that_of_trying_every_one(seed: int, name: str) -> None:
    generator, profile = np.random.default_rng(seed), PROFILES[name]
    truths = [scored(200, [(60, 79), (120, 149)]), scored(150, []), scored(180, [(100, 129)])]
    scores = []
    for truth in truths:
        score = np.round(generator.random(len(truth.inside)), 1)
        score[generator.random(len(score)) < 0.8] = -np.inf
        scores.append(score)

    def total(threshold: float) -> float:
        return sum(raw_score(t, np.flatnonzero(s >= threshold), profile) for t, s in zip(truths, scores, strict=True))

    tried = [np.inf, *np.unique(np.concatenate([one[np.isfinite(one)] for one in scores]))]
    assert total(best_threshold(truths, scores, profile)) == pytest.approx(max(total(float(one)) for one in tried))
