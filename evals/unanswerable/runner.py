"""What can't be answered: is it refused, and in the right way? A figure given for it counts as wrong."""

from collections.abc import Iterator, Sequence
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from agent.app import build_agent
from agent.graph.agent import Agent
from agent.settings import load_settings
from evals.asking import Question, converse
from evals.demo.runner import ensure_home
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
    repeat: int = 1
    """The wordings are as often repeated, for long ones."""

    @property
    def wordings(self) -> tuple[str, ...]:
        return tuple(wording * self.repeat for wording in self.ask)


def cases() -> Iterator[tuple[str, Unanswerable]]:
    """Every case with its category: the name of the file it stands in."""
    for file in sorted(files("evals.unanswerable").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            for entry in yaml.safe_load(file.read_text("utf-8")):
                yield file.name.removesuffix(".yaml"), Unanswerable.model_validate(entry)


def run(only: Sequence[str] = (), *, model: str | None = None, times: int = 1) -> EvalReport:
    """All of them, or some categories; with the model that is configured unless one is named."""
    agent = build_agent(load_settings(ensure_home(), model))
    chosen = [(category, case) for category, case in cases() if not only or category in only]
    asks = [ask for category, case in chosen for ask in ask_case(agent, category, case, times=times)]
    note = "exact: refused in a right way; refused: in another way; wrong: answered"
    return EvalReport(name="Questions that can't be answered", asks=tuple(asks), notes=(note,))


def ask_case(agent: Agent, category: str, case: Unanswerable, *, times: int = 1) -> Iterator[Ask]:
    """Ask each wording."""
    for number, wording in enumerate(case.wordings):
        question = Question(wording, lambda answer: judge(case, answer))
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


def judge(case: Unanswerable, answer: Answer) -> tuple[Outcome, str]:
    """Right when the status is one of those named; anything answered otherwise is wrong."""
    said = f"{answer.status}: {answer.text[:160]}"
    if answer.status in case.right:
        return "exact", said
    return ("wrong" if answer.status == "answered" else "refused"), said
