"""Who asks what was saved by what was changed gets it measured; what could be saved, and other savings, stay theirs."""

import pytest

from tests.planner.conftest import Ask

QUARTER = "period={'start': '2026-10-01', 'end': '2026-11-24'}"
PROVEN = {
    "What have we saved this quarter?": f"realised_savings {QUARTER}",
    "how much have we saved": "realised_savings",
    "How much has outlay saved?": "realised_savings",
    "did stopping the idle GPUs pay off?": "realised_savings",
    "Did switching off the idle machines save anything?": "realised_savings",
    "what did p-12 save?": "realised_savings proposal=p-12",
    "has p-3 paid off": "realised_savings proposal=p-3",
    "what did p-12 save week by week": "realised_savings proposal=p-12 by=week",
    "what has p-2 saved per machine?": "realised_savings proposal=p-2 by=target",
    "which savings drifted back?": "realised_savings drifted_only=True",
    "what have our changes saved?": "realised_savings",
    "estimated versus realised savings": "realised_savings",
}
OTHERS = (
    "how much did we save in October?",
    "how much did batch save",
    "how much have we saved with savings plans?",
    "where can we save money",
    "how much could we save",
    "who approved p-12?",
    "show p-12",
    "does hosting it ourselves pay off?",
    "what would we have saved on a smaller model?",
)


@pytest.mark.parametrize(("question", "call"), PROVEN.items())
def test_what_changes_have_saved_is_measured(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


@pytest.mark.parametrize("question", OTHERS)
def test_other_savings_are_no_question_of_proof(ask: Ask, question: str) -> None:
    assert "realised_savings" not in ask(question)
