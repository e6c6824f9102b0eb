"""The cases themselves: each truth can be computed, each id is one of a kind, and there is as much as promised."""

from collections.abc import Sequence

import duckdb

from evals.conversations.runner import conversations, truths_of
from evals.demo.runner import cases as questions
from evals.unanswerable.runner import cases as unanswerable


def doubles(ids: Sequence[str]) -> set[str]:
    return {one for one in ids if ids.count(one) > 1}


def test_each_id_is_one_of_a_kind_in_its_suite() -> None:
    assert doubles([case.id for _, case in questions()]) == set()
    assert doubles([conversation.id for _, conversation in conversations()]) == set()
    assert doubles([case.id for _, case in unanswerable()]) == set()


def test_no_wording_is_asked_twice_of_the_unanswerable() -> None:
    assert doubles([wording for _, case in unanswerable() for wording in case.ask]) == set()


def test_there_are_sixty_conversations_and_a_hundred_and_twenty_unanswerable_wordings() -> None:
    assert sum(1 for _ in conversations()) >= 60
    assert sum(len(case.ask) for _, case in unanswerable()) >= 120


def test_a_wording_of_five_thousand_characters_is_among_the_unanswerable() -> None:
    assert any(len(wording) >= 5000 for _, case in unanswerable() for wording in case.wordings)


def test_every_turn_of_every_conversation_has_a_truth_with_something_in_it(facts: duckdb.DuckDBPyConnection) -> None:
    empty = [
        f"{conversation.id}: {turn.ask}"
        for _, conversation in conversations()
        for turn, truth in zip(conversation.turns, truths_of(facts, conversation), strict=True)
        if truth is not None and not any(row.value for row in truth.rows)
    ]
    assert empty == []
