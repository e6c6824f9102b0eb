"""Draft and results become a sealed Answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agent.answer.check_draft import check_draft
from agent.answer.compose import compose
from agent.answer.plain import bare_draft, plain_draft
from agent.answer.seal import sealed
from agent.answer.violation import Violation
from tools.domain.answer import Answer
from tools.domain.result import ToolResult
from tools.domain.scope import Scope


@dataclass(frozen=True)
class Asked:
    """What a person asked, of what, and what they may see."""

    question: str
    as_of: date
    model: str = "builtin"
    thread: str | None = None
    scope: Scope = field(default_factory=Scope)


class UnsoundPlainDraft(AssertionError):
    """The plain rendering broke its own check: a fault in this program, never a person's."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__("; ".join(str(violation) for violation in violations))


def write_answer(
    asked: Asked, results: Mapping[str, ToolResult], draft: str = "", seconds: Decimal = Decimal(0)
) -> Answer:
    """The answer that a checked draft gives; without a draft, the plain one.

    A result that the plain one can't tell soundly keeps its headline and table. Raises UnsoundPlainDraft.
    """
    draft = draft or _sound_draft(results)
    composed = compose(draft, results, asked.as_of)
    return sealed(
        Answer(
            id="",
            status=composed.status,
            question=asked.question,
            text=composed.text,
            draft=draft,
            period=composed.period,
            currency=composed.currency,
            as_of=asked.as_of,
            loaded_through=composed.loaded_through,
            figures=composed.figures,
            results=dict(results),
            caveats=composed.caveats,
            suggestions=composed.suggestions,
            proposals=composed.proposals,
            model=asked.model,
            thread=asked.thread,
            scope=asked.scope,
            seconds=seconds,
        )
    )


def _sound_draft(results: Mapping[str, ToolResult]) -> str:
    """The first plain draft that passes the check that every draft has to pass."""
    wrong: tuple[Violation, ...] = ()
    for draft in (plain_draft(results), bare_draft(results)):
        wrong = check_draft(draft, results)
        if not wrong:
            return draft
    raise UnsoundPlainDraft(wrong)
