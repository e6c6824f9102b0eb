"""An answer as Markdown: text, tables, caveats, and where the figures come from."""

from collections.abc import Iterator

from agent.answer.compose import WITHOUT_TOOL
from agent.answer.dates import day_text
from agent.answer.display import escaped
from agent.answer.plain import listed
from agent.answer.table import display_table
from tools.domain.answer import Answer
from tools.domain.result import ToolResult


def to_markdown(answer: Answer, *, evidence: bool = True) -> str:
    """The whole answer; tables only of what the text does not list in full."""
    blocks = [answer.text, *(_table(result) for _, result in tables(answer)), *_notes(answer)]
    if evidence:
        blocks += list(_evidence(answer))
    return "\n\n".join(block for block in blocks if block) + "\n"


def tables(answer: Answer) -> Iterator[tuple[str, ToolResult]]:
    """The results, with their handles, whose rows the plain text does not list."""
    for handle, result in answer.results.items():
        if result.rows and not listed(result):
            yield handle, result


def _table(result: ToolResult) -> str:
    table = display_table(result)
    rules = ["---:" if is_number else "---" for is_number in table.is_number]
    rows = (tuple(escaped(cell) for cell in row) for row in table.rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (table.headings, rules, *rows))


def _notes(answer: Answer) -> Iterator[str]:
    if answer.caveats:
        yield "\n".join(f"> {caveat}" for caveat in answer.caveats)
    if answer.suggestions:
        yield "You can ask:\n\n" + "\n".join(f"- {suggestion}" for suggestion in answer.suggestions)


def _evidence(answer: Answer) -> Iterator[str]:
    lines = [
        f"`{handle}` {result.tool}{_sources(result)}"
        for handle, result in answer.results.items()
        if result.tool not in WITHOUT_TOOL
    ]
    if not lines:
        return
    fresh = f" Data through {day_text(answer.loaded_through)}." if answer.loaded_through else ""
    yield f"Evidence: {'; '.join(lines)}.{fresh} Check it with `outlay verify {answer.id}`."


def _sources(result: ToolResult) -> str:
    return f" from {', '.join(result.evidence.sources)}" if result.evidence.sources else ""
