"""The detector for single streams: what is new is told, what recurs is not, and nothing is known of what is to come."""

import numpy as np
import pytest

from tools.inform.anomalies.stream import STREAM_RULES, alarms, surprises

DAY, LEARN = 96, 480


def _stream(seed: int = 3, days: int = 20) -> np.ndarray:
    generator = np.random.default_rng(seed)
    rhythm = 10 + 4 * np.sin(np.arange(days * DAY) * 2 * np.pi / DAY)
    return rhythm + generator.normal(0, 0.3, days * DAY)


def test_what_came_before_does_not_depend_on_what_comes_after() -> None:
    values = _stream()
    changed = values.copy()
    changed[1200:] *= 50
    before, after = surprises(values, LEARN), surprises(changed, LEARN)
    assert np.array_equal(before[:1200], after[:1200])
    assert np.array_equal(before[:1200], surprises(values[:1200], LEARN))


@pytest.mark.parametrize("seed", range(5))
def test_a_spike_a_silence_and_another_shape_are_alarms_where_they_begin(seed: int) -> None:
    values = _stream(seed)
    values[900], values[1230:1290] = 40.0, 10.0
    values[1600:1700] = 0.0
    steps = np.flatnonzero(alarms(surprises(values, LEARN), LEARN, threshold=0.5))
    for first, last in ((900, 905), (1230, 1290), (1600, 1610)):
        assert ((steps >= first) & (steps <= last)).any(), (first, steps)


def test_a_second_incident_like_the_first_is_no_news() -> None:
    values = _stream()
    values[900:930] += 20.0
    values[900 + 4 * DAY : 930 + 4 * DAY] += 20.0
    surprise = surprises(values, LEARN)
    assert surprise[900 + 4 * DAY : 930 + 4 * DAY].max() < surprise[900:930].max() - 1


def test_nothing_is_judged_while_learning_nor_in_a_stream_too_short() -> None:
    assert not np.isfinite(surprises(_stream(), LEARN)[:LEARN]).any()
    assert not np.isfinite(surprises(_stream()[:3], LEARN)).any()
    assert not np.isfinite(surprises(np.zeros(0), LEARN)).any()


def test_a_surprise_does_not_depend_on_the_unit() -> None:
    values = _stream()
    values[900] = 40.0
    ours, theirs = surprises(values, LEARN), surprises(values * 1000.0, LEARN)
    assert np.isfinite(ours).any()
    assert theirs == pytest.approx(ours)


def test_steps_after_what_is_known_are_not_learnt_from() -> None:
    values = _stream()
    values[1500::8] += 30.0
    surprise = surprises(values, LEARN, known=1500)
    judged = surprise[1500:][np.isfinite(surprise[1500:])]
    assert (judged[4:] > 1).mean() > 0.9
    assert (surprises(values, LEARN)[1600:] > 1).sum() == 0


def test_after_an_alarm_only_a_louder_one_is_told_until_it_has_been_quiet() -> None:
    quiet = int(STREAM_RULES.quiet * 100)
    surprise = np.full(200, -np.inf)
    surprise[[10, 12, 14, 10 + quiet, 15 + quiet, 16 + quiet + quiet]] = [1.0, 1.2, 2.0, 1.9, 1.5, 1.0]
    assert np.flatnonzero(np.isfinite(alarms(surprise, 100))).tolist() == [10, 14, 15 + quiet, 16 + 2 * quiet]
