"""An answer as Markdown: as people read it, with its exact values below."""

from agent.answer.display import escaped, name_text, plain
from agent.answer.facts import TEXT_KINDS
from agent.answer.markdown import to_markdown
from agent.export.table import cells, heading
from tools.domain.answer import Answer
from tools.domain.result import ToolResult


def markdown_text(answer: Answer) -> str:
    """The question as heading, the answer, and a table of unrounded values for each result."""
    blocks = [f"# {escaped(name_text(answer.question))}", to_markdown(answer).rstrip("\n")]
    tables = [(handle, result) for handle, result in answer.results.items() if result.rows]
    if tables:
        blocks.append("## Exact values")
    for handle, result in tables:
        if len(tables) > 1:
            blocks.append(f"`{handle}`")
        blocks.append(_table(result))
    return "\n\n".join(blocks) + "\n"


def _table(result: ToolResult) -> str:
    is_number = [column.kind not in TEXT_KINDS for column in result.columns]
    head = [escaped(heading(column)) for column in result.columns]
    rule = ["---:" if number else "---" for number in is_number]
    rows = [
        [
            (plain(cell) or "") if number else escaped(name_text(cell))
            for cell, number in zip(found, is_number, strict=True)
        ]
        for found in (cells(result, row) for row in range(len(result.rows)))
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *rows))
