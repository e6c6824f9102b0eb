"""What a check asks of one statement: which placeholders may stand together, and how rows are named."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from agent.answer.draft import Statement
from agent.answer.grammar import ALONE, Kind, Reference
from agent.answer.violation import Rule
from tools.domain.result import ToolResult

CLAIMS: frozenset[Kind] = frozenset(
    {
        "cell",
        "share",
        "change",
        "superlative",
        "total",
        "total_change",
        "highest",
        "lowest",
        "row_count",
        "limit",
        "limit_note",
        "quotation",
        "expected",
        "tested",
    }
)
LABELLED: frozenset[Kind] = frozenset({"cell", "share", "change", "total", "total_change", "highest", "lowest"})
OF_ROW: frozenset[Kind] = frozenset({"cell", "share", "change", "superlative", "quotation"})
OF_ALL: frozenset[Kind] = frozenset({"total", "total_change", "highest", "lowest", "row_count"})
CHANGES: frozenset[Kind] = frozenset({"change", "total_change"})
SAYS: frozenset[Kind] = CLAIMS | ALONE | {"name", "headline"}


@dataclass
class NamedRow:
    """The row that the statement is naming or has named."""

    index: int = -1
    named: set[str] = field(default_factory=set)
    figures: int = 0
    cells: set[str] = field(default_factory=set)


def begins_an_item(references: list[Reference], statement: Statement) -> bool:
    """Whether a list item speaks of a row or metric, and not with a figure first: `- 5` could be read as negative."""
    first = next(token.kind for token in statement.tokens if token.kind != "gap")
    about = any(reference.kind in ("rank", "name", "label") for reference in references)
    return about and (first == "word" or references[0].kind in ("rank", "name", "label"))


def quotation_faults(references: list[Reference], statement: Statement, at_end: bool, is_item: bool) -> Iterator[str]:
    """What is wrong with where a quotation stands: what follows it on its line could be read as a part of it."""
    if any(reference.kind == "quotation" for reference in references[:-1]):
        yield "a quotation is the last thing that its statement says"
    if references[-1].kind != "quotation":
        return
    if not at_end or statement.tokens[-1].kind != "placeholder":
        yield "nothing follows a quotation on its line, not even a full stop"
    if is_item:
        yield "a quotation stands in a sentence, not in a list"


def name_faults(reference: Reference, row: NamedRow, between: str) -> Iterator[tuple[Rule, str]]:
    if row.index == reference.row and row.figures == 0:
        if reference.column in row.named:
            yield "name", f"row {reference.row} is named by {reference.column} twice"
        row.named.add(reference.column)
        return
    if row.index >= 0:
        if not row.figures:
            yield "name", f"row {row.index} is named but nothing is said of it before row {reference.row}"
        if not is_parted(between):
            yield "name", "a further name stands after a comma"
    row.index, row.named, row.figures, row.cells = reference.row, {reference.column}, 0, set()


def kept_apart(references: list[Reference]) -> Iterator[tuple[Rule, str]]:
    kinds = {reference.kind for reference in references}
    if len(set(references)) < len(references):
        yield "name", "a statement says each thing once"
    if kinds & OF_ALL and kinds & (OF_ROW | {"name", "rank"}):
        yield "name", "what is said of all rows stands in a sentence of its own, without a row's name"
    if kinds & CHANGES and "period" in kinds and "compare_period" not in kinds:
        yield "period", "a change stands with both periods or with none"


def metric_of(reference: Reference, result: ToolResult) -> str:
    column = result.columns[result.column_index(reference.column)]
    return column.metric or column.name if column.kind == "share" else column.name


def words_between(statement: Statement, position: int) -> str:
    """What stands before the placeholder at `position`, back to the one before it."""
    places = [index for index, token in enumerate(statement.tokens) if token.kind == "placeholder"]
    start = places[position - 1] + 1 if position else 0
    return "".join(token.text for token in statement.tokens[start : places[position]])


def is_parted(between: str) -> bool:
    """Whether a comma or semicolon parts two subjects, with no word that could tie them but `and`."""
    return between in (", ", "; ", ", and ", "; and ")
