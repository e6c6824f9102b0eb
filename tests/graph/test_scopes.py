"""Asking about what lies outside one's scope gets the reply that asking about what does not exist gets."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.answer.render import to_json
from agent.graph.agent import Agent
from agent.identity import Asker
from agent.planner import BuiltinPlanner, Lexicon
from tests.store.scopes import load_bill, mixed_bill, permitted, random_scope
from tools.catalog import CATALOG
from tools.domain.scope import Filter, Scope
from tools.registry import ToolContext
from tools.store import Store

AS_OF = date(2026, 10, 31)
NAMES = (
    "search", "ads", "risk", "rsik", "serch", "nobody", "plan-0", "plan-2", "m-large", "m-lrge", "r1", "embed",
    "Machines", "Inference", "Other Cloud", "Example Cloud", "Another Cloud", "001", "003", "009", "prod", "dev",
)  # fmt: skip
WORDINGS = ("spend of {} in October 2026", "spend of team {} last month", "tokens by {}", "top 3 models for {}")
PLAIN = (
    "spend last month", "spend by team with share", "spend by x_Secret", "what is loaded", "which teams are there",
    "which models are there", "top 1 team in October 2026", "spend by env tag", "what was kept out",
    "spend by cost basis in October 2026", "how fresh is the data?",
)  # fmt: skip


def agent_over(store: Store, scope: Scope) -> Agent:
    def context(as_of: date) -> ToolContext:
        return ToolContext(store=store.snapshot(), as_of=as_of)

    planner = BuiltinPlanner(lexicon=lambda: Lexicon.of(store.snapshot()))
    return Agent(planner, CATALOG, context, asker=Asker(id="ada", scope=scope))


def reply(agent: Agent, question: str) -> dict[str, Any]:
    answer = to_json(agent.ask(question, as_of=AS_OF))
    for one in answer["evidence"]:
        one.pop("generation", None)
    return {key: value for key, value in answer.items() if key not in ("id", "seconds")}


@pytest.mark.parametrize("seed", range(3))
def test_every_reply_is_that_of_a_store_which_never_had_the_rows_outside(tmp_path: Path, seed: int) -> None:
    bill, scope = mixed_bill(seed), random_scope(seed)
    whole = load_bill(tmp_path / "whole", bill, bill)
    within = agent_over(Store(whole.path, scope=scope), scope)
    alone = agent_over(load_bill(tmp_path / "alone", permitted(bill, scope), bill), Scope())
    for question in (*PLAIN, *(wording.format(name) for wording in WORDINGS for name in NAMES)):
        assert reply(within, question) == reply(alone, question), question


def test_a_hidden_name_and_a_made_up_one_get_the_same_words(tmp_path: Path) -> None:
    bill = mixed_bill(1)
    scope = Scope(filters=(Filter(dimension="x_Team", values=("ads",)),))
    whole = load_bill(tmp_path, bill, bill)
    agent = agent_over(Store(whole.path, scope=scope), scope)
    hidden, absent = (str(reply(agent, f"spend of team {name} in October 2026")) for name in ("risk", "qisk"))
    assert hidden.replace("risk", "qisk") == absent
    assert "risk" in str(reply(agent_over(whole, Scope()), "spend by team in October 2026"))
