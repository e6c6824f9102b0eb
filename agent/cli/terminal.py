"""How things look in a terminal: answers, tables with bars, load reports, verification. Plain text when piped."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.markdown import Markdown
from rich.markup import escape
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from agent.answer.display import plain
from agent.answer.facts import TEXT_KINDS, quotations
from agent.answer.grammar import PLACEHOLDER
from agent.answer.plain import TOTALS
from agent.answer.render import cell_text
from agent.answer.table import shown_columns
from agent.cli.fit import GAP, Sheet, shared_text
from tools.domain.answer import Answer
from tools.domain.load import LoadReport
from tools.domain.result import Column, ToolResult

if TYPE_CHECKING:
    from rich.console import Console

    from agent.answer.verify import VerifyReport

BAR_WIDTH = 24
ROWS_SHOWN = 40
FEW_ROWS, MANY_COLUMNS = 4, 6
"""So few rows with more columns than these are shown turned."""
LONGEST_HEADING, LONGEST_WORD, MOST_WHOLE = 24, 12, 8
MOST_DETAILS = 12
_QUOTED = ">"
"""How a quotation begins; Markdown parts it from the line before it by itself."""
_LIST_ITEM = re.compile(r"(\d+\.|-) ")


def print_answer(console: "Console", answer: Answer, *, sql: bool, rest: str = "--json") -> None:
    """The text with its tables in place of its lists, then where the figures come from."""
    tables = {
        handle: result_table(result, rest, console.width)
        for handle, result in answer.results.items()
        if (len(result.rows) > 1 or (result.rows and result.tool in TOTALS)) and not quotations(result)
    }
    paragraphs = _paragraphs(answer)
    for number, (paragraph, handles) in enumerate(paragraphs):
        if not number or not (tables and _is_list(paragraph)):
            if number and not paragraph.startswith(_QUOTED):
                console.print()
            following = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else ""
            leads = "bold" if following.startswith(_QUOTED) and not paragraph.startswith(_QUOTED) else ""
            console.print(Markdown(paragraph.replace(" The table lists the rows.", ""), style=leads))
        for handle in handles:
            if handle in tables:
                console.print()
                console.print(tables[handle])
    console.print()
    for caveat in answer.caveats:
        console.print(Text(f"note  {caveat}", style="yellow"))
    for suggestion in answer.suggestions:
        console.print(Text(f"try   {suggestion}", style="cyan"))
    if answer.status == "no_data" and answer.loaded_through is None:
        console.print(Text("load something first: outlay demo, or outlay ingest focus PATH", style="cyan"))
    console.print(Text(_provenance(answer), style="dim"))
    console.print(Text(f"outlay verify {answer.id}", style="dim"))
    if sql:
        print_queries(console, answer)


def _paragraphs(answer: Answer) -> list[tuple[str, list[str]]]:
    """The text's paragraphs, each with the results that are first spoken of in it, whose tables stand below it.

    Where the draft has other paragraphs than the text, as with quotations, all tables stand below the first one.
    """
    texts, drafts = answer.text.split("\n\n"), answer.draft.split("\n\n")
    if len(texts) != len(drafts):
        return [(text, [] if number else list(answer.results)) for number, text in enumerate(texts)]
    found, told = [], set[str]()
    for text, draft in zip(texts, drafts, strict=True):
        handles = list(dict.fromkeys(match[1] for match in PLACEHOLDER.finditer(draft) if match[1] not in told))
        told.update(handles)
        found.append((text, handles))
    return found


def _is_list(block: str) -> bool:
    return all(_LIST_ITEM.match(line) for line in block.splitlines())


def result_table(result: ToolResult, rest: str, width: int) -> Table:
    """Rows as people read them, with a bar beside the first metric when it can be drawn; `rest` has all rows."""
    table = Table(box=None, pad_edge=False, header_style="bold", caption_justify="left", caption_style="dim")
    bars = _bars(result)
    shown = [column for column in shown_columns(result) if not _is_narrowed(result, column)]
    columns = [column for column in shown if _has_values(result, column)]
    if _is_turned(result, columns):
        return _turned(result, columns)
    room = width - (BAR_WIDTH + GAP if bars else 0)
    sheet = _sheet(result, columns).fitted(room)
    widths = sheet.widths(room) if sheet.fits(room) else None
    for number, (column, heading) in enumerate(zip(sheet.columns, sheet.headings, strict=True)):
        is_text = column.kind in TEXT_KINDS
        table.add_column(
            heading,
            justify="left" if is_text else "right",
            overflow="fold",
            width=widths[number] if widths else None,
            min_width=min(sheet.word_widths[number], LONGEST_WORD) if is_text and len(columns) <= MOST_WHOLE else None,
        )
    if bars:
        table.add_column("", no_wrap=True)
    for index, row in enumerate(sheet.rows):
        cells = [Text(cell) for cell in row]
        style = "dim" if index == result.other_row else ""
        table.add_row(*cells, *([Text(bars[index], style="blue")] if bars else ()), style=style)
    more = len(result.rows) - ROWS_SHOWN
    below = [f"… {more} more rows; {rest} has them all"] if more > 0 else []
    if sheet.shared:
        below.append(shared_text(sheet.shared))
    table.caption = Text("\n".join(below)) if below else None
    return table


def _sheet(result: ToolResult, columns: Sequence[Column]) -> Sheet:
    rows = range(min(len(result.rows), ROWS_SHOWN))
    return Sheet(
        tuple(columns),
        tuple(_heading(result, column) for column in columns),
        tuple(tuple(cell_text(result, row, column) for column in columns) for row in rows),
    )


def _is_turned(result: ToolResult, columns: Sequence[Column]) -> bool:
    """Whether a few rows of many figures are told with a row to a column; long names would make no headings."""
    if len(result.rows) > FEW_ROWS or len(columns) <= MANY_COLUMNS or columns[0].kind != "dimension":
        return False
    return all(len(_shown(result, row, columns[0])) <= LONGEST_HEADING for row in range(len(result.rows)))


def _turned(result: ToolResult, columns: Sequence[Column]) -> Table:
    """A few rows of many figures, one figure a line: wider than a screen they would be cut into syllables."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_heading(result, columns[0]), overflow="fold")
    for row in range(len(result.rows)):
        table.add_column(_shown(result, row, columns[0]), justify="right", overflow="fold")
    for column in columns[1:]:
        cells = [_shown(result, row, column) for row in range(len(result.rows))]
        table.add_row(Text(_heading(result, column)), *cells)
    return table


