"""What placeholders say of a forecast: what is expected, within which limits, and how far off such forecasts were."""

from collections.abc import Callable, Iterator

from agent.answer.display import value_text
from agent.answer.facts import metrics
from agent.answer.grammar import Kind, Reference
from agent.answer.headline import Part
from agent.answer.pieces import Piece, bound_cell, column_of, part_piece, value_at
from tools.domain.result import ToolResult

LEVELS = ("80", "95")


def _expected(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    """`$634,673.03 is expected; 80 % interval: $591,057.91 to $678,288.15; 95 % interval: …; of it … so far`."""
    handle = reference.handle
    pieces = [_total(handle, result, metrics(result)[0].name), Piece(" is expected", is_words=True)]
    for level in LEVELS:
        pieces += _interval(handle, result, level)
    if value_at(result, -1, column_of(result, "Actual")) is not None:
        pieces += [Piece("; "), _total(handle, result, "Actual"), Piece(" of it is actual so far", is_words=True)]
    return tuple(pieces)


def _interval(handle: str, result: ToolResult, level: str) -> Iterator[Piece]:
    low, high = f"Low{level}", f"High{level}"
    if value_at(result, -1, column_of(result, low)) is None:
        return
    yield Piece("; ")
    yield part_piece(handle, result, Part(f"{level} %", f"level:{level}"))
    yield Piece(" interval: ", is_words=True)
    yield from (_total(handle, result, low), Piece(" to "), _total(handle, result, high))


def _tested(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    """`forecasts so far ahead were off by 3.4 % in the back-test; the seasonal-naive baseline by 13.4 %, …`."""
    handle = reference.handle
    baseline = _total(handle, result, "Baseline")
    if value_at(result, -1, column_of(result, "Error")) is None:
        words = (
            "the seasonal-naive baseline gives ",
            ", and no error is known: the history is too short for a back-test",
        )
        return Piece(words[0], is_words=True), baseline, Piece(words[1], is_words=True)
    return (
        Piece("back-tested, forecasts of this kind were off by ", is_words=True),
        _total(handle, result, "Error"),
        Piece(", the seasonal-naive baseline by ", is_words=True),
        _total(handle, result, "BaselineError"),
        Piece("; that baseline gives ", is_words=True),
        baseline,
        Piece(" here", is_words=True),
    )


def _total(handle: str, result: ToolResult, name: str) -> Piece:
    column = column_of(result, name)
    return bound_cell(handle, result, -1, column, value_text(result.totals.get(name), column.unit))


OF_FORECAST: dict[Kind, Callable[[Reference, ToolResult], tuple[Piece, ...]]] = {
    "expected": _expected,
    "tested": _tested,
}
