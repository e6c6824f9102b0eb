"""What the graph carries: messages and handles, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypedDict

from langchain_core.messages import AnyMessage
from langgraph.graph.message import add_messages

from agent.answer.write import Asked
from agent.graph.step import Progress, Step, StepKind
from tools.domain.answer import Answer
from tools.domain.errors import ToolFault
from tools.domain.result import ToolResult
from tools.registry import ToolContext


class TurnState(TypedDict):
    """Kept in a thread's checkpoint. All but `messages` starts anew with each question."""

    messages: Annotated[list[AnyMessage], add_messages]
    handles: list[str]
    """Of the results of this question, in order."""
    rounds: int
    """Rounds of tool calls so far."""
    revisions: int
    """Drafts sent back so far."""
    sent_back: bool
    """Whether the check has just asked for another draft."""
    draft: str
    """The draft under check; empty for the plain rendering."""


@dataclass
class Run:
    """One question's working space: results by handle, and what came of it. Never checkpointed."""

    asked: Asked
    context: ToolContext
    system: str
    """The system message, prompt filled in."""
    results: dict[str, ToolResult] = field(default_factory=dict)
    handle_of_call: dict[str, str] = field(default_factory=dict)
    faults: list[ToolFault] = field(default_factory=list)
    """Those of the last round of calls; a later round clears them."""
    fault_rounds: int = 0
    is_over: bool = False
    """Whether a control call or an operator's fault ends the question here."""
    answer: Answer | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)
    progress: Progress | None = None

    def keep(self, call_id: str, result: ToolResult) -> str:
        """Give a result its handle."""
        handle = f"r{len(self.results) + 1}"
        self.results[handle] = result
        self.handle_of_call[call_id] = handle
        return handle

    def tell(self, kind: StepKind, detail: str = "") -> None:
        """Say what is being done, to whoever asked to be told."""
        if self.progress is not None:
            self.progress(Step(kind, detail))
