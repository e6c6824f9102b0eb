"""Conversations over a small home: through a pipe, and over an agent whose tool a test decides on."""

import io
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage

from agent.cli.chat.conversation import Conversation
from agent.cli.chat.warmup import WarmUp
from agent.cli.context import CliContext
from agent.graph.agent import Agent
from agent.state.answers import AnswerStore
from agent.state.threads import ThreadSummary, recent_threads
from tests.answer.results import AS_OF
from tests.cli.conftest import Outcome, Run
from tests.graph.fakes import ScriptedModel, call, calls, context, costs
from tools.domain.query import CostQuery
from tools.domain.result import ToolResult
from tools.registry import ToolContext

Piped = Callable[..., Outcome]
Tool = Callable[[ToolContext, CostQuery], ToolResult]


@pytest.fixture
def piped(outlay: Run, monkeypatch: pytest.MonkeyPatch) -> Piped:
    """`outlay chat` with these lines on its standard input."""

    def run(*lines: str, options: tuple[str, ...] = ("--as-of", "2026-10-31")) -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return outlay("chat", *options)

    return run


class SmallBackend:
    """A backend over one tool, with threads and answers in a folder; the model calls the tool for each question."""

    def __init__(self, folder: Path, tool: Tool, questions: int = 9) -> None:
        script = [calls(call("query_costs", limit=5)), AIMessage("")] * questions
        self.answers, self._threads = AnswerStore(folder), folder / "threads.sqlite"
        self.model = ScriptedModel(script=script)
        self.agent = Agent(self.model, (costs(tool),), context, self.answers, self._threads)

    def recent_threads(self) -> tuple[ThreadSummary, ...]:
        return recent_threads(self._threads)

    def loaded_through(self) -> date | None:
        return AS_OF


def conversation_with(folder: Path, tool: Tool) -> tuple[Conversation, SmallBackend]:
    """A conversation whose agent runs one tool, already warm."""
    backend = SmallBackend(folder, tool)
    conversation = Conversation(CliContext(folder), thread="t", day=AS_OF)
    conversation.warmup = WarmUp(lambda: backend)  # type: ignore[assignment,return-value]
    conversation.warmup.get()
    return conversation, backend
