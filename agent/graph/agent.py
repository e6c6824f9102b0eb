"""Agent: a question in, an Answer out."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig

from agent.answer.spoken import fault_result
from agent.answer.write import Asked, write_answer
from agent.graph.briefing import briefing
from agent.graph.build import TurnGraph, build_graph
from agent.graph.control import Vet
from agent.graph.planners import Deputy
from agent.graph.state import Run, TurnState
from agent.graph.step import Progress
from agent.identity import ANYBODY, Asker
from agent.personas import persona_named
from agent.settings import BUILTIN
from tools.domain.answer import Answer
from tools.domain.errors import BadInput, BadRequest, OperatorFault
from tools.registry import Tool, ToolContext

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from agent.state.answers import AnswerStore
    from tools.domain.model_usage import ModelUsage

LONGEST_QUESTION = 4000
STEP_CAP = 80
"""LangGraph's own stop; the nodes' caps come first."""


class Agent:
    """Answers one person's questions over one home.

    `context_factory` pins the store for a question; `threads` is the file that conversations are kept in;
    a `model_name` other than builtin says that the model's own words are not to be shown. With a `deputy` the model
    is asked within its caps, and the built-in planner answers where it fails; `vet` judges the questions it suggests;
    `prepare` hears each question before the store is pinned, `record_usage` what the model used.
    """

    def __init__(
        self,
        model: BaseChatModel,
        tools: Sequence[Tool],
        context_factory: Callable[[date], ToolContext],
        answers: "AnswerStore | None" = None,
        threads: Path | None = None,
        *,
        model_name: str = BUILTIN,
        asker: Asker = ANYBODY,
        deputy: Deputy | None = None,
        vet: Vet | None = None,
        prepare: Callable[[str], None] | None = None,
        record_usage: "Callable[[ModelUsage], None] | None" = None,
    ) -> None:
        self._model, self._tools, self._context_factory = model, tuple(tools), context_factory
        self._answers, self._threads = answers, threads
        self._model_name, self._deputy, self._vet, self._record_usage = model_name, deputy, vet, record_usage
        self._prepare = prepare
        self._is_builtin, self._asker = model_name == BUILTIN, asker

    def ask(
        self,
        question: str,
        *,
        as_of: date,
        thread: str | None = None,
        persona: str | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """One question, one checked answer, kept for `verify`; `progress` is told of each step as it begins.

        Faults become answers with status failed or not_understood. Raises StoreFault when an answer or thread
        can't be kept, BadInput for a thread where the agent keeps none, and for a persona that is not known.
        """
        started = perf_counter()
        persona = persona or self._asker.persona
        reader = persona_named(persona) if persona else None
        told = briefing(as_of, reader)
        asked = Asked(question, as_of, self._model_name, thread, self._asker.scope)
        run: Run | None = None
        try:
            if not _is_asked(question):
                raise BadRequest(f"a question has 1 to {LONGEST_QUESTION} characters; this one {len(question)}")
            if self._prepare is not None:
                self._prepare(question)
            run = Run(asked, self._context_factory(as_of), told.text, persona=reader, progress=progress)
            answer = self._answer(run)
        except (BadRequest, OperatorFault) as fault:
            answer = write_answer(asked, {"r1": fault_result(fault)})
        finally:
            usage = run.spending.usage if run and run.spending else None
            if usage is not None and self._record_usage is not None:
                self._record_usage(usage)
        seconds = round(Decimal(perf_counter() - started), 3)
        answer = answer.model_copy(update={"seconds": seconds, "model_usage": usage})
        if self._answers is not None:
            self._answers.save(answer, told.digests)
        return answer

    def _answer(self, run: Run) -> Answer:
        self._turn(run)
        if run.answer is None:
            raise AssertionError("the graph ended without an answer")
        return run.answer

    def _turn(self, run: Run) -> None:
        turn = TurnState(
            messages=[HumanMessage(run.asked.question)], handles=[], rounds=0, revisions=0, sent_back=False, draft=""
        )
        thread = run.asked.thread
        if thread is None:
            self._graph.invoke(turn, {"recursion_limit": STEP_CAP}, context=run)
            return
        if self._threads is None:
            raise BadInput("this agent keeps no conversations; ask without a thread")
        from agent.state.threads import thread_saver, whole_turn

        config: RunnableConfig = {"configurable": {"thread_id": thread}, "recursion_limit": STEP_CAP}
        with thread_saver(self._threads) as saver:
            graph = self._built(saver)
            with whole_turn(saver, thread):
                graph.invoke(turn, config, context=run, durability="exit")

    @cached_property
    def _graph(self) -> TurnGraph:
        return self._built(None)

    def _built(self, saver: "BaseCheckpointSaver[Any] | None") -> TurnGraph:
        return build_graph(
            self._model, self._tools, saver, trusted=self._is_builtin, deputy=self._deputy, vet=self._vet
        )


def _is_asked(question: str) -> bool:
    return bool(question.strip()) and len(question) <= LONGEST_QUESTION
