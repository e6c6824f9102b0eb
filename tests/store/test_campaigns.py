"""A seeded slice of each campaign of evals/campaigns."""

import pytest

from evals.campaigns import concurrency, kills, malformed

pytestmark = pytest.mark.slow


def test_a_killed_load_leaves_the_old_rows_and_loads_again() -> None:
    assert kills.run(seed=5, count=4, rows=20_000)["faults"] == []


def test_malformed_files_are_refused_or_kept_out() -> None:
    outcomes = malformed.run(seed=5, count=14)
    assert [one for one in outcomes if one.fault] == []


def test_readers_beside_writers_see_whole_generations() -> None:
    assert concurrency.run(rows=20_000, loads=3, readers=2)["faults"] == []
