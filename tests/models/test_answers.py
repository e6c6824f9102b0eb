"""A model behind a real HTTP server: what it is shown, and what of its words a person sees."""

from datetime import date
from pathlib import Path

import pytest

from agent.answer.check import check_answer
from agent.answer.render import to_json
from agent.app import build_agent
from agent.graph.agent import Agent
from agent.personas import personas
from evals.hostile.behaved import calling
from evals.hostile.script import Step, in_turn
from evals.hostile.server import ScriptedServer
from tests.models.conftest import Configure

AS_OF = date(2026, 10, 10)
TOP = ("query_costs", {"group_by": ["x_Model"], "limit": 5})
DRAFT = "{{r1.headline}}:\n\n{{r1.0.rank}} {{r1.0.x_Model}}: {{r1.0.EffectiveCost}}"


def test_a_models_draft_is_filled_in_and_checked(agent: Agent, server: ScriptedServer) -> None:
    server.script = calling(TOP, draft=DRAFT)
    answer = agent.ask("top 5 costly models", as_of=AS_OF)
    assert (answer.status, answer.model, check_answer(answer)) == ("answered", "scripted", ())
    assert answer.text.endswith("1. m-large: $7.50")
    assert server.complaints == []


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("top 5 costly models", ("query_costs", {"group_by": ["x_Model"], "limit": 5})),
        ("spend by team", ("query_costs", {"group_by": ["x_Team"]})),
        ("how much did m-large cost", ("query_costs", {"filters": [{"dimension": "x_Model", "values": ["m-large"]}]})),
        ("spend by day", ("query_costs", {"granularity": "day"})),
        ("tokens by model", ("query_costs", {"metrics": ["Tokens"], "group_by": ["x_Model"]})),
    ],
)
def test_the_built_in_planner_and_a_model_give_the_same_figures(
    agent: Agent, server: ScriptedServer, home: Path, question: str, call: tuple[str, dict[str, object]]
) -> None:
    server.script = calling(call)
    by_model, by_planner = agent.ask(question, as_of=AS_OF), build_agent(home).ask(question, as_of=AS_OF)
    assert (by_model.model, by_planner.model) == ("scripted", "builtin")
    tables = [[r.rows for r in answer.results.values()] for answer in (by_model, by_planner)]
    assert tables[0] == tables[1]
    assert _values(by_model) == _values(by_planner)


def _values(answer: object) -> set[tuple[str, str | None]]:
    return {(figure["value"], figure["unit"]) for figure in to_json(answer)["figures"]}  # type: ignore[arg-type]


def test_digits_of_its_own_go_back_once_and_are_then_replaced_by_the_plain_rendering(
    agent: Agent, server: ScriptedServer
) -> None:
    from evals.hostile.script import Call

    call = Step(calls=(Call("query_costs", '{"group_by": ["x_Model"], "limit": 5}'),))
    server.script = in_turn(call, Step("m-large cost $999."), Step("m-large cost nine hundred."))
    answer = agent.ask("top 5 costly models", as_of=AS_OF)
    assert "1. m-large: $7.50" in answer.text
    assert "999" not in answer.text
    assert "nine" not in answer.text
    assert len(server.requests) == 3
    assert "may not stand outside a placeholder" in server.requests[2]["messages"][-1]["content"]


def test_it_reports_its_tokens_and_what_they_cost(agent: Agent, server: ScriptedServer) -> None:
    from evals.hostile.script import Call, usage

    call = Step(calls=(Call("query_costs", "{}"),), usage=usage(1000, 50, 400))
    server.script = in_turn(call, Step("", usage=usage(2000, 10, 0, 4)))
    reported = to_json(agent.ask("spend", as_of=AS_OF))["model_usage"]
    counts = {name: reported[name] for name in reported if name.endswith("tokens")}
    assert counts == {"input_tokens": 2600, "cached_input_tokens": 400, "output_tokens": 56, "reasoning_tokens": 4}
    assert (reported["requests"], reported["cost"], reported["currency"]) == (2, "0.00588", "USD")
    assert (reported["priced"], reported["is_counted"], reported["provider"]) == (True, True, "Self-hosted")


def test_a_model_without_a_price_is_unpriced_not_free(configure: Configure, server: ScriptedServer) -> None:
    server.script = calling(TOP)
    answer = build_agent(configure(model="never-heard-of")).ask("top 5 costly models", as_of=AS_OF)
    reported = to_json(answer)["model_usage"]
    assert (reported["cost"], reported["priced"]) == (None, False)
    assert reported["input_tokens"] > 0


def test_tokens_that_the_endpoint_does_not_count_are_estimated_and_say_so(agent: Agent, server: ScriptedServer) -> None:
    well = calling(TOP)
    server.script = lambda request: well(request).without_usage()
    used = agent.ask("top 5 costly models", as_of=AS_OF).model_usage
    assert used is not None
    assert not used.is_counted
    assert used.input_tokens > 1000


def test_the_builtin_planner_reports_no_usage(home: Path) -> None:
    assert to_json(build_agent(home).ask("spend", as_of=AS_OF))["model_usage"] is None


def test_every_persona_gets_the_same_figures_and_its_own_next_steps(home: Path) -> None:
    agent = build_agent(home)
    answers = [agent.ask("spend by team", as_of=AS_OF, persona=one.id) for one in personas()]
    assert len({answer.text for answer in answers}) == 1
    assert len({answer.suggestions for answer in answers}) > 1
    assert all(check_answer(answer) == () for answer in answers)


def test_every_persona_gets_the_same_figures_from_a_model(agent: Agent, server: ScriptedServer) -> None:
    server.script = calling(TOP)
    texts = {agent.ask("top 5 costly models", as_of=AS_OF, persona=one.id).text for one in personas()}
    assert len(texts) == 1
    told = {request["messages"][0]["content"] for request in server.requests}
    assert len(told) == len(personas())
