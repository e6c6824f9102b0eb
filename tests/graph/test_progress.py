from pathlib import Path

from langchain_core.messages import AIMessage

from agent.graph.agent import Agent
from agent.graph.step import LONGEST_DETAIL, Step, call_text
from tests.answer.results import AS_OF, top_models
from tests.graph.fakes import ScriptedModel, call, calls, context, costs


def test_each_step_is_told_as_it_begins(tmp_path: Path) -> None:
    model = ScriptedModel(script=[calls(call("query_costs", limit=5)), AIMessage("")])
    steps: list[Step] = []
    agent = Agent(model, (costs(top_models()),), context)
    agent.ask("top 5 costly models", as_of=AS_OF, progress=steps.append)
    assert [step.kind for step in steps] == ["plan", "tool", "plan", "write", "check", "answer"]
    assert steps[1].detail == "query_costs limit=5"


def test_a_call_is_told_without_what_is_not_set_and_never_at_length() -> None:
    arguments = {"metrics": ["EffectiveCost"], "filters": [{"dimension": "x_Team", "values": ["ads"]}], "limit": None}
    assert call_text("query_costs", arguments) == "query_costs metrics=EffectiveCost filters=x_Team/ads"
    assert len(call_text("query_costs", {"metrics": ["x" * 1000]})) == LONGEST_DETAIL
