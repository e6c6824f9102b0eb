"""Asks the agent, as often as wanted, and measures: seconds, tools, binding of figures, tokens and cost."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from time import perf_counter

from agent.answer.check import check_answer
from agent.answer.compose import ASKED_BACK, DECLINED, FAILED
from agent.graph.agent import Agent
from evals.demo.truth import TODAY
from evals.report import Measured, Outcome
from tools.domain.answer import Answer

Judge = Callable[[Answer], tuple[Outcome, str]]
"""An answer's outcome, and what came, in a few words."""
NOT_TOOLS = (ASKED_BACK, DECLINED, FAILED)
_THREADS = count()


@dataclass(frozen=True)
class Question:
    """One question of a conversation: how its answer is judged, and which tools should be called for it."""

    text: str
    judge: Judge
    tools: tuple[str, ...] = ()
    """Empty where any will do."""


@dataclass
class Heard:
    """The answers to one question, once for each time that it was asked."""

    answers: list[tuple[Answer, float]] = field(default_factory=list)
    outcomes: list[tuple[Outcome, str]] = field(default_factory=list)


def converse(
    agent: Agent, questions: Sequence[Question], before: Sequence[str] = (), *, times: int = 1
) -> list[tuple[Outcome, str, Measured]]:
    """Ask the questions in one thread, `before` first; anew in a thread of its own each time.

    The outcome is that of the first time; `Measured.passes` counts the others too.
    """
    heard = [Heard() for _ in questions]
    for _ in range(times):
        alone = len(questions) == 1 and not before
        thread = None if alone else f"eval-{os.getpid()}-{next(_THREADS)}"
        for earlier in before:
            agent.ask(earlier, as_of=TODAY, thread=thread)
        for question, hearing in zip(questions, heard, strict=True):
            started = perf_counter()
            answer = agent.ask(question.text, as_of=TODAY, thread=thread)
            hearing.answers.append((answer, perf_counter() - started))
            hearing.outcomes.append(question.judge(answer))
    return [
        (*hearing.outcomes[0], _measured(question, hearing)) for question, hearing in zip(questions, heard, strict=True)
    ]


def _measured(question: Question, heard: Heard) -> Measured:
    answer, seconds = heard.answers[0]
    tokens, cost = _used(answer)
    return Measured(
        seconds=round(seconds, 4),
        tools_right=tools_of(answer) == set(question.tools) if question.tools else None,
        is_bound=all(not check_answer(each) for each, _ in heard.answers),
        tokens=tokens,
        cost=cost,
        times=len(heard.answers),
        passes=sum(outcome == "exact" for outcome, _ in heard.outcomes),
        is_same=len({(each.status, each.text) for each, _ in heard.answers}) == 1,
    )


def tools_of(answer: Answer) -> set[str]:
    """The tools behind an answer; control calls and faults look nothing up and are left out."""
    return {result.tool for result in answer.results.values()} - set(NOT_TOOLS)


def _used(answer: Answer) -> tuple[int, Decimal | None]:
    """Tokens and cost of an answer's model; the built-in planner uses none, and its answers name no usage."""
    usage = answer.model_usage
    return (usage.tokens, usage.cost) if usage is not None else (0, Decimal(0))
