"""Retrieval as it is promised; `python -m evals playbooks` prints the figures."""

import pytest

from evals.playbooks.runner import is_good_enough, measured, questions


def test_there_are_enough_questions_in_each_half() -> None:
    answerable = [question for question in questions() if question.file]
    assert len(answerable) >= 60
    assert min(sum(q.is_tuned_on for q in answerable), sum(not q.is_tuned_on for q in answerable)) >= 25


@pytest.mark.slow
def test_the_passage_that_answers_is_among_the_first_three() -> None:
    assert is_good_enough(measured("embedding"))


@pytest.mark.slow
def test_the_fallback_finds_it_more_often_than_not() -> None:
    assert all(score.recall_at_3 > 0.8 for score in measured("fallback"))
