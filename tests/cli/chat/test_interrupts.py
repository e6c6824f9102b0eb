"""Ctrl-C while an answer is made."""

import signal
from functools import partial
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from agent.cli.chat.interrupts import Interrupts
from agent.cli.chat.terminal import ask_stoppably, take_turn
from agent.state.threads import recent_threads
from tests.answer.results import top_models
from tests.cli.chat.conftest import conversation_with
from tools.domain.query import CostQuery
from tools.domain.result import ToolResult
from tools.registry import ToolContext


def interrupted_once() -> "partial[ToolResult]":
    """A tool that Ctrl-C falls into at its first call."""
    return partial(_interrupted, [])


def _interrupted(before: list[int], context: ToolContext, request: CostQuery) -> ToolResult:
    before.append(1)
    if len(before) == 1:
        signal.raise_signal(signal.SIGINT)
    return top_models()


def test_ctrl_c_stops_the_answer_and_the_session_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conversation, backend = conversation_with(tmp_path, interrupted_once())
    take_turn(conversation, "never mind")
    assert "stopped" in capsys.readouterr().out
    backend.model.seen.clear()
    take_turn(conversation, "top 5 costly models")
    assert "m-large" in capsys.readouterr().out


def test_a_stopped_question_leaves_no_trace_in_the_thread(tmp_path: Path) -> None:
    conversation, backend = conversation_with(tmp_path, interrupted_once())
    with pytest.raises(KeyboardInterrupt):
        ask_stoppably(conversation, "never mind")
    backend.model.seen.clear()
    ask_stoppably(conversation, "top 5 costly models")
    assert [m.content for m in backend.model.seen[0] if isinstance(m, HumanMessage)] == ["top 5 costly models"]
    assert [one.questions for one in recent_threads(tmp_path / "threads.sqlite")] == [1]


def test_ctrl_c_is_heard_once_and_not_after_the_answer_is_certain() -> None:
    with Interrupts():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    with Interrupts() as interrupts:
        interrupts.certain()
        signal.raise_signal(signal.SIGINT)


def test_afterwards_ctrl_c_means_what_it_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
