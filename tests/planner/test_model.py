"""The planner as a chat model."""

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from agent.planner import BuiltinPlanner, Lexicon

SYSTEM = SystemMessage("You answer questions about cost.\nAs of: 2026-11-23\n")


@pytest.fixture
def planner(lexicon: Lexicon) -> BuiltinPlanner:
    return BuiltinPlanner(lexicon=lambda: lexicon)


def test_a_question_becomes_a_tool_call(planner: BuiltinPlanner) -> None:
    message = planner.invoke([SYSTEM, HumanMessage("spend last month by team")])
    (call,) = message.tool_calls
    assert call["name"] == "query_costs"
    assert call["args"]["group_by"] == ["x_Team"]
    assert call["args"]["period"] == {"start": "2026-10-01", "end": "2026-11-01"}
    assert message.content == ""


def test_after_a_tool_result_it_says_nothing(planner: BuiltinPlanner) -> None:
    asked = planner.invoke([SYSTEM, HumanMessage("spend last month")])
    told = ToolMessage("…", tool_call_id=asked.tool_calls[0]["id"])
    message = planner.invoke([SYSTEM, HumanMessage("spend last month"), asked, told])
    assert (message.content, message.tool_calls) == ("", [])


def test_a_follow_up_reads_the_newest_query_of_the_thread(planner: BuiltinPlanner) -> None:
    before = AIMessage("", tool_calls=[{"name": "query_costs", "args": {"group_by": ["x_Team"]}, "id": "1"}])
    described = AIMessage("", tool_calls=[{"name": "describe_data", "args": {"about": "periods"}, "id": "2"}])
    thread = [SYSTEM, HumanMessage("spend by team"), before, HumanMessage("how fresh is it"), described]
    (call,) = planner.invoke([*thread, HumanMessage("only production")]).tool_calls
    assert call["args"]["group_by"] == ["x_Team"]
    assert call["args"]["filters"] == [{"dimension": "x_Environment", "values": ["production"]}]


def test_ids_of_calls_are_distinct(planner: BuiltinPlanner) -> None:
    calls = planner.invoke([SYSTEM, HumanMessage("compare prices of gpt-5.5 and claude-opus-4.5")]).tool_calls
    assert len({call["id"] for call in calls}) == 2


def test_without_a_date_it_refuses_to_guess_one(planner: BuiltinPlanner) -> None:
    with pytest.raises(ValueError, match="As of"):
        planner.invoke([HumanMessage("spend last month")])


def test_tools_can_be_bound(planner: BuiltinPlanner) -> None:
    bound = planner.bind_tools([])
    assert bound.invoke([SYSTEM, HumanMessage("spend")]).tool_calls
