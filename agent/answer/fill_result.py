"""What placeholders say of a result as a whole: period, filters, counts, messages."""

from collections.abc import Callable
from datetime import date

from agent.answer.dates import period_text
from agent.answer.facts import noun
from agent.answer.grammar import Kind
from agent.answer.headline import Part, filter_parts, headline_parts
from agent.answer.pieces import bound_value
from tools.domain.result import ToolResult


def _period(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    period = result.evidence.period
    return (Part(period_text(period, as_of), "period"),) if period else ()


def _compare_period(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    period = result.evidence.compare_period
    return (Part("compared with "), Part(period_text(period), "compare_period")) if period else ()


def _filters(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    parts = filter_parts(result)
    return tuple(piece for i, part in enumerate(parts) for piece in ((Part(", "), part) if i else (part,)))


def _row_count(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    count = result.evidence.row_count
    return Part(f"{count:,}", "row_count"), Part(f" {noun(result, count)}")


def _limit(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    return Part(bound_value(result, "argument:limit"), "argument:limit"), Part(" asked for")


def _limit_note(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    verb = "There is only " if result.evidence.row_count == 1 else "There are only "
    limit = bound_value(result, "argument:limit")
    return Part(verb), *_row_count(result, as_of), Part(", not the "), Part(limit, "argument:limit"), Part(" asked for")


def _message(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    return (Part(message_text(result), "no_data"),)


def message_text(result: ToolResult) -> str:
    """The message of a result without data, which code wrote, as a sentence on one line."""
    text = " ".join((result.no_data or "").split())
    first = text.partition(" ")[0]
    text = text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text
    return text if text.endswith((".", "?", "!", ":")) else f"{text}."


OF_RESULT: dict[Kind, Callable[[ToolResult, date | None], tuple[Part, ...]]] = {
    "headline": headline_parts,
    "period": _period,
    "compare_period": _compare_period,
    "filters": _filters,
    "row_count": _row_count,
    "limit": _limit,
    "limit_note": _limit_note,
    "message": _message,
}
