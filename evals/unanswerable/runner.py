"""What can't be answered: is it refused, and in the right way? A figure given for it counts as wrong."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field

from agent.graph.agent import Agent
from agent.settings import load_settings
from evals.asking import Question, converse
from evals.cases import asked_agent, read_cases
from evals.demo.facts import read_facts
from evals.demo.runner import ensure_home
from evals.demo.score import score
from evals.demo.truth import Expected, Spec, Truth, compute
from evals.report import Ask, EvalReport, Outcome
from tools.domain.answer import Answer, AnswerStatus


class Unanswerable(BaseModel):
    """Wordings that have no answer, and the statuses that are right for each of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    right: tuple[AnswerStatus, ...] = Field(min_length=1)
    ask: tuple[str, ...] = Field(min_length=1)
    after: tuple[str, ...] = ()
    """Questions asked before in the same thread."""
    truth: Spec | None = None
    """The one answer that would not be wrong, from who reads the language or the question inside."""
    repeat: int = 1
    """How often each wording is repeated, to make a long one."""

    @property
    def wordings(self) -> tuple[str, ...]:
        return tuple(wording * self.repeat for wording in self.ask)


def cases(only: Sequence[str] = ()) -> Iterator[tuple[str, Unanswerable]]:
    """Every case, or those of some categories."""
    return read_cases("evals.unanswerable", ".", Unanswerable, only)


def run(only: Sequence[str] = (), *, model: str | None = None, times: int = 1) -> EvalReport:
    """All of them, or some categories; with the model that is configured unless one is named."""
    home = ensure_home()
    facts, agent = read_facts(home / "demo"), asked_agent(load_settings(home, model))
    asks: list[Ask] = []
    for category, case in cases(only):
        truth = compute(facts, case.truth) if case.truth else None
        asks += ask_case(agent, category, case, truth, times=times)
    note = "exact: refused in a right way; refused: in another way; wrong: answered"
    return EvalReport(name="Questions that can't be answered", asks=tuple(asks), notes=(note,))


def ask_case(
    agent: Agent, category: str, case: Unanswerable, truth: Truth | None = None, *, times: int = 1
) -> Iterator[Ask]:
    """Ask each wording."""
    for number, wording in enumerate(case.wordings):
        question = Question(wording, lambda answer: judge(case, truth, answer))
        [(outcome, got, measured)] = converse(agent, [question], case.after, times=times)
        yield Ask(
            category=category,
            case=f"{category}/{case.id}",
            number=number,
            question=wording if len(wording) <= 200 else f"{wording[:197]}…",
            outcome=outcome,
            expected=" or ".join(case.right),
            got=got,
            measured=measured,
        )


def judge(case: Unanswerable, truth: Truth | None, answer: Answer) -> tuple[Outcome, str]:
    """Right when the status is one of those named; anything answered is wrong, but for the truth where there is one."""
    if answer.status == "answered" and truth is not None:
        return score(Expected(truth=case.truth), truth, answer)
    said = f"{answer.status}: {answer.text[:160]}"
    if answer.status in case.right:
        return "exact", said
    return ("wrong" if answer.status == "answered" else "refused"), said
