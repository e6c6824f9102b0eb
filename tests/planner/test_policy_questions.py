"""Who asks for the company's own rules gets them judged; who asks what a policy is does not."""

import pytest

from agent.planner import Lexicon
from agent.planner.planner import plan
from tests.planner.conftest import Ask
from tests.planner.world import AS_OF


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("which policies are violated?", {}),
        ("Are any policies broken right now?", {}),
        ("any policy violations this week?", {}),
        ("any violations?", {}),
        ("list policy violations for docflow", {"owner": "docflow"}),
        ("who is over quota?", {"quotas": True}),
        ("which teams exceeded their GPU quota?", {"quotas": True}),
        ("what violates our spending policies?", {}),
        ("were any policies violated in October?", {"on": "2026-10-31"}),
    ],
)
def test_violations_and_quotas_are_looked_up(lexicon: Lexicon, question: str, arguments: dict[str, object]) -> None:
    (call,) = plan(question, lexicon=lexicon, as_of=AS_OF)
    assert (call.name, call.arguments) == ("policy_violations", arguments)


@pytest.mark.parametrize(
    "question",
    [
        "add a policy that forbids H200", "how do I write a policy?", "spend last month", "what is a quota?",
        "what happens when a team is over quota?", "what did policy research cost last month",
        "raise the quota of search",
    ],
)  # fmt: skip
def test_other_questions_are_none_of_its_business(ask: Ask, question: str) -> None:
    assert "policy_violations" not in ask(question)
