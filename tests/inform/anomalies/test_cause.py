"""Which slice is named for what happened: not a wider one, not one part of it, not a bystander."""

from datetime import timedelta

import numpy as np
import pytest

from tests.inform.anomalies.ledgers import DAYS, DIMENSIONS, START
from tools.inform.anomalies.find_incidents import find_incidents
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.ledger import Ledger

ONSET = 80
LEAVES = (
    ("Obrist", "Obrist API", "atlas", "o-large", "atlas-a", None),
    ("Obrist", "Obrist API", "atlas", "o-mini", "atlas-a", None),
    ("Obrist", "Obrist API", "birch", "o-large", "birch-a", None),
    ("Obrist", "Obrist API", "birch", "o-mini", "birch-a", None),
    ("Vantage", "Vantage Compute", "atlas", None, "atlas-a", "north-1"),
    ("Vantage", "Vantage Compute", "birch", None, "birch-a", "north-1"),
    ("Vantage", "Vantage Compute", "comet", None, "comet-a", "north-1"),
)
LEVELS = (300, 40, 200, 250, 120, 400, 350)


def _costs() -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    generator = np.random.default_rng(5)
    week = np.where(np.arange(DAYS) % 7 >= 5, 0.5, 1.0)
    return np.array(LEVELS)[:, None] * week * np.exp(generator.normal(0, 0.05, (len(LEAVES), DAYS)))


def _found(cost: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> list[Incident]:
    leaf, day = np.nonzero(cost)
    return find_incidents(Ledger(DIMENSIONS, LEAVES, leaf, day, cost[leaf, day], START, DAYS))


def _largest(cost: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> Incident:
    return _found(cost)[0]


@pytest.mark.parametrize(
    ("rows", "factor", "named"),
    [
        ([2], 4.0, {"x_Model": "o-large", "x_Project": "birch-a"}),
        ([1], 12.0, {"x_Model": "o-mini", "x_Project": "atlas-a"}),
        ([0, 1, 4], 2.5, {"x_Project": "atlas-a"}),
        ([0, 2], 2.2, {"x_Model": "o-large"}),
        ([5], 2.0, {"ServiceName": "Vantage Compute", "x_Project": "birch-a"}),
        ([2, 3], 0.0, {"ServiceName": "Obrist API", "x_Project": "birch-a"}),
        ([0, 1], 0.0, {"ServiceName": "Obrist API", "x_Project": "atlas-a"}),
    ],
)
def test_what_is_named_holds_all_that_moved_and_nothing_else(
    rows: list[int], factor: float, named: dict[str, str]
) -> None:
    cost = _costs()
    cost[rows, ONSET : ONSET + 5] *= factor
    assert dict(_largest(cost).where.where) == named


def test_a_project_that_drifts_on_two_providers_is_named_though_each_part_shows_it_alone() -> None:
    cost = _costs()
    cost[[0, 1, 4], ONSET:] *= np.exp(0.035 * np.arange(1, DAYS - ONSET + 1))
    assert dict(_largest(cost).where.where) == {"x_Project": "atlas-a"}


def test_a_spike_of_which_noise_elsewhere_hides_a_part_is_not_told_of_the_whole_provider() -> None:
    cost = _costs()
    cost[1, ONSET] *= 10
    cost[[0, 2, 3], ONSET] *= 1.18
    assert dict(_largest(cost).where.where) == {"x_Model": "o-mini", "x_Project": "atlas-a"}


def test_what_moves_to_another_model_of_the_project_is_one_shift_and_a_fall_in_another_project_is_its_own() -> None:
    moved, apart = _costs(), _costs()
    moved[3, ONSET:] += moved[2, ONSET:] * 0.8
    moved[2, ONSET:] *= 0.2
    apart[3, ONSET:] += apart[0, ONSET:] * 0.8
    apart[0, ONSET:] *= 0.2
    kinds = {one.kind for one in _found(moved) if one.start == START + timedelta(days=ONSET)}
    assert kinds == {"offsetting shift"}
    kinds = {one.kind for one in _found(apart) if one.start == START + timedelta(days=ONSET)}
    assert kinds == {"level shift up", "level shift down"}
