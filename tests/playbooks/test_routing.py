"""Which questions the built-in planner sends to the playbooks; `python -m evals playbooks` asks them end to end."""

from importlib.resources import files

import pytest
import yaml

from agent.planner import Lexicon
from agent.planner.planner import plan
from evals.playbooks.routing import TOOL, known
from tests.planner.world import AS_OF, World
from tools.semantic.model import load_model

NO_PASSAGE: dict[str, list[str]] = yaml.safe_load(files("evals.playbooks").joinpath("routing.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.build(World(), load_model())


def is_sent(question: str, lexicon: Lexicon) -> bool:
    return any(call.name == TOOL for call in plan(question, lexicon=lexicon, as_of=AS_OF))


def test_no_question_about_spend_is_sent_to_the_playbooks(lexicon: Lexicon) -> None:
    assert [question for question in NO_PASSAGE["spend"] if is_sent(question, lexicon)] == []


def test_nothing_far_off_and_no_order_is_sent_to_the_playbooks(lexicon: Lexicon) -> None:
    assert [question for question in NO_PASSAGE["elsewhere"] if is_sent(question, lexicon)] == []


@pytest.mark.parametrize("name", ["tuned on", "reported", "strangers"])
def test_most_questions_that_a_passage_answers_are_sent_to_the_playbooks(name: str, lexicon: Lexicon) -> None:
    asked = known(name)
    assert sum(is_sent(question.ask, lexicon) for question in asked) >= 0.75 * len(asked)
