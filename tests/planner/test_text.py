"""Tokens remember what a question looked like."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.planner.text import key_of, lemma, tokenise


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What's our spend?", ["what", "our", "spend"]),
        ("spend on “Aldgate Bank”", ["spend", "on", "aldgate bank"]),
        ("more than $10,000.50", ["more", "than", "$", "10,000.50"]),
        ("on 2026-10-06, or 10/6/2026", ["on", "2026-10-06", "or", "10/6/2026"]),
        ("gpt-5.5-mini", ["gpt", "5.5", "mini"]),
        ("Q3'26", ["q3", "'26"]),
        ("the team's cost – isn't it high", ["the", "team", "cost", "isnt", "it", "high"]),
        ("10% of it", ["10", "%", "of", "it"]),
    ],
)
def test_a_question_falls_into_words_numbers_dates_and_quotes(question: str, words: list[str]) -> None:
    assert [token.low for token in tokenise(question)] == words


def test_a_token_knows_whether_it_is_joined_to_the_one_before() -> None:
    joined = [token.joined for token in tokenise("us-east-1 us east 1, us")]
    assert joined == [False, True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("word", "singular"),
    [
        ("models", "model"),
        ("categories", "category"),
        ("costs", "cost"),
        ("less", "less"),
        ("this", "this"),
        ("aws", "aws"),
    ],
)
def test_a_plural_has_its_singular(word: str, singular: str) -> None:
    assert lemma(word) == singular


def test_names_that_differ_in_punctuation_have_one_key() -> None:
    assert len({key_of(name) for name in ("GPT-5.5 mini", "gpt5.5-mini", "gpt 5.5 Mini")}) == 1


@given(st.text(max_size=200))
def test_any_text_falls_into_tokens_that_lie_in_order(text: str) -> None:
    tokens = tokenise(text)
    assert all(token.low for token in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
