"""The graph over the built-in planner, the real tools and a real store."""

from datetime import date
from pathlib import Path

import pytest

from agent.answer.check import check_answer
from agent.app import build_agent, verify_answer
from agent.graph.agent import Agent
from agent.settings import load_settings
from tools.ingest.usage import load_usage
from tools.store import Store

AS_OF = date(2026, 10, 10)
USAGE = """time,model,team,requests,input_tokens,output_tokens
2026-10-01,m-large,search,10,1000000,500000
2026-10-02,m-mid,ads,20,4000000,1000000
2026-10-03,m-large,ads,5,250000,125000
"""
PRICES = """currency: USD
prices:
  - {model: m-large, input: 2, output: 8, from: 2026-01-01}
  - {model: m-mid, input: 0.5, output: 1.5, from: 2026-01-01}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "usage.csv").write_text(USAGE)
    (tmp_path / "prices.yaml").write_text(PRICES)
    store = Store(load_settings(tmp_path).store_path)
    columns = {"team": "x_Team"}
    load_usage(store, [tmp_path / "usage.csv"], provider="acme", columns=columns, prices=tmp_path / "prices.yaml")
    return tmp_path


@pytest.fixture
def agent(home: Path) -> Agent:
    return build_agent(home)


def test_a_ranking_comes_out_exact_and_checked(agent: Agent) -> None:
    answer = agent.ask("top 5 costly models", as_of=AS_OF)
    assert (answer.status, check_answer(answer)) == ("answered", ())
    assert "1. m-large: $7.50" in answer.text
    assert "2. m-mid: $3.50" in answer.text
    assert "There are only 2 models, not the 5 asked for." in answer.text


def test_a_follow_up_keeps_the_rest_of_the_question(agent: Agent) -> None:
    agent.ask("top 5 costly models", as_of=AS_OF, thread="t")
    answer = agent.ask("and by team?", as_of=AS_OF, thread="t")
    assert answer.status == "answered"
    assert "search: $6.00" in answer.text
    assert "ads: $5.00" in answer.text


def test_an_answer_verifies(agent: Agent, home: Path) -> None:
    answer = agent.ask("spend by team", as_of=AS_OF)
    report = verify_answer(load_settings(home), answer.id)
    assert report.holds
    assert not any(figure.drifted for figure in report.figures)


@pytest.mark.parametrize(
    ("question", "status"),
    [("spend in 2019", "no_data"), ("write me a poem", "refused"), ("what data is loaded?", "answered")],
)
def test_what_can_not_be_answered_says_so(agent: Agent, question: str, status: str) -> None:
    answer = agent.ask(question, as_of=AS_OF)
    assert (answer.status, check_answer(answer)) == (status, ())
