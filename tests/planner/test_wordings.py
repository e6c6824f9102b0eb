"""Several hundred questions as finance people, engineers and leaders put them, with the calls they made when reviewed.

`python -m tests.planner.test_wordings` writes the calls anew; the difference is to be read before it is committed.
"""

from pathlib import Path

import pytest

from agent.planner import Lexicon
from agent.planner.planner import plan
from tests.planner.conftest import Ask
from tests.planner.shorthand import shorthand
from tests.planner.world import AS_OF, World
from tools.semantic.model import load_model

WORDINGS = Path(__file__).with_name("wordings.txt")


def _wordings() -> list[tuple[str, str]]:
    lines = WORDINGS.read_text("utf-8").splitlines()
    return [(question, call) for question, _, call in (line.partition(" => ") for line in lines)]


@pytest.mark.parametrize(("question", "call"), _wordings())
def test_a_reviewed_question_still_makes_its_call(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


def _rewrite() -> None:
    lexicon = Lexicon.build(World(), load_model())
    asked = [(question, plan(question, lexicon=lexicon, as_of=AS_OF)) for question, _ in _wordings()]
    lines = [f"{question} => {' + '.join(shorthand(call) for call in calls)}" for question, calls in asked]
    WORDINGS.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    _rewrite()
