"""A draft and its results become text with bound figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from agent.answer.display import is_currency
from agent.answer.fill import render
from agent.answer.grammar import PLACEHOLDER, resolve
from agent.answer.pieces import Piece
from tools.domain.answer import AnswerStatus, Figure
from tools.domain.period import Period
from tools.domain.result import ToolResult

DECLINED, ASKED_BACK, FAILED = "decline", "ask_back", "fault"
"""Names that stand in a result's `tool` when no tool gave it: what the planner or the graph has to say instead."""
PROPOSED = "propose_remediation"
"""The tool whose rows wait for a person's approval."""
WITHOUT_TOOL = frozenset({DECLINED, ASKED_BACK, FAILED})


@dataclass(frozen=True)
class Composed:
    """All of an answer that follows from its draft and results."""

    status: AnswerStatus
    text: str
    figures: tuple[Figure, ...]
    period: Period | None
    currency: str | None
    loaded_through: date | None
    caveats: tuple[str, ...]
    suggestions: tuple[str, ...]
    proposals: tuple[str, ...]


def compose(draft: str, results: Mapping[str, ToolResult], as_of: date) -> Composed:
    """Fill a draft. Raises Unbound for a placeholder that refers to nothing."""
    pieces = tuple(_capitalised(_pieces(draft, results, as_of)))
    return Composed(
        status=status_of(results),
        text="".join(piece.text for piece in pieces),
        figures=tuple(piece.figure for piece in pieces if piece.figure),
        period=next((r.evidence.period for r in results.values() if r.evidence.period), None),
        currency=next((currency for r in results.values() if (currency := _currency(r))), None),
        loaded_through=next((r.evidence.loaded_through for r in results.values() if r.evidence.loaded_through), None),
        caveats=_distinct(caveat for result in results.values() for caveat in result.evidence.caveats),
        suggestions=_distinct(suggestion for result in results.values() for suggestion in result.suggestions),
        proposals=_distinct(one for result in results.values() for one in _proposed(result)),
    )


def status_of(results: Mapping[str, ToolResult]) -> AnswerStatus:
    """The status that follows from the results: answered when one of them has data."""
    if any(_proposed(result) for result in results.values()):
        return "needs_approval"
    if any(result.no_data is None for result in results.values()):
        return "answered"
    tools = [result.tool for result in results.values()]
    if not tools or FAILED in tools:
        return "failed"
    if ASKED_BACK in tools:
        return "clarify"
    declined = [r.evidence.arguments.get("kind") for r in results.values() if r.tool == DECLINED]
    if "refused" in declined:
        return "refused"
    if "not_understood" in declined:
        return "not_understood"
    return "no_data"


def _pieces(draft: str, results: Mapping[str, ToolResult], as_of: date) -> Iterator[Piece]:
    position = 0
    for match in PLACEHOLDER.finditer(draft):
        yield Piece(draft[position : match.start()])
        reference = resolve(match[1], match[2], results)
        yield from render(reference, results[reference.handle], as_of)
        position = match.end()
    yield Piece(draft[position:])


def _capitalised(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Code's own words take a capital where a sentence starts; names and figures stay as they are."""
    at_start = True
    for piece in pieces:
        text = piece.text
        if at_start and piece.is_words and piece.figure is None:
            text = text[:1].upper() + text[1:]
        yield Piece(text, piece.figure, piece.is_words)
        if text:
            at_start = text.endswith((". ", "\n", "\n- ")) or (at_start and text == "- ")


def _currency(result: ToolResult) -> str | None:
    units = ((column.unit or "").split("/")[0] for column in result.columns)
    return next((unit for unit in units if is_currency(unit)), None)


def _proposed(result: ToolResult) -> tuple[str, ...]:
    """Ids of the proposals that a result made."""
    if result.tool != PROPOSED or result.no_data is not None:
        return ()
    position = result.column_index("Proposal")
    return tuple(str(row[position]) for row in result.rows)


def _distinct(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
