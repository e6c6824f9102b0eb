import pytest

from evals.campaigns.mutations import campaign


@pytest.mark.slow
def test_no_mutated_answer_passes_the_check() -> None:
    tally = campaign(seed=7, enough=1500)
    assert tally.survivors == []
    assert tally.total >= 1500
