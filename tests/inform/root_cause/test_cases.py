"""A slice of the evaluation: planted causes are found, and the published figure on real cases stays beaten."""

import pytest

from evals.root_cause.__main__ import REFERENCE_F1
from evals.root_cause.cases import load
from evals.root_cause.planted import KINDS, Kind, planted
from evals.root_cause.score import look, score
from tests.paths import shared_data


@pytest.mark.parametrize("kind", KINDS)
def test_planted_causes_are_found(kind: Kind) -> None:
    cases = [case for case in planted(11, 4) if case.kind == kind]
    assert score(look(case.name, case.table, case.causes) for case in cases).f1 >= 0.85


@pytest.mark.data
def test_real_causes_are_found_more_often_than_published() -> None:
    cases = [case for case in load(shared_data("robustspot_rs")) if case.part == "report"]
    assert score(look(case.name, case.leaves, case.causes) for case in cases).f1 > REFERENCE_F1 + 0.15
