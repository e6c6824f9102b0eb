"""The lexicon that the planner's tests share, with the real words of knowledge/."""

from collections.abc import Callable

import pytest

from agent.planner import Lexicon
from agent.planner.calls import PlannedCall
from agent.planner.planner import plan
from tests.planner.shorthand import shorthand
from tests.planner.world import AS_OF, World
from tools.semantic.model import load_model

Ask = Callable[..., str]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.build(World(), load_model())


@pytest.fixture(scope="session")
def ask(lexicon: Lexicon) -> Ask:
    """The calls of a thread's last question, in shorthand."""

    def asked(*questions: str) -> str:
        previous: PlannedCall | None = None
        calls: tuple[PlannedCall, ...] = ()
        for question in questions:
            calls = plan(question, lexicon=lexicon, as_of=AS_OF, previous=previous)
            if calls[-1].name in ("query_costs", "lookup_prices", "simulate"):
                previous = calls[-1]
        return " + ".join(shorthand(call) for call in calls)

    return asked
