"""One question, one set of figures, whichever way it is put."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from agent.answer.render import to_json
from agent.app import build_agent
from tests.cli.conftest import Run
from tests.mcp.assistants import Assistant, call, told
from tests.mcp.conftest import AS_OF

QUESTIONS = (
    "top 5 costly models",
    "spend by team in October 2026",
    "which model cost most in October 2026, with share",
    "billed cost by day in October 2026",
    "credits in October 2026",
    "compare october 2026 with september 2026",
    "spend of team serch in October 2026",
    "top 5 costly models last month",
)
CELLS = ("status", "period", "currency", "figures", "tables", "evidence", "text", "caveats", "suggestions")


@pytest.fixture
def home(open_home: Path) -> Path:
    return open_home


@pytest.fixture(scope="session")
def told_answers(assistant: Assistant) -> dict[str, Any]:
    """What another assistant is told for each question, in one conversation."""

    async def conversation(client: Client) -> dict[str, Any]:
        return {question: (await told(client, "ask", {"question": question})).json for question in QUESTIONS}

    return assistant.talk(conversation)


@pytest.mark.parametrize("question", QUESTIONS)
def test_planner_command_line_and_other_assistants_get_equal_cells(
    told_answers: dict[str, Any], home: Path, outlay: Run, question: str
) -> None:
    agent = cells(to_json(build_agent(home).ask(question, as_of=date.fromisoformat(AS_OF))))
    assert cells(outlay("ask", question, "--json", "--as-of", AS_OF).json) == agent
    assert cells(told_answers[question]) == agent


@pytest.mark.parametrize("question", QUESTIONS[:5])
def test_the_tool_called_with_an_answer_s_arguments_gives_the_answer_s_cells(
    caller: Assistant, told_answers: dict[str, Any], question: str
) -> None:
    answer = told_answers[question]
    assert answer["status"] == "answered"
    for table, evidence in zip(answer["tables"], answer["evidence"], strict=True):
        reply = call(caller, evidence["tool"], **evidence["arguments"]).json
        assert reply["rows"] == table["rows"]
        assert reply["totals"] == table["totals"]
        assert (reply["evidence"]["sql"], reply["evidence"]["parameters"]) == (evidence["sql"], evidence["parameters"])


def cells(answer: dict[str, Any]) -> dict[str, Any]:
    """What the ways must agree on; a table over MCP also says how many rows it leaves out: here none."""
    tables = [{key: value for key, value in one.items() if key != "rows_left_out"} for one in answer["tables"]]
    assert all(one.get("rows_left_out", 0) == 0 for one in answer["tables"])
    return {key: answer[key] for key in CELLS} | {"tables": tables}
