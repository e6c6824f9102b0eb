"""Ordinary English says nothing for a query, unless it stands where a thing would be named."""

import pytest

from agent.planner.ordinary import ordinary
from agent.planner.phrases import grammar
from tests.planner.conftest import Ask

TOKENS = "OutputTokens where x_Model=gpt-5.5 in 2026-10-01..2026-11-01"


@pytest.mark.parametrize("verb", ["spit out", "churn out", "crank out", "hand us", "spew"])
def test_any_verb_may_say_what_models_do(ask: Ask, verb: str) -> None:
    assert ask(f"how many output tokens did gpt-5.5 {verb} in October?") == TOKENS


@pytest.mark.parametrize(
    "question", ["spend on hammering in October", "spend by handle", "cost of the handle team", "spend of team handle"]
)
def test_a_verb_where_a_thing_would_be_named_was_not_understood(ask: Ask, question: str) -> None:
    assert ask(question).startswith("decline")


def test_a_verb_with_an_object_of_its_own_is_passed_over(ask: Ask) -> None:
    assert (
        ask("the cost of handling AWS in October")
        == "EffectiveCost where HostProviderName=AWS in 2026-10-01..2026-11-01"
    )


@pytest.mark.parametrize("word", ["since we shipped it", "after we launched", "until they noticed"])
def test_a_period_that_hangs_on_an_event_is_declined(ask: Ask, word: str) -> None:
    assert ask(f"spend on AWS {word}").startswith("decline")


def test_no_ordinary_word_has_a_meaning_in_the_grammar_as_well() -> None:
    """Such a word would be dead: the grammar's sense is looked at first."""
    single = {entries[0][0][0] for entries in grammar().values() if len(entries[-1][0]) == 1}
    bases = {lemmas[0] for entries in ordinary().values() for lemmas, _, value in entries if not value}
    meant = {
        lemma
        for lemma in bases & single
        if any(kind != "filler" for lemmas, kind, _ in grammar()[lemma] if len(lemmas) == 1)
    }
    assert meant == set()


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("tokens/request of gpt-5.5 in October", "TokensPerRequest where x_Model=gpt-5.5 in 2026-10-01..2026-11-01"),
        ("leave AWS out: spend in October", "EffectiveCost where HostProviderName!=AWS in 2026-10-01..2026-11-01"),
        ("spend by weekday in October, Monday to Sunday", "EffectiveCost in 2026-10-01..2026-11-01 per weekday"),
        (
            "models over the 20k mark in October",
            "EffectiveCost by x_Model where x_Model is_not_null in 2026-10-01..2026-11-01 over 20000 metric",
        ),
        ("total spend Q3 26", "EffectiveCost in 2026-07-01..2026-10-01"),
    ],
)
def test_words_that_belong_together_are_read_together(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call
