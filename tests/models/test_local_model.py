"""A conversation with a real local model, where one is to be had."""

import os
from pathlib import Path

import pytest

from evals.hostile.world import build_home
from evals.local_model import VARIABLE, converse, faults, local_endpoint, missing

REASON = missing(os.environ.get(VARIABLE))


@pytest.mark.local_model
@pytest.mark.skipif(REASON is not None, reason=REASON or "")
def test_a_real_local_models_answers_are_bound_honest_failures_or_the_built_in_planners(tmp_path: Path) -> None:
    with local_endpoint(os.environ[VARIABLE]) as url:
        answers = converse(build_home(tmp_path / "home"), url)
    assert [faults(answer) for answer in answers] == [[], [], []]
