"""What one's own machines cost to serve a model; advice about it is a matter of the playbooks."""

import pytest

from agent.planner import Lexicon
from agent.planner.planner import plan
from tests.planner.world import AS_OF

OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("What does serving our own models cost per million tokens?", {}),
        ("serving cost of self-hosted models in October", {"period": OCTOBER}),
        ("Is self-hosting cheaper than buying the tokens?", {}),
        ("build versus buy for claude-opus-4.5 in October", {"model": "claude-opus-4.5", "period": OCTOBER}),
        ("does hosting it ourselves pay off?", {}),
        ("what is the break-even of our own GPUs?", {}),
    ],
)
def test_serving_is_set_beside_buying(lexicon: Lexicon, question: str, arguments: dict[str, object]) -> None:
    (call,) = plan(question, lexicon=lexicon, as_of=AS_OF)
    assert (call.name, call.arguments) == ("serving_costs", arguments)


@pytest.mark.parametrize(
    "question",
    ["When does self-hosting pay off?", "cost per million tokens by model in October", "spend on inference in October"],
)
def test_advice_and_amounts_are_not(lexicon: Lexicon, question: str) -> None:
    assert all(call.name != "serving_costs" for call in plan(question, lexicon=lexicon, as_of=AS_OF))
