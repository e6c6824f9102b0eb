"""Asking the agent: conversations in a thread of their own, repeats that agree, figures that are bound."""

from pathlib import Path

import duckdb
import pytest

from agent.app import build_agent
from agent.graph.agent import Agent
from agent.settings import load_settings
from evals.asking import Question, converse
from evals.conversations.runner import conversations, hold, truths_of
from evals.report import Outcome
from tools.domain.answer import Answer

TIMES = 3


@pytest.fixture(scope="module")
def agent(home: Path) -> Agent:
    return build_agent(load_settings(home, "builtin"))


@pytest.mark.parametrize("name", ["swap-one-provider-for-another", "poem-in-between", "tokens-instead-of-money"])
def test_the_builtin_planner_says_the_same_every_time(
    agent: Agent, facts: duckdb.DuckDBPyConnection, name: str
) -> None:
    [(category, conversation)] = [pair for pair in conversations() if pair[1].id == name]
    asks = hold(agent, category, conversation, truths_of(facts, conversation), times=TIMES)
    measured = [ask.measured for ask in asks if ask.measured]
    assert len(measured) == len(conversation.turns)
    assert all(one.is_same and one.is_bound and one.times == TIMES for one in measured)
    assert all(one.passes in (0, TIMES) for one in measured)


def test_repeats_are_threads_of_their_own(agent: Agent) -> None:
    """In one thread the second time would carry on from the last turn of the first."""
    heard: list[str] = []

    def listen(answer: Answer) -> tuple[Outcome, str]:
        heard.append(answer.text)
        return "exact", ""

    converse(agent, [Question("and by team?", listen), Question("AWS spend in October", listen)], times=2)
    assert heard[0] == heard[2]
    assert heard[1] == heard[3]


def test_the_tools_called_are_held_against_those_expected(agent: Agent) -> None:
    def right(answer: Answer) -> tuple[Outcome, str]:
        return "exact", answer.text

    asked = [Question("how fresh is the data?", right, (tool,)) for tool in ("describe_data", "query_costs")]
    results = [measured.tools_right for question in asked for _, _, measured in converse(agent, [question])]
    assert results == [True, False]
