"""One question, one set of figures, whichever way it is put."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from agent.answer.render import to_json
from agent.app import build_agent
from agent.settings import load_settings
from evals.same_figures import AGREED, MODEL, QUESTIONS, WORDED, by_scripted_model, differences
from tests.cli.conftest import Run
from tests.mcp.assistants import Assistant, call, told
from tests.mcp.conftest import AS_OF

DAY = date.fromisoformat(AS_OF)
Answers = dict[str, Any]


@pytest.fixture
def home(open_home: Path) -> Path:
    return open_home


@pytest.fixture(scope="session")
def planned(open_home: Path) -> Answers:
    """What the built-in planner answers, which the other ways are held against."""
    agent = build_agent(load_settings(open_home, "builtin"))
    return {question: to_json(agent.ask(question, as_of=DAY)) for question in QUESTIONS}


@pytest.fixture(scope="session")
def told_answers(assistant: Assistant) -> Answers:
    """What another assistant is told for each question, in one conversation."""

    async def conversation(client: Client) -> Answers:
        return {question: (await told(client, "ask", {"question": question})).json for question in QUESTIONS}

    return assistant.talk(conversation)


def differing(planned: Answers, other: Callable[[str], Any], parts: tuple[str, ...]) -> dict[str, list[str]]:
    found = {question: list(differences(planned[question], other(question), parts)) for question in QUESTIONS}
    return {question: says for question, says in found.items() if says}


def test_the_questions_are_twenty_or_more_and_most_have_figures(planned: Answers) -> None:
    assert len(QUESTIONS) >= 20
    assert sum(bool(planned[question]["tables"]) for question in QUESTIONS) >= 20


def test_the_command_line_prints_what_the_planner_answers(planned: Answers, outlay: Run) -> None:
    assert not differing(planned, lambda question: outlay("ask", question, "--json", "--as-of", AS_OF).json, WORDED)


def test_other_assistants_are_told_what_the_planner_answers(planned: Answers, told_answers: Answers) -> None:
    assert not differing(planned, told_answers.__getitem__, WORDED)


def test_a_scripted_model_s_answers_have_the_planner_s_figures(planned: Answers, open_home: Path) -> None:
    answers = by_scripted_model(open_home, QUESTIONS, DAY)
    assert not differing(planned, answers.__getitem__, AGREED)
    assert {answers[question]["model"] for question in QUESTIONS} == {MODEL}
    drafted = [question for question in QUESTIONS if answers[question]["text"] != planned[question]["text"]]
    assert len(drafted) >= 5, "no reply is the model's own"


def test_a_difference_is_seen(planned: Answers) -> None:
    answer = planned[QUESTIONS[0]]
    [table] = answer["tables"]
    more = {**table, "rows": [*table["rows"], table["rows"][0]]}
    assert list(differences(answer, {**answer, "tables": [more]}, AGREED))
    assert list(differences(answer, {**answer, "period": None}, AGREED))


@pytest.mark.parametrize("question", [QUESTIONS[at] for at in (0, 1, 3, 4, 6)])
def test_the_tool_called_with_an_answer_s_arguments_gives_the_answer_s_cells(
    caller: Assistant, told_answers: Answers, question: str
) -> None:
    answer = told_answers[question]
    assert answer["status"] == "answered"
    for table, evidence in zip(answer["tables"], answer["evidence"], strict=True):
        reply = call(caller, evidence["tool"], **evidence["arguments"]).json
        assert reply["rows"] == table["rows"]
        assert reply["totals"] == table["totals"]
        assert (reply["evidence"]["sql"], reply["evidence"]["parameters"]) == (evidence["sql"], evidence["parameters"])
