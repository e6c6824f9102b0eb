"""What a model is shown stays within its characters, however long the conversation and however large the results."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.answer.write import Asked
from agent.graph.agent import Agent
from agent.graph.heads import head
from agent.graph.messages import for_model
from agent.graph.reply import sound
from agent.graph.state import Run
from agent.models.client import characters_of
from evals.hostile.behaved import calling
from evals.hostile.server import ScriptedServer
from tests.answer.results import top_models
from tests.graph.fakes import context
from tools.domain.result import Column, Evidence, ToolResult

AS_OF = date(2026, 10, 10)
LIMIT = 32_000


def wide(columns: int, rows: int, cell: str) -> ToolResult:
    """A result of many columns, many rows and long names."""
    heads = tuple(Column(name=f"x_C{n}", kind="dimension", label=f"column {n} {cell}"[:500]) for n in range(columns))
    amount = Column(name="EffectiveCost", kind="metric", label="effective cost", unit="USD", metric="EffectiveCost")
    cells = tuple((*(f"{cell}{row}" for _ in heads), Decimal(row)) for row in range(rows))
    return ToolResult(
        tool="query_costs",
        columns=(*heads, amount),
        rows=cells,
        totals={"EffectiveCost": Decimal(rows)},
        evidence=Evidence(sql="", row_count=rows, caveats=(cell[:5000],) * 9),
    )


@given(st.integers(0, 90), st.integers(0, 60), st.integers(0, 9_000), st.integers(400, 6_000))
@settings(max_examples=60)
def test_a_head_is_valid_json_within_its_characters(columns: int, rows: int, length: int, limit: int) -> None:
    shown = head("r1", wide(columns, rows, "ü" * length), limit)
    assert len(shown) <= limit
    told = json.loads(shown)
    assert (told["result"], told["rows_in_table"], told["row_count"]) == ("r1", rows, rows)
    assert len(told["rows"]) <= 20


def test_a_small_result_is_shown_with_all_its_columns_and_totals() -> None:
    told = json.loads(head("r1", top_models()))
    assert len(told["columns"]) == len(top_models().columns)
    assert told["totals"]


def conversation(turns: int, calls: int, length: int) -> tuple[Run, list[AnyMessage]]:
    """Turns of one round each, with their calls; the last turn's results are in the run."""
    run = Run(Asked("?", AS_OF), context(AS_OF), "rules " * 900)
    messages: list[AnyMessage] = []
    for turn in range(turns):
        messages.append(HumanMessage("q" * min(length, 4_000)))
        wanted = [
            {"name": "query_costs", "args": {"group_by": ["x" * length]}, "id": str(n), "type": "tool_call"}
            for n in range(calls)
        ]
        reply = sound(AIMessage("t" * length, tool_calls=wanted)).message
        messages.append(reply)
        for call in reply.tool_calls:
            if turn == turns - 1:
                run.keep(call["id"] or "", wide(30, 40, "y" * length))
            messages.append(ToolMessage("r1: 40 rows", tool_call_id=call["id"]))
    return run, messages


@given(st.integers(1, 40), st.integers(0, 16), st.integers(1, 30_000))
@settings(max_examples=40)
def test_the_context_is_bounded_and_no_call_stands_without_its_result(turns: int, calls: int, length: int) -> None:
    run, messages = conversation(turns, calls, length)
    shown = for_model(run, messages, LIMIT)
    assert characters_of(shown) <= LIMIT
    assert shown[0].text == run.system
    assert messages[-1 - len([m for m in messages if isinstance(m, ToolMessage)]) :]
    called = {call["id"] for m in shown if isinstance(m, AIMessage) for call in m.tool_calls}
    answered = {m.tool_call_id for m in shown if isinstance(m, ToolMessage)}
    assert called == answered


def test_the_newest_round_is_always_shown() -> None:
    run, messages = conversation(30, 3, 200)
    shown = for_model(run, messages, LIMIT)
    assert [m.id for m in shown[-4:]] == [m.id for m in messages[-4:]]
    assert all(len(m.text) > 300 for m in shown[-3:])


def test_a_long_conversation_over_http_sends_no_more_than_its_characters(
    agent: Agent, server: ScriptedServer, home: Path
) -> None:
    server.script = calling(
        ("query_costs", {"group_by": ["x_Model", "x_Team"]}), ("query_costs", {"granularity": "day"})
    )
    for _ in range(12):
        agent.ask("spend by model and team, " + "please " * 400, as_of=AS_OF, thread="long")
    sizes = [sum(len(str(message.get("content"))) for message in request["messages"]) for request in server.requests]
    assert max(sizes) <= 48_000
    assert server.complaints == []


@pytest.mark.parametrize("arguments", ['{"limit": 5', "[]", "{'limit': 5}", "null", "{" * 4000])
def test_broken_arguments_are_refused_never_mended(arguments: str) -> None:
    from langchain_core.messages import AIMessageChunk

    part = {"name": "query_costs", "args": arguments, "id": "c", "index": 0, "type": "tool_call_chunk"}
    reply = sound(AIMessageChunk("", tool_call_chunks=[part]))  # type: ignore[list-item]
    assert [call["args"] for call in reply.message.tool_calls] == [{}]
    assert len(reply.refused) == 1
