"""A table in the room that a terminal has: words stay whole, and what all rows share stands below it once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from agent.answer.facts import TEXT_KINDS
from tools.domain.result import Column

GAP = 2
"""Between two columns."""


@dataclass(frozen=True)
class Sheet:
    """Columns with their headings and cells, by row; `shared`: headings and values that all rows have."""

    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shared: tuple[tuple[str, str], ...] = ()

    @property
    def word_widths(self) -> tuple[int, ...]:
        """What each column needs to break no word; a figure and its unit are one word."""
        return tuple(
            max(_longest_word(heading), *(_longest_word(cell) if is_text else cell_len(cell) for cell in cells), 1)
            for heading, is_text, cells in zip(self.headings, self._are_text, self._cells, strict=True)
        )

    def fits(self, width: int) -> bool:
        return sum(self.word_widths) <= self._room(width)

    def widths(self, width: int) -> list[int]:
        """The width of each column of a sheet that fits: the widest give way first, none breaks a word."""
        texts = ((heading, *cells) for heading, cells in zip(self.headings, self._cells, strict=True))
        found = [max(map(cell_len, own)) for own in texts]
        least = self.word_widths
        while sum(found) > self._room(width):
            widest = max((n for n in range(len(found)) if found[n] > least[n]), key=lambda n: found[n])
            found[widest] -= 1
        return found

    def fitted(self, width: int) -> "Sheet":
        """Itself where it fits; else without units that headings name, and then without columns that all rows share."""
        if self.fits(width):
            return self
        short = self._without_units()
        return short if short.fits(width) else short._without_shared()

    def _room(self, width: int) -> int:
        return width - GAP * (len(self.columns) - 1)

    @property
    def _are_text(self) -> tuple[bool, ...]:
        return tuple(column.kind in TEXT_KINDS for column in self.columns)

    @property
    def _cells(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(row[n] for row in self.rows) for n in range(len(self.columns)))

    def _without_units(self) -> "Sheet":
        ends = [
            f" {column.unit}" if column.unit and column.unit in heading.split() else ""
            for column, heading in zip(self.columns, self.headings, strict=True)
        ]
        rows = tuple(tuple(cell.removesuffix(end) for cell, end in zip(row, ends, strict=True)) for row in self.rows)
        return replace(self, rows=rows)

    def _without_shared(self) -> "Sheet":
        """The first column names the rows, and stays."""
        if len(self.rows) < 2:
            return self
        same = [n for n, cells in enumerate(self._cells) if n and len(set(cells)) == 1]
        kept = [n for n in range(len(self.columns)) if n not in same]
        return Sheet(
            tuple(self.columns[n] for n in kept),
            tuple(self.headings[n] for n in kept),
            tuple(tuple(row[n] for n in kept) for row in self.rows),
            tuple((self.headings[n], self.rows[0][n]) for n in same),
        )


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=1)


def shared_text(shared: Sequence[tuple[str, str]]) -> str:
    """`in all rows: team ml-research, SM activity 0.0 %`"""
    return f"in all rows: {', '.join(f'{heading} {value}' for heading, value in shared)}"
