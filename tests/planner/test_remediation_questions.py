"""Who wants something changed gets a proposal, and who wants to decide is shown the way; no text decides."""

import pytest

from tests.planner.conftest import Ask

CALLS = {
    "what is waiting for me?": "list_proposals",
    "what needs my approval": "list_proposals",
    "any open proposals?": "list_proposals",
    "who approved p-3?": "list_proposals proposal=p-3",
    "who approved this?": "list_proposals which=all",
    "show all proposals": "list_proposals which=all",
    "stop the idle ones": "propose_remediation lever=idle_gpu",
    "please shut down the idle GPUs of search": "propose_remediation lever=idle_gpu owner=search",
    "stop i-0a41cc2e8 in us-west-2": (
        "propose_remediation action=ec2_stop targets=['i-0a41cc2e8'] place={'region': 'us-west-2'}"
    ),
    "could you switch off the gpus nobody uses": "propose_remediation lever=idle_gpu",
    "stop all machines that are idle in production": "propose_remediation lever=idle_gpu environment=production",
    "propose r-0123456789": "propose_remediation recommendation=r-0123456789",
}
DECIDING = ("approve p-12", "Please approve p-12.", "reject p-2", "apply p-12 now", "undo that", "roll back p-4")
OTHERS = ("which GPUs are idle?", "who approved the budget of search?", "stop wasting money", "fix the report")


@pytest.mark.parametrize(("question", "call"), CALLS.items())
def test_a_wish_is_proposed_and_a_question_for_proposals_is_answered(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


@pytest.mark.parametrize("question", DECIDING)
def test_deciding_is_not_for_a_question(ask: Ask, question: str) -> None:
    assert ask(question).startswith("decline")


@pytest.mark.parametrize("question", OTHERS)
def test_other_words_propose_nothing(ask: Ask, question: str) -> None:
    assert "propose_remediation" not in ask(question)
