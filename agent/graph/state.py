"""What the graph carries: messages and handles, never rows."""

from dataclasses import dataclass, field
from typing import Annotated, TypedDict

from langchain_core.messages import AnyMessage
from langgraph.graph.message import add_messages

from agent.answer.write import Asked
from agent.graph.step import Progress, Step, StepKind
from agent.models.spending import Spending
from agent.personas import Persona
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
    progress: Progress | None = None
    refused: dict[str, str] = field(default_factory=dict)
    """Call id → why the call can't be run as it came."""
    persona: Persona | None = None
    spending: Spending | None = None
    """The account of a configured model; opened with its first request."""
    fell_back: str = ""
    """Why the built-in planner took a configured model's place, as a caveat."""

    def keep(self, call_id: str, result: ToolResult) -> str:
        """Give a result its handle."""
        handle = f"r{len(self.results) + 1}"
        self.results[handle] = self._with_freshness(result)
        self.handle_of_call[call_id] = handle
        return handle

    def _with_freshness(self, result: ToolResult) -> ToolResult:
        """Nothing found is told with how far the data go: nothing there, or nothing loaded?"""
        if result.no_data is None or result.evidence.loaded_through is not None:
            return result
        through = self.context.store.loaded_through
        return result.model_copy(update={"evidence": result.evidence.model_copy(update={"loaded_through": through})})

    def tell(self, kind: StepKind, detail: str = "") -> None:
        """Say what is being done, to whoever asked to be told."""
        if self.progress is not None:
            self.progress(Step(kind, detail))

    def heard(self, characters: int) -> None:
        """Say how much of a reply a model has streamed so far."""
        self.tell("plan", f"{characters:,} characters")

    def fall_back(self, reason: str) -> None:
        """Let the built-in planner answer from the start: nothing that the model found or said counts."""
        self.fell_back = reason
        self.results.clear()
        self.handle_of_call.clear()
        self.faults.clear()
        self.fault_rounds, self.is_over = 0, False

    def told(self) -> dict[str, ToolResult]:
        """The results as the answer tells them: the first with what holds for the whole answer."""
        if not self.results:
            return {}
        handle, first = next(iter(self.results.items()))
        return self.results | {handle: self._with_next_steps(self._with_caveat(first))}

    def _with_caveat(self, result: ToolResult) -> ToolResult:
        if not self.fell_back:
            return result
        caveats = (*result.evidence.caveats, self.fell_back)
        return result.model_copy(update={"evidence": result.evidence.model_copy(update={"caveats": caveats})})

    def _with_next_steps(self, result: ToolResult) -> ToolResult:
        """What the reader may ask next, where the answer itself offers nothing."""
        if self.persona is None or any(one.no_data is not None or one.suggestions for one in self.results.values()):
            return result
        steps = self.persona.suggestions(self.context.store.columns, self.asked.question)
        return result.model_copy(update={"suggestions": steps})
