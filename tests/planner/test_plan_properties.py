"""What holds for every question, sensible or not."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from agent.planner import Lexicon
from agent.planner.calls import PlannedCall
from agent.planner.planner import plan
from tests.planner.test_questions import CASES
from tests.planner.world import AS_OF, World
from tools.catalog import CATALOG
from tools.domain.query import CostQuery
from tools.semantic.model import load_model

LEXICON = Lexicon.build(World(), load_model())
REQUESTS = {tool.name: tool.request for tool in CATALOG}
CONTROLS = {"ask_back", "decline"}
WORDS = sorted({word for questions in CASES.values() for question in questions for word in question.split()})


def validated(call: PlannedCall) -> BaseModel | None:
    """The request that its tool would get, whichever tool of the catalogue that is; None for what calls no tool."""
    if call.name in CONTROLS:
        return None
    return REQUESTS[call.name].model_validate(call.arguments)


@settings(max_examples=300)
@example("burn rate used")
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_order_of_known_words_makes_valid_calls(question: str) -> None:
    calls = plan(question, lexicon=LEXICON, as_of=AS_OF)
    assert calls
    for call in calls:
        request = validated(call)
        if isinstance(request, CostQuery):
            assert set(request.metrics) <= set(load_model().metrics)
            assert all(name in load_model().dimensions or name.startswith("tag:") for name in request.group_by)


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    st.sampled_from(["spend by team", "top 5 models", "price of gpt-5.5", "Q3 vs Q2"]),
    st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31)),
)
def test_any_follow_up_makes_valid_calls(question: str, before: str, as_of: date) -> None:
    previous = plan(before, lexicon=LEXICON, as_of=as_of)[-1]
    calls = plan(question, lexicon=LEXICON, as_of=as_of, previous=previous)
    assert calls
    for call in calls:
        validated(call)


@settings(max_examples=200)
@given(st.text(max_size=120))
def test_any_text_is_survived(text: str) -> None:
    assert plan(text, lexicon=LEXICON, as_of=AS_OF)


def test_the_same_question_makes_the_same_call_in_any_case_and_without_punctuation() -> None:
    for question in ("top 5 costly models", "Spend last month by team?", "compare Q3 to Q2"):
        wordings = (question, question.upper(), question.lower(), question.rstrip("?") + "  ", f"{question}!!")
        assert len({str(plan(wording, lexicon=LEXICON, as_of=AS_OF)) for wording in wordings}) == 1
