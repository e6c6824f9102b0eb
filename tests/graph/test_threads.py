import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from agent.graph.agent import Agent
from agent.state.threads import recent_threads
from tests.answer.results import AS_OF, top_models
from tests.graph.fakes import ScriptedModel, call, calls, context, costs
from tools.domain.result import ToolResult

FIRST_TURN = """
import sys
from pathlib import Path
from tests.graph.test_threads import ask
ask(Path(sys.argv[1]), "top 5 costly models")
"""


def ask(threads: Path, question: str, thread: str = "t") -> ScriptedModel:
    model = ScriptedModel(script=[calls(call("query_costs", limit=5)), AIMessage("")])
    Agent(model, (costs(top_models()),), context, threads=threads).ask(question, as_of=AS_OF, thread=thread)
    return model


def test_a_thread_goes_on_in_a_new_process(tmp_path: Path) -> None:
    threads = tmp_path / "threads.sqlite"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", FIRST_TURN, str(threads)], check=True, cwd=root)
    seen = ask(threads, "and by team?").seen[0]
    assert [m.content for m in seen if isinstance(m, HumanMessage)] == ["top 5 costly models", "and by team?"]
    earlier = [m.tool_calls[0]["args"] for m in seen if isinstance(m, AIMessage) and m.tool_calls]
    assert earlier == [{"limit": 5}]


def test_threads_do_not_see_each_other(tmp_path: Path) -> None:
    threads = tmp_path / "threads.sqlite"
    ask(threads, "top 5 costly models", thread="one")
    seen = ask(threads, "and by team?", thread="two").seen[0]
    assert [m.content for m in seen if isinstance(m, HumanMessage)] == ["and by team?"]


def test_no_row_and_no_figure_is_in_a_checkpoint(tmp_path: Path) -> None:
    threads = tmp_path / "threads.sqlite"
    ask(threads, "top 5 costly models")
    connection = sqlite3.connect(threads)
    kept = b"".join(
        bytes(str(value), "utf-8") if isinstance(value, str) else value
        for table in ("checkpoints", "writes")
        for row in connection.execute(f"SELECT * FROM {table}")
        for value in row
        if isinstance(value, (str, bytes))
    )
    connection.close()
    assert b"top 5 costly models" in kept
    assert b"m-large" not in kept
    assert b"269195" not in kept


def test_a_thread_keeps_one_checkpoint(tmp_path: Path) -> None:
    threads = tmp_path / "threads.sqlite"
    for question in ("top 5 costly models", "and by team?", "same for September"):
        ask(threads, question)
    connection = sqlite3.connect(threads)
    assert connection.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize("module", ["agent.graph", "agent.state.threads", "agent.app"])
def test_checkpoints_are_read_as_strict_msgpack_from_the_first_import(module: str) -> None:
    code = f"import {module}, os; print(os.environ['LANGGRAPH_STRICT_MSGPACK'])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.stdout.strip() == "true"


def broken_off(threads: Path, how: type[BaseException]) -> None:
    """Ask in the thread, and let the tool be broken off."""

    def break_off(*_: object) -> ToolResult:
        raise how("broken off")

    model = ScriptedModel(script=[calls(call("query_costs", limit=5))])
    with pytest.raises(how):
        Agent(model, (costs(break_off),), context, threads=threads).ask("never mind", as_of=AS_OF, thread="t")


@pytest.mark.parametrize("how", [KeyboardInterrupt, RuntimeError])
def test_a_turn_that_breaks_off_leaves_no_trace_in_its_thread(tmp_path: Path, how: type[BaseException]) -> None:
    threads = tmp_path / "threads.sqlite"
    ask(threads, "top 5 costly models")
    broken_off(threads, how)
    seen = ask(threads, "and by team?").seen[0]
    assert [m.content for m in seen if isinstance(m, HumanMessage)] == ["top 5 costly models", "and by team?"]


def test_a_first_turn_that_breaks_off_makes_no_thread(tmp_path: Path) -> None:
    broken_off(tmp_path / "threads.sqlite", KeyboardInterrupt)
    assert recent_threads(tmp_path / "threads.sqlite") == ()


def test_threads_are_listed_newest_first_with_their_last_question(tmp_path: Path) -> None:
    threads = tmp_path / "threads.sqlite"
    ask(threads, "top 5 costly models", thread="one")
    ask(threads, "and by team?", thread="one")
    ask(threads, "spend", thread="two")
    assert [(found.thread, found.question, found.questions) for found in recent_threads(threads)] == [
        ("two", "spend", 1),
        ("one", "and by team?", 2),
    ]


def test_there_are_no_threads_before_the_first_question(tmp_path: Path) -> None:
    assert recent_threads(tmp_path / "threads.sqlite") == ()
    assert not (tmp_path / "threads.sqlite").exists()
