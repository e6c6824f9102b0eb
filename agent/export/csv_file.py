"""A result as CSV: exact decimals, and no cell that a spreadsheet would take for a formula."""

import csv
import io

from agent.answer.display import plain
from agent.export.table import cells, heading
from tools.domain.result import Cell, ToolResult

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
                  "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
"""What a spreadsheet may run, after OWASP's page on CSV injection
(https://owasp.org/www-community/attacks/CSV_Injection, checked 2026-11)."""


def csv_text(result: ToolResult) -> str:
    """Header and rows as RFC 4180 has them; unknown is empty.

    A name that begins like a formula gets an apostrophe before it.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([_name(heading(column)) for column in result.columns])
    writer.writerows([_cell(cell) for cell in cells(result, row)] for row in range(len(result.rows)))
    return written.getvalue()


def _cell(cell: Cell) -> str:
    return _name(cell) if isinstance(cell, str) else plain(cell) or ""


def _name(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
