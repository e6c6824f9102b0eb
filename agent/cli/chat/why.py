"""/why: what the last answer rests on, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation
    from tools.domain.answer import Answer
    from tools.domain.period import Period
    from tools.domain.result import ToolResult


def show_why(conversation: "Conversation", argument: str) -> bool:
    """Each query in words, with its periods, freshness, basis decisions, sources and caveats."""
    from rich.table import Table
    from rich.text import Text

    from agent.answer.compose import WITHOUT_TOOL

    answer, out = conversation.last(), conversation.cli.out
    out.print(Text(f"{answer.question}\n", style="bold"))
    looked_up = {handle: result for handle, result in answer.results.items() if result.tool not in WITHOUT_TOOL}
    if not looked_up:
        out.print(Text("Nothing was looked up for it: the question was not read as one about the data."))
    for handle, result in looked_up.items():
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for label, text in _lines(conversation, answer, handle, result):
            table.add_row(label, Text(text))
        out.print(table)
        out.print()
    out.print(Text(_closing(answer), style="dim"))
    return True


def _lines(
    conversation: "Conversation", answer: "Answer", handle: str, result: "ToolResult"
) -> Iterator[tuple[str, str]]:
    from agent.answer.display import unescaped
    from agent.answer.headline import headline_parts

    evidence = result.evidence
    words = unescaped("".join(part.text for part in headline_parts(result, answer.as_of)))
    yield handle, f"{result.tool}: {words}"
    if result.no_data is not None:
        yield "found", result.no_data
    yield from _definitions(result)
    if evidence.period:
        yield "period", _days(evidence.period)
    if evidence.compare_period:
        yield "compared with", _days(evidence.compare_period)
    if result.rows:
        yield "rows", f"{evidence.row_count:,} found, {len(result.rows):,} in the table"
    if evidence.loaded_through:
        yield "freshness", f"data through {evidence.loaded_through}; generation {evidence.generation} of the store"
    decided = _basis(conversation, answer, result)
    for note in decided:
        yield "basis", note
    if evidence.sources:
        yield "sources", ", ".join(evidence.sources)
    for caveat in evidence.caveats:
        if caveat not in decided:
            yield "note", caveat


def _definitions(result: "ToolResult") -> Iterator[tuple[str, str]]:
    """What each metric means, as knowledge/ says."""
    from agent.answer.facts import metrics
    from tools.semantic.model import load_model

    for column in metrics(result):
        declared = load_model().metrics.get(column.name)
        if declared is not None:  # an unconditional metric is falsy
            source = f" ({declared.source})" if declared.source else ""
            yield column.label, f"{declared.description}{source}"


def _days(period: "Period") -> str:
    return str(period.start) if period.days == 1 else f"{period.start} to {period.last_day}, {period.days:,} days (UTC)"


def _basis(conversation: "Conversation", answer: "Answer", result: "ToolResult") -> tuple[str, ...]:
    """Those caveats that say which cost basis counted, as the data that the answer saw decide it."""
    from tools.domain.errors import StoreFault

    evidence = result.evidence
    try:
        store = conversation.backend.context(answer.as_of, evidence.generation).store
    except StoreFault:
        return ()
    periods = [period for period in (evidence.period, evidence.compare_period) if period]
    decided = {note for period in periods for note in store.basis_decided(period)}
    return tuple(caveat for caveat in evidence.caveats if caveat in decided)


def _closing(answer: "Answer") -> str:
    figures = len(answer.figures)
    count = {0: "no figure", 1: "1 figure"}.get(figures, f"{figures:,} figures")
    bound = f"{count} in the text{', each bound to these results' if figures else ''}"
    return f"{bound} · planned by {answer.model} in {answer.seconds} s · outlay verify {answer.id}"


COMMAND = Command("why", "/why", "what the last answer rests on", show_why)
