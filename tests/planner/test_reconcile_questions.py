"""Questions that set two accounts of the same usage side by side."""

import pytest

from agent.planner import Lexicon
from agent.planner.planner import plan
from tests.planner.world import AS_OF

OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("reconcile OpenAI for October", {"provider": "OpenAI", "period": OCTOBER}),
        (
            "does the Anthropic invoice match our usage records in October?",
            {"provider": "Anthropic", "period": OCTOBER, "reference": "invoice", "records": "provider_usage"},
        ),
        (
            "how far off is the gateway's estimate from OpenAI's usage",
            {"provider": "OpenAI", "reference": "provider_usage", "records": "estimate"},
        ),
        ("reconcile OpenAI by model", {"provider": "OpenAI", "group_by": "x_Model"}),
        (
            "do the charges match the issued OpenAI invoices for October",
            {"provider": "OpenAI", "period": OCTOBER, "reference": "invoice_detail"},
        ),
        ("Reconcile", {}),
    ],
)
def test_accounts_are_set_side_by_side(lexicon: Lexicon, question: str, arguments: dict[str, object]) -> None:
    (call,) = plan(question, lexicon=lexicon, as_of=AS_OF)
    assert (call.name, call.arguments) == ("reconcile", arguments)


@pytest.mark.parametrize(
    "question",
    ["OpenAI's bill in October", "usage and invoices by provider", "billed cost vs effective cost in October"],
)
def test_amounts_stay_amounts(lexicon: Lexicon, question: str) -> None:
    assert all(call.name != "reconcile" for call in plan(question, lexicon=lexicon, as_of=AS_OF))
