"""A seeded slice of the hostile-model campaign, and single harms that it has found."""

import pytest

from evals.campaigns.hostile_model import run_in_process, run_over_http


@pytest.mark.slow
def test_no_invariant_breaks_in_process() -> None:
    tally = run_in_process(seed=7, count=68)
    assert tally.broken == []
    assert tally.total == 68


@pytest.mark.slow
def test_no_invariant_breaks_over_http() -> None:
    tally = run_over_http(seed=8, count=34)
    assert tally.broken == []
    assert tally.complaints == []


@pytest.mark.slow
def test_no_invariant_breaks_while_an_endpoint_drips() -> None:
    assert run_over_http(seed=9, count=2, slowly=True).broken == []
