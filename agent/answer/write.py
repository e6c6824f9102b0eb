"""Draft and results become a sealed Answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.answer.check_draft import check_draft
from agent.answer.compose import compose
from agent.answer.plain import plain_draft
from agent.answer.seal import sealed
from agent.answer.violation import Violation
from tools.domain.answer import Answer
from tools.domain.result import ToolResult


@dataclass(frozen=True)
class Asked:
    """What a person asked, and of what."""

    question: str
    as_of: date
    model: str = "builtin"
    thread: str | None = None


class UnsoundPlainDraft(AssertionError):
    """The plain rendering broke its own check: a fault in this program, never a person's."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__("; ".join(str(violation) for violation in violations))


def write_answer(
    asked: Asked, results: Mapping[str, ToolResult], draft: str = "", seconds: Decimal = Decimal(0)
) -> Answer:
    """The answer that a checked draft gives; without a draft, the plain one. Raises UnsoundPlainDraft."""
    if not draft:
        draft = plain_draft(results)
        violations = check_draft(draft, results)
        if violations:
            raise UnsoundPlainDraft(violations)
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
            model=asked.model,
            thread=asked.thread,
            seconds=seconds,
        )
    )
