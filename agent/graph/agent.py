"""Agent: a question in, an Answer out."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig

from agent.answer.spoken import fault_result
from agent.answer.write import Asked, write_answer
from agent.graph.build import TurnGraph, build_graph
from agent.graph.state import Run, TurnState
from agent.graph.step import Progress
from agent.identity import ANYBODY, Asker
from prompts import load
from tools.domain.answer import Answer
from tools.domain.errors import BadInput, BadRequest, OperatorFault
from tools.registry import Tool, ToolContext

if TYPE_CHECKING:
    from agent.state.answers import AnswerStore

LONGEST_QUESTION = 4000
BUILTIN = "builtin"
STEP_CAP = 60
"""LangGraph's own stop; the nodes' caps come first."""


class Agent:
    """Answers one person's questions over one home.

    `context_factory` pins the store for a question; `threads` is the file that conversations are kept in;
    a `model_name` other than builtin says that the model's own words are not to be shown; `model_faults` are the
    model client's errors that mean "not reachable", which end a question as failed.
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
        model_faults: tuple[type[Exception], ...] = (),
        asker: Asker = ANYBODY,
    ) -> None:
        self._model, self._tools, self._context_factory = model, tuple(tools), context_factory
        self._answers, self._threads = answers, threads
        self._model_name, self._model_faults = model_name, model_faults
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
        can't be kept, BadInput for a thread where the agent keeps none.
        """
        started = perf_counter()
        asked = Asked(question, as_of, self._model_name, thread, self._asker.scope)
        prompt = load("system")
        persona = persona or self._asker.persona or "anyone"
        answer = self._answer(asked, prompt.fill(as_of=as_of.isoformat(), persona=persona), progress)
        answer = answer.model_copy(update={"seconds": round(Decimal(perf_counter() - started), 3)})
        if self._answers is not None:
            self._answers.save(answer, {prompt.name: prompt.digest})
        return answer

    def _answer(self, asked: Asked, system: str, progress: Progress | None) -> Answer:
        if not asked.question.strip() or len(asked.question) > LONGEST_QUESTION:
            fault = BadRequest(f"a question has 1 to {LONGEST_QUESTION} characters; this one {len(asked.question)}")
            return write_answer(asked, {"r1": fault_result(fault)})
        try:
            run = Run(asked, self._context_factory(asked.as_of), system, progress=progress)
            self._turn(run)
        except OperatorFault as fault:
            return write_answer(asked, {"r1": fault_result(fault)})
        except self._model_faults as fault:
            unreachable = OperatorFault(f"the model {self._model_name} can't be asked: {fault}")
            return write_answer(asked, {"r1": fault_result(unreachable)})
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
            graph = build_graph(self._model, self._tools, saver, trusted=self._is_builtin)
            with whole_turn(saver, thread):
                graph.invoke(turn, config, context=run, durability="exit")

    @cached_property
    def _graph(self) -> TurnGraph:
        return build_graph(self._model, self._tools, trusted=self._is_builtin)
