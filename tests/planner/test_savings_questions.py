"""Who asks how to spend less gets what the data say, and the playbooks where it is asked how."""

import pytest

from tests.planner.conftest import Ask

FOUND = {
    "where can we save money": "find_savings",
    "where can we save money in October": "find_savings period={'start': '2026-10-01', 'end': '2026-11-01'}",
    "what should we do to lower our bill": "find_savings",
    "which team wastes most": "find_savings by=owner",
    "how much could we save": "find_savings",
    "how much could batching save us": "find_savings lever=batch",
    "how much can be saved with prompt caching?": "find_savings lever=prompt_cache",
    "where can search save?": "find_savings owner=search",
    "what recommendations are there for team search": "find_savings owner=search",
    "where can we cut our OpenAI spend": "find_savings provider=OpenAI",
}
ASKED_HOW = ("how can we save money?", "how can we improve our cost", "any tips to reduce cost?", "how to cut LLM cost")


@pytest.mark.parametrize(("question", "call"), FOUND.items())
def test_a_question_for_savings_is_answered_from_the_data(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


@pytest.mark.parametrize("question", ASKED_HOW)
def test_who_asks_how_gets_the_playbooks_behind_what_the_data_say(ask: Ask, question: str) -> None:
    assert ask(question) == f"find_savings + search_playbooks query={question}"
