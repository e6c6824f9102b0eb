"""Conversations of three to eight turns on the demo world; each turn is scored against a truth of its own."""

from collections.abc import Iterator, Sequence

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from agent.graph.agent import Agent
from agent.settings import load_settings
from evals.asking import Question, converse
from evals.cases import asked_agent, read_cases
from evals.demo.facts import read_facts
from evals.demo.runner import ensure_home
from evals.demo.score import expectation, score
from evals.demo.truth import Expected, Truth, compute
from evals.report import Ask, EvalReport


class Turn(Expected):
    """One thing said, and what is expected back; its truth is whole and names nothing of the turns before."""

    ask: str


class Conversation(BaseModel):
    """A conversation, told from its first turn on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    turns: tuple[Turn, ...] = Field(min_length=3, max_length=8)


def conversations(only: Sequence[str] = ()) -> Iterator[tuple[str, Conversation]]:
    """Every case, or those of some categories."""
    return read_cases("evals.conversations", ".", Conversation, only)


def run(only: Sequence[str] = (), *, model: str | None = None, times: int = 1) -> EvalReport:
    """All conversations, or some categories of them; with the model that is configured unless one is named."""
    home = ensure_home()
    facts, agent = read_facts(home / "demo"), asked_agent(load_settings(home, model))
    asks: list[Ask] = []
    for category, conversation in conversations(only):
        asks += hold(agent, category, conversation, truths_of(facts, conversation), times=times)
    return EvalReport(name="Conversations on the demo world", asks=tuple(asks), notes=(whole(asks),))


def truths_of(facts: duckdb.DuckDBPyConnection, conversation: Conversation) -> list[Truth | None]:
    """The truth of each turn; None where a status is expected."""
    return [compute(facts, turn.truth) if turn.truth else None for turn in conversation.turns]


def hold(
    agent: Agent, category: str, conversation: Conversation, truths: Sequence[Truth | None], *, times: int = 1
) -> list[Ask]:
    """Hold a conversation; an ask a turn. A later turn is not excused by an earlier one that was missed."""
    turns = conversation.turns
    questions = [_question(turn, truth) for turn, truth in zip(turns, truths, strict=True)]
    return [
        Ask(
            category=category,
            case=f"{category}/{conversation.id}",
            number=number,
            question=turn.ask,
            outcome=outcome,
            expected=expectation(turn, truth),
            got=got,
            measured=measured,
        )
        for number, (turn, truth, (outcome, got, measured)) in enumerate(
            zip(turns, truths, converse(agent, questions, times=times), strict=True)
        )
    ]


def _question(turn: Turn, truth: Truth | None) -> Question:
    return Question(turn.ask, lambda answer: score(turn, truth, answer), turn.expected_tools)


def whole(asks: Sequence[Ask]) -> str:
    """How many conversations were right in every turn, and how many stated something wrong."""
    by_case: dict[str, set[str]] = {}
    for ask in asks:
        by_case.setdefault(ask.case, set()).add(ask.outcome)
    right = sum(outcomes == {"exact"} for outcomes in by_case.values())
    wrong = sum("wrong" in outcomes for outcomes in by_case.values())
    return f"{len(by_case)} conversations: {right} right in every turn, {wrong} with something wrong stated as right"