def _heading(result: ToolResult, column: Column) -> str:
    """A column's label; beside a single metric its companions need not repeat its name."""
    short = {"previous": "before", "change": "change", "change_ratio": "change %", "share": "share"}.get(column.kind)
    single = result.tool == "allocate" or sum(other.kind == "metric" for other in result.columns) == 1
    return short if short and single else column.label


def _has_values(result: ToolResult, column: Column) -> bool:
    position = result.column_index(column.name)
    return column.kind not in TEXT_KINDS or any(row[position] is not None for row in result.rows)


def _is_narrowed(result: ToolResult, column: Column) -> bool:
    """An allocation's parts need the room of the amounts before; the change tells them."""
    return result.tool == "allocate" and column.kind == "previous"


def _shown(result: ToolResult, index: int, column: Column) -> Text:
    return Text(cell_text(result, index, column))


def _bars(result: ToolResult) -> list[str]:
    """Block bars for the first metric of a query; none when a value is negative or unknown, or all are zero."""
    metric = next((column for column in result.columns if column.kind == "metric"), None)
    if metric is None or result.tool != "query_costs":
        return []
    position = result.column_index(metric.name)
    values = [row[position] for row in result.rows]
    numbers = [value for value in values if isinstance(value, Decimal)]
    if len(numbers) != len(values) or not numbers or min(numbers) < 0 or max(numbers) == 0:
        return []
    largest = max(numbers)
    return [_bar(value / largest) for value in numbers]


def _bar(part: Decimal) -> str:
    eighths = int((part * BAR_WIDTH * 8).to_integral_value())
    return "█" * (eighths // 8) + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[eighths % 8]


def _provenance(answer: Answer) -> str:
    sources = sorted({source for result in answer.results.values() for source in result.evidence.sources})
    parts = [f"as of {answer.as_of}"]
    if answer.loaded_through:
        parts.append(f"data through {answer.loaded_through}")
    if sources:
        parts.append(f"from {', '.join(sources[:3])}{f' and {len(sources) - 3} more' if len(sources) > 3 else ''}")
    return " · ".join(parts)


def print_queries(console: "Console", answer: Answer) -> None:
    """The SQL and the parameters behind each result."""
    for handle, result in answer.results.items():
        console.print(Text(f"\n{handle}: {result.tool}, parameters {_parameters(result)}", style="dim"))
        console.print(
            Padding(Syntax(result.evidence.sql, "sql", background_color="default", word_wrap=True), (0, 0, 0, 2))
        )


def _parameters(result: ToolResult) -> str:
    return ", ".join(str(value) for value in result.evidence.parameters) or "none"


def print_load_report(console: "Console", report: LoadReport) -> None:
    """What a load did, and what it found wrong."""
    rate = f", {report.read / report.seconds:,.0f} rows/s" if report.seconds > 0.5 else ""
    console.print(f"[bold]{report.accepted:,}[/bold] of {report.read:,} rows loaded in {report.seconds:.1f} s{rate}")
    if report.periods:
        span = report.periods[0] if len(report.periods) == 1 else f"{report.periods[0]} … {report.periods[-1]}"
        console.print(f"billing periods: {span}; sources: {escape(', '.join(report.sources))}")
    if report.replaced:
        console.print(f"replaced {report.replaced:,} rows that these sources held for the same time")
    if report.quarantined:
        console.print(f"[red]{report.quarantined:,} rows quarantined[/red] (list them: outlay data --quarantine)")
        _print_list(console, (f"{one.rows:,} × {one.reason}{held(one.money)}" for one in report.reasons))
    defects = [one for one in report.defects if one.defect != "note"]
    notes = [one for one in report.defects if one.defect == "note"]
    if defects:
        console.print(f"[yellow]{len(defects)} departures from FOCUS, loaded all the same[/yellow]")
        _print_list(console, (f"{one.column}: {one.detail or one.defect} ({one.rows:,} rows)" for one in defects))
    if notes:
        _print_list(console, (f"{one.column}: {one.detail}" for one in notes))


def held(money: Decimal | None) -> str:
    """The readable amount of rows that were kept out, without the zeros that fill its column."""
    return "" if money is None else f", holding {plain(money)}"


def _print_list(console: "Console", lines: Iterable[str]) -> None:
    rows = list(lines)
    for line in rows[:MOST_DETAILS]:
        console.print(Text(f"  {line}", style="dim"))
    if len(rows) > MOST_DETAILS:
        console.print(Text(f"  … {len(rows) - MOST_DETAILS} more; --json has them all", style="dim"))


def print_verification(console: "Console", report: "VerifyReport") -> None:
    """Whether the figures hold on the data they came from, and what has changed since."""
    from agent.answer.verify import verification_lines

    for line in verification_lines(report):
        console.print(Text(line, style="green" if report.holds else "red"))
