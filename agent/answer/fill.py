"""A placeholder's text, with each numeral bound as a Figure."""

from datetime import date

from agent.answer.fill_forecast import OF_FORECAST
from agent.answer.fill_result import OF_RESULT
from agent.answer.fill_row import OF_ROWS
from agent.answer.grammar import Reference
from agent.answer.pieces import Piece, part_piece
from tools.domain.result import ToolResult


def render(reference: Reference, result: ToolResult, as_of: date | None) -> tuple[Piece, ...]:
    """What a bound placeholder reads as."""
    if reference.kind in OF_RESULT:
        parts = OF_RESULT[reference.kind](result, as_of)
        return tuple(part_piece(reference.handle, result, part) for part in parts if part.text)
    if reference.kind in OF_FORECAST:
        return OF_FORECAST[reference.kind](reference, result)
    return OF_ROWS[reference.kind](reference, result)
