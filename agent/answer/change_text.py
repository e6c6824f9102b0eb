"""A change and its reasons as a paragraph: every figure of it is a cell of the result."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from agent.answer.dates import period_text
from agent.answer.display import has_numeral, percent_text, value_text
from agent.answer.facts import dimensions, metrics
from agent.answer.headline import Part, filter_parts, other_slice_parts
from agent.answer.pieces import LEAST_MONEY, Piece, bound_cell, cell_text, column_of, part_piece, value_at
from tools.domain.result import Column, ToolResult

TOLD = 5
"""So many reasons at most stand in the text; the table has all."""
LEAST_PART = Decimal("0.02")
"""A reason below this part of all that moved stands in the table only."""
CONTRIBUTION, LARGEST, LARGEST_AMOUNT, CANDIDATES = "Contribution", "LargestPart", "LargestContribution", "Candidates"


def reason_pieces(handle: str, result: ToolResult) -> tuple[Piece, ...]:
    """What moved by how much, the largest reasons, what stands against each other, and the candidate causes."""
    return tuple(_Told(handle, result).pieces())


class _Told:
    def __init__(self, handle: str, result: ToolResult) -> None:
        self.handle, self.result = handle, result
        self.metric = metrics(result)[0]
        self.change = result.totals[f"{self.metric.name}_change"] or Decimal(0)

    def pieces(self) -> Iterator[Piece]:
        yield from self._opening()
        rows = self._largest_rows()
        if not rows:
            return
        yield Piece(" The largest reasons: " if len(rows) > 1 else " The reason: ", is_words=True)
        yield from self._listed(rows)
        yield Piece(".")
        yield from self._against()
        yield from self._candidates(rows)

    def _opening(self) -> Iterator[Piece]:
        yield Piece(self.metric.label, is_words=True)
        narrowed = filter_parts(self.result)
        yield from self._conditions(narrowed, ", ")
        yield from [Piece(",")] if narrowed and not self._has_slices else []
        yield from self._slices() if self._has_slices else self._periods()
        yield Piece(".")

    @property
    def _has_slices(self) -> bool:
        return bool(self.result.evidence.arguments.get("compare_filters") is not None)

    def _periods(self) -> Iterator[Piece]:
        evidence = self.result.evidence
        assert evidence.period is not None
        assert evidence.compare_period is not None
        now = part_piece(self.handle, self.result, Part(period_text(evidence.period), "period"))
        before = part_piece(self.handle, self.result, Part(period_text(evidence.compare_period), "compare_period"))
        if not self.change:
            yield from (Piece(" is the same in ", is_words=True), before, Piece(" and "), now, Piece(": "))
            yield self._total("")
            return
        yield Piece(" rose by " if self.change > 0 else " fell by ", is_words=True)
        yield from self._size()
        yield from (Piece(", from "), self._total("_previous"), Piece(" in "), before)
        yield from (Piece(" to "), self._total(""), Piece(" in "), now)

    def _slices(self) -> Iterator[Piece]:
        evidence = self.result.evidence
        slices = [Part(part.text.removeprefix("only "), part.bound_to) for part in other_slice_parts(self.result)]
        other = list(self._conditions(slices, ", "))[1:] or [Piece("everything")]
        if evidence.period is not None:
            text = period_text(evidence.period)
            yield from (Piece(", "), part_piece(self.handle, self.result, Part(text, "period")))
        if not self.change:
            yield from (Piece(", is the same as for "), *other, Piece(": "), self._total(""))
            return
        yield Piece(", is ")
        yield from self._size()
        yield from (Piece(" higher than for " if self.change > 0 else " lower than for "), *other)
        if evidence.compare_period is not None:
            before = Part(period_text(evidence.compare_period), "compare_period")
            yield from (Piece(" in "), part_piece(self.handle, self.result, before))
        yield from (Piece(": "), self._total(""), Piece(" against "), self._total("_previous"))

    def _size(self) -> Iterator[Piece]:
        yield self._total("_change", absolute=True)
        ratio = column_of(self.result, f"{self.metric.name}_change_ratio")
        part = value_at(self.result, -1, ratio)
        if part is not None:
            yield from (Piece(" ("), self._bound(-1, ratio, percent_text(abs(part))), Piece(")"))

    def _largest_rows(self) -> list[int]:
        """Rows by the size of their contribution."""
        column = column_of(self.result, CONTRIBUTION)
        sizes = {row: abs(value_at(self.result, row, column) or Decimal(0)) for row in range(len(self.result.rows))}
        gross = sum(sizes.values(), Decimal(0))
        order = sorted(sizes, key=lambda row: (-sizes[row], row))
        if self.result.evidence.arguments.get("by") == "kind":
            return [row for row in order if sizes[row] >= LEAST_MONEY]
        return [row for row in order[:TOLD] if sizes[row] and sizes[row] >= LEAST_PART * gross]

    def _listed(self, rows: Sequence[int]) -> Iterator[Piece]:
        for place, row in enumerate(rows):
            if place:
                yield Piece("; ")
            yield from self._named(row)
            amount = value_at(self.result, row, column_of(self.result, CONTRIBUTION)) or Decimal(0)
            yield Piece(" added " if amount > 0 else " took off ", is_words=True)
            yield self._size_of(row, CONTRIBUTION)
            yield from self._part(row, amount)

    def _named(self, row: int) -> Iterator[Piece]:
        for place, column in enumerate(dimensions(self.result)):
            text = cell_text(self.result, row, column)
            piece = self._bound(row, column, text)
            yield from ([Piece(", ")] if place else [])
            yield piece if has_numeral(text) else Piece(piece.text)

    def _part(self, row: int, amount: Decimal) -> Iterator[Piece]:
        """`($3,354.41 of it copilot)`, `(all of it claude-sonnet-4-5)`."""
        name = column_of(self.result, LARGEST)
        largest = value_at(self.result, row, column_of(self.result, LARGEST_AMOUNT)) or Decimal(0)
        if self.result.rows[row][self.result.column_index(LARGEST)] is None or not largest * amount > 0:
            return
        text = cell_text(self.result, row, name)
        named = self._bound(row, name, text)
        named = named if has_numeral(text) else Piece(named.text)
        unit = self.metric.unit
        if value_text(largest, unit) == value_text(amount, unit):
            yield from (Piece(" (all of it "), named, Piece(")"))
        elif abs(largest) < abs(amount):
            yield from (Piece(" ("), self._size_of(row, LARGEST_AMOUNT), Piece(" of it "), named, Piece(")"))
        else:
            yield from (Piece(" ("), named, Piece(" alone "), self._size_of(row, LARGEST_AMOUNT), Piece(")"))

    def _against(self) -> Iterator[Piece]:
        raised, lowered = (self.result.totals.get(name) for name in ("Raised", "Lowered"))
        if raised and lowered:
            yield Piece(" In single lines, rises of ", is_words=True)
            yield self._bound(-1, column_of(self.result, "Raised"), value_text(raised, self.metric.unit))
            yield Piece(" stand against falls of ")
            yield self._bound(-1, column_of(self.result, "Lowered"), value_text(abs(lowered), self.metric.unit))
            yield Piece(".")

    def _candidates(self, rows: Sequence[int]) -> Iterator[Piece]:
        index = self.result.column_index(CANDIDATES)
        found = [row for row in rows if self.result.rows[row][index] is not None]
        if not found:
            return
        yield Piece(" Candidates that fit in time and place, not proof: ", is_words=True)
        for place, row in enumerate(found):
            yield from ([Piece("; ")] if place else [])
            yield from (*self._named(row), Piece(": "))
            yield self._bound(
                row, column_of(self.result, CANDIDATES), cell_text(self.result, row, column_of(self.result, CANDIDATES))
            )
        yield Piece(".")

    def _conditions(self, parts: Sequence[Part], separator: str) -> Iterator[Piece]:
        for part in parts:
            yield from (Piece(separator), part_piece(self.handle, self.result, part))

    def _total(self, suffix: str, *, absolute: bool = False) -> Piece:
        column = column_of(self.result, f"{self.metric.name}{suffix}")
        value = value_at(self.result, -1, column) or Decimal(0)
        return self._bound(-1, column, value_text(abs(value) if absolute else value, column.unit))

    def _size_of(self, row: int, name: str) -> Piece:
        column = column_of(self.result, name)
        return self._bound(row, column, value_text(abs(value_at(self.result, row, column) or Decimal(0)), column.unit))

    def _bound(self, row: int, column: Column, text: str) -> Piece:
        return bound_cell(self.handle, self.result, row, column, text)
