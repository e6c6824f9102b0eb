"""The check of a draft: what passes can't say anything that the results do not say.

Outside placeholders only words that claim nothing may stand (check_words). Within and across statements the
placeholders have to belong together:

- a statement speaks of one result; a figure stands after the whole name of its own row, and each name has a figure;
- a figure stands under the label of its metric, the period and the filters of its result;
- changes need the period that they compare with; rows go in the result's order; ranks go by the metric that ranks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agent.answer.check_words import word_violations
from agent.answer.draft import Line, Statement, lines_of
from agent.answer.facts import all_rows_shown, dimensions, is_compared, is_narrowed, metrics, ordering_metric, query_of
from agent.answer.grammar import ALONE, Kind, Reference, Unbound, resolve
from agent.answer.violation import Rule, Violation
from tools.domain.result import ToolResult

_CLAIMS: frozenset[Kind] = frozenset(
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
    }
)
_LABELLED: frozenset[Kind] = frozenset({"cell", "share", "change", "total", "total_change", "highest", "lowest"})
_OF_ROW: frozenset[Kind] = frozenset({"cell", "share", "change", "superlative"})
_OF_ALL: frozenset[Kind] = frozenset({"total", "total_change", "highest", "lowest", "row_count"})
_CHANGES: frozenset[Kind] = frozenset({"change", "total_change"})
_SAYS: frozenset[Kind] = _CLAIMS | ALONE | {"name", "headline"}


def check_draft(draft: str, results: Mapping[str, ToolResult]) -> tuple[Violation, ...]:
    """Everything wrong with a draft, in its order; () when it may be shown."""
    lines = lines_of(draft)
    found = [*word_violations(lines)]
    checker = _Checker(results)
    for line in lines:
        found += checker.line(line)
    if not checker.says_something:
        found.append(Violation("empty", "the draft shows nothing of the results", draft))
    return tuple(found)


@dataclass
class _Told:
    """What the reader has been told of the result under discussion."""

    handle: str = ""
    label: str = ""
    period: bool = False
    filters: bool = False
    compared: bool = False


@dataclass
class _Row:
    """The row that the statement is naming or has named."""

    index: int = -1
    named: set[str] = field(default_factory=set)
    figures: int = 0
    cells: set[str] = field(default_factory=set)


class _Checker:
    """Walks a draft once; `told` lasts over statements, the rest is of one statement."""

    def __init__(self, results: Mapping[str, ToolResult]) -> None:
        self.results = results
        self.told = _Told()
        self.last_item: tuple[str, int] = ("", -1)
        self.says_something = False

    def line(self, line: Line) -> Iterator[Violation]:
        if not line.is_item:
            self.last_item = ("", -1)
        for number, statement in enumerate(line.statements):
            yield from self._statement(statement, line.is_item and number == 0)

    def _statement(self, statement: Statement, is_item: bool) -> Iterator[Violation]:
        try:
            references = [resolve(t.handle, t.path, self.results) for t in statement.tokens if t.kind == "placeholder"]
        except Unbound as fault:
            yield Violation("placeholder", str(fault), statement.text)
            return
        if is_item and not _begins_an_item(references, statement):
            yield Violation(
                "order", "a list item begins with a word, label, rank or name, of what it says", statement.text
            )
        if not references:
            return
        self.says_something |= any(reference.kind in _SAYS for reference in references)
        found = [*self._one_result(references), *self._alone(references, statement)]
        if not found:
            found = [*self._walk(references, statement), *self._item(references, is_item)]
        yield from (Violation(rule, reason, statement.text) for rule, reason in found)

    def _one_result(self, references: list[Reference]) -> Iterator[tuple[Rule, str]]:
        handles = {reference.handle for reference in references}
        if len(handles) > 1:
            yield "result", f"a statement speaks of one result; this one of {', '.join(sorted(handles))}"

    def _alone(self, references: list[Reference], statement: Statement) -> Iterator[tuple[Rule, str]]:
        for reference in references:
            others = [t for t in statement.tokens if t.kind not in ("gap", "placeholder") and t.text != "."]
            if reference.kind in ALONE and (len(references) > 1 or others):
                yield "alone", f"{reference.kind} is a statement by itself"

    def _walk(self, references: list[Reference], statement: Statement) -> Iterator[tuple[Rule, str]]:
        handle = references[0].handle
        result = self.results[handle]
        if result.tool == "query_costs" and result.no_data is None and query_of(result) is None:
            yield "result", f"the request behind {handle} can't be read, so that nothing can be said of it"
        if self.told.handle != handle:
            self.told = _Told(handle)
        row, label_pending = _Row(), ""
        for position, reference in enumerate(references):
            between = _between(statement, position)
            match reference.kind:
                case "headline":
                    self._headline(result)
                case "period":
                    self.told.period = True
                case "compare_period":
                    if not position or references[position - 1].kind != "period" or between != " ":
                        yield "period", "compare_period stands right after the period"
                    self.told.compared = True
                case "filters":
                    self.told.filters = True
                case "label":
                    if label_pending:
                        yield "label", f"label.{label_pending} needs its figure before the next label"
                    if position and references[position - 1].kind in _CLAIMS and not _parted(between):
                        yield "label", "a label in mid-sentence stands after a comma"
                    self.told.label = label_pending = reference.column
                case "name":
                    yield from _name(reference, row, between)
                case _:
                    yield from self._figure(reference, row, result)
                    label_pending = "" if reference.kind in _LABELLED else label_pending
        if label_pending and any(reference.kind in _OF_ROW for reference in references):
            yield "label", f"label.{label_pending} needs its figure"
        if row.index >= 0 and not row.figures and metrics(result):
            yield "name", f"row {row.index} is named but nothing is said of it"
        yield from self._introduced(references, result)
        yield from _kept_apart(references)
        kinds = {reference.kind for reference in references}
        if "headline" in kinds and kinds & _OF_ALL and dimensions(result) and not all_rows_shown(result):
            yield "name", "what is said of all rows does not stand with a headline that speaks of the first few"

    def _headline(self, result: ToolResult) -> None:
        names = [metric.name for metric in metrics(result)]
        self.told.label = names[0] if len(names) == 1 else ""
        self.told.period = self.told.filters = True
        self.told.compared = is_compared(result)

    def _figure(self, reference: Reference, row: _Row, result: ToolResult) -> Iterator[tuple[Rule, str]]:
        if reference.kind in _LABELLED and self.told.label != _metric_of(reference, result):
            yield "label", f"{reference.column} needs {{{{{reference.handle}.label.{_metric_of(reference, result)}}}}}"
        if reference.kind not in _OF_ROW:
            return
        needed = {column.name for column in dimensions(result)}
        if needed and (row.index != reference.row or row.named != needed):
            names = ", ".join(f"{{{{{reference.handle}.{reference.row}.{name}}}}}" for name in sorted(needed))
            yield "name", f"a figure of row {reference.row} stands after that row's whole name: {names}"
        if reference.kind == "superlative" and row.figures:
            yield "name", "a superlative is the first thing said of its row"
        if reference.kind == "share" and _metric_of(reference, result) not in row.cells:
            yield "label", f"{reference.column} stands after the figure that it is a share of"
        row.figures += 1
        row.cells.add(reference.column)

    def _introduced(self, references: list[Reference], result: ToolResult) -> Iterator[tuple[Rule, str]]:
        kinds = {reference.kind for reference in references}
        handle = references[0].handle
        if not kinds & _CLAIMS:
            return
        if result.evidence.period is not None and not self.told.period:
            yield "period", f"the figures of {handle} need {{{{{handle}.period}}}} here or before"
        if is_narrowed(result) and not self.told.filters:
            yield "period", f"the figures of {handle} need {{{{{handle}.filters}}}} here or before"
        if kinds & _CHANGES and not self.told.compared:
            yield "period", f"the changes of {handle} need {{{{{handle}.compare_period}}}} here or before"

    def _item(self, references: list[Reference], is_item: bool) -> Iterator[tuple[Rule, str]]:
        rows = [reference.row for reference in references if reference.kind == "name"]
        if rows != sorted(rows):
            yield "order", "rows are named in the result's order"
        ranks = [position for position, reference in enumerate(references) if reference.kind == "rank"]
        if ranks:
            yield from self._ranked(references, ranks, is_item)
        if not is_item or not rows:
            return
        handle, last = self.last_item
        if handle == references[0].handle and rows[0] <= last:
            yield "order", f"row {rows[0]} stands in a list after row {last}"
        self.last_item = (references[0].handle, rows[-1])

    def _ranked(self, references: list[Reference], ranks: list[int], is_item: bool) -> Iterator[tuple[Rule, str]]:
        row, metric = references[0].row, ordering_metric(self.results[references[0].handle])
        if ranks != [0] or not is_item:
            yield "order", "a rank stands once, at the start of a list item"
        elif {r.row for r in references if r.kind == "name" or r.kind in _OF_ROW} != {row}:
            yield "order", f"rank {row} stands with the name and figures of row {row}"
        elif next((r.column for r in references if r.kind in _OF_ROW), None) != metric:
            yield "order", f"a rank is followed by the metric that ranks: {metric}"


def _begins_an_item(references: list[Reference], statement: Statement) -> bool:
    """Whether a list item speaks of a row or metric, and not with a figure first: `- 5` could be read as negative."""
    first = next(token.kind for token in statement.tokens if token.kind != "gap")
    about = any(reference.kind in ("rank", "name", "label") for reference in references)
    return about and (first == "word" or references[0].kind in ("rank", "name", "label"))


def _name(reference: Reference, row: _Row, between: str) -> Iterator[tuple[Rule, str]]:
    if row.index == reference.row and row.figures == 0:
        if reference.column in row.named:
            yield "name", f"row {reference.row} is named by {reference.column} twice"
        row.named.add(reference.column)
        return
    if row.index >= 0:
        if not row.figures:
            yield "name", f"row {row.index} is named but nothing is said of it before row {reference.row}"
        if not _parted(between):
            yield "name", "a further name stands after a comma"
    row.index, row.named, row.figures, row.cells = reference.row, {reference.column}, 0, set()


def _kept_apart(references: list[Reference]) -> Iterator[tuple[Rule, str]]:
    kinds = {reference.kind for reference in references}
    if len(set(references)) < len(references):
        yield "name", "a statement says each thing once"
    if kinds & _OF_ALL and kinds & (_OF_ROW | {"name", "rank"}):
        yield "name", "what is said of all rows stands in a sentence of its own, without a row's name"
    if kinds & _CHANGES and "period" in kinds and "compare_period" not in kinds:
        yield "period", "a change stands with both periods or with none"


def _metric_of(reference: Reference, result: ToolResult) -> str:
    column = result.columns[result.column_index(reference.column)]
    return column.metric or column.name if column.kind == "share" else column.name


def _between(statement: Statement, position: int) -> str:
    """What stands before the placeholder at `position`, back to the one before it."""
    places = [index for index, token in enumerate(statement.tokens) if token.kind == "placeholder"]
    start = places[position - 1] + 1 if position else 0
    return "".join(token.text for token in statement.tokens[start : places[position]])


def _parted(between: str) -> bool:
    """Whether a comma or semicolon parts two subjects, with no word that could tie them but `and`."""
    return between in (", ", "; ", ", and ", "; and ")
