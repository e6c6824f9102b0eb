"""The check of a draft: what passes can't say anything that the results do not say.

Outside placeholders only words that claim nothing may stand (check_words). Within and across statements the
placeholders have to belong together:

- a statement speaks of one result; a figure stands after the whole name of its own row, and each name has a figure;
- a figure stands under the label of its metric, the period and the filters of its result;
- a passage of a document stands below its result's headline, after its file and heading, and ends its line;
- changes need the period that they compare with; rows go in the result's order; ranks go by the metric that ranks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.answer.check_statement import (
    CHANGES,
    CLAIMS,
    LABELLED,
    OF_ALL,
    OF_ROW,
    SAYS,
    NamedRow,
    begins_an_item,
    is_parted,
    kept_apart,
    metric_of,
    name_faults,
    quotation_faults,
    words_between,
)
from agent.answer.check_words import word_violations
from agent.answer.draft import Line, Statement, lines_of
from agent.answer.facts import (
    all_rows_shown,
    dimensions,
    is_compared,
    is_narrowed,
    metrics,
    ordering_metric,
    query_of,
    quotations,
)
from agent.answer.grammar import ALONE, Reference, Unbound, resolve
from agent.answer.violation import Rule, Violation
from tools.domain.result import ToolResult


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
    headline: bool = False
    label: str = ""
    period: bool = False
    filters: bool = False
    compared: bool = False


class _Checker:
    """Walks a draft once; `told` lasts over statements, the rest is of one statement."""

    def __init__(self, results: Mapping[str, ToolResult]) -> None:
        self.results = results
        self.told = _Told()
        self.last_item: tuple[str, int] = ("", -1)
        self.last_quoted: tuple[str, int] = ("", -1)
        self.says_something = False

    def line(self, line: Line) -> Iterator[Violation]:
        if not line.is_item:
            self.last_item = ("", -1)
        for number, statement in enumerate(line.statements):
            at_end = number == len(line.statements) - 1
            yield from self._statement(statement, line.is_item and number == 0, line.is_item, at_end)

    def _statement(self, statement: Statement, is_item: bool, in_item: bool, at_end: bool) -> Iterator[Violation]:
        try:
            references = [resolve(t.handle, t.path, self.results) for t in statement.tokens if t.kind == "placeholder"]
        except Unbound as fault:
            yield Violation("placeholder", str(fault), statement.text)
            return
        if is_item and not begins_an_item(references, statement):
            yield Violation(
                "order", "a list item begins with a word, label, rank or name, of what it says", statement.text
            )
        if not references:
            return
        self.says_something |= any(reference.kind in SAYS for reference in references)
        misplaced = quotation_faults(references, statement, at_end, in_item)
        found = [*self._one_result(references), *self._alone(references, statement)]
        found += [("alone", fault) for fault in misplaced]
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
        row, label_pending = NamedRow(), ""
        for position, reference in enumerate(references):
            between = words_between(statement, position)
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
                    if position and references[position - 1].kind in CLAIMS and not is_parted(between):
                        yield "label", "a label in mid-sentence stands after a comma"
                    self.told.label = label_pending = reference.column
                case "name":
                    yield from name_faults(reference, row, between)
                case _:
                    yield from self._figure(reference, row, result)
                    label_pending = "" if reference.kind in LABELLED else label_pending
        if label_pending and any(reference.kind in OF_ROW for reference in references):
            yield "label", f"label.{label_pending} needs its figure"
        if row.index >= 0 and not row.figures and metrics(result):
            yield "name", f"row {row.index} is named but nothing is said of it"
        yield from self._introduced(references, result)
        yield from kept_apart(references)
        kinds = {reference.kind for reference in references}
        if "headline" in kinds and kinds & OF_ALL and dimensions(result) and not all_rows_shown(result):
            yield "name", "what is said of all rows does not stand with a headline that speaks of the first few"

    def _headline(self, result: ToolResult) -> None:
        names = [metric.name for metric in metrics(result)]
        self.told.headline = True
        self.told.label = names[0] if len(names) == 1 and not quotations(result) else ""
        self.told.period = self.told.filters = True
        self.told.compared = is_compared(result)

    def _figure(self, reference: Reference, row: NamedRow, result: ToolResult) -> Iterator[tuple[Rule, str]]:
        if reference.kind in LABELLED and self.told.label != metric_of(reference, result):
            yield "label", f"{reference.column} needs {{{{{reference.handle}.label.{metric_of(reference, result)}}}}}"
        if reference.kind not in OF_ROW:
            return
        needed = {column.name for column in dimensions(result)}
        if needed and (row.index != reference.row or row.named not in (needed, {""})):
            names = ", ".join(f"{{{{{reference.handle}.{reference.row}.{name}}}}}" for name in sorted(needed))
            yield "name", f"a figure of row {reference.row} stands after that row's whole name: {names}"
        if reference.kind == "superlative" and row.figures:
            yield "name", "a superlative is the first thing said of its row"
        if reference.kind == "share" and metric_of(reference, result) not in row.cells:
            yield "label", f"{reference.column} stands after the figure that it is a share of"
        row.figures += 1
        row.cells.add(reference.column)

    def _introduced(self, references: list[Reference], result: ToolResult) -> Iterator[tuple[Rule, str]]:
        kinds = {reference.kind for reference in references}
        handle = references[0].handle
        if not kinds & CLAIMS:
            return
        if "quotation" in kinds and not self.told.headline:
            yield (
                "label",
                f"a quotation needs {{{{{handle}.headline}}}} before it, which says whose documents are quoted",
            )
        if result.evidence.period is not None and not self.told.period:
            yield "period", f"the figures of {handle} need {{{{{handle}.period}}}} here or before"
        if is_narrowed(result) and not self.told.filters:
            yield "period", f"the figures of {handle} need {{{{{handle}.filters}}}} here or before"
        if kinds & CHANGES and not self.told.compared:
            yield "period", f"the changes of {handle} need {{{{{handle}.compare_period}}}} here or before"

    def _item(self, references: list[Reference], is_item: bool) -> Iterator[tuple[Rule, str]]:
        rows = [reference.row for reference in references if reference.kind == "name"]
        if rows != sorted(rows):
            yield "order", "rows are named in the result's order"
        ranks = [position for position, reference in enumerate(references) if reference.kind == "rank"]
        if ranks:
            yield from self._ranked(references, ranks, is_item)
        yield from self._quoted(references)
        if not is_item or not rows:
            return
        handle, last = self.last_item
        if handle == references[0].handle and rows[0] <= last:
            yield "order", f"row {rows[0]} stands in a list after row {last}"
        self.last_item = (references[0].handle, rows[-1])

    def _quoted(self, references: list[Reference]) -> Iterator[tuple[Rule, str]]:
        last = references[-1]
        if last.kind != "quotation":
            return
        if self.last_quoted[0] == last.handle and last.row <= self.last_quoted[1]:
            yield "order", f"passage {last.row} is quoted after passage {self.last_quoted[1]}"
        self.last_quoted = (last.handle, last.row)

    def _ranked(self, references: list[Reference], ranks: list[int], is_item: bool) -> Iterator[tuple[Rule, str]]:
        row, metric = references[0].row, ordering_metric(self.results[references[0].handle])
        if ranks != [0] or not is_item:
            yield "order", "a rank stands once, at the start of a list item"
        elif {r.row for r in references if r.kind == "name" or r.kind in OF_ROW} != {row}:
            yield "order", f"rank {row} stands with the name and figures of row {row}"
        elif next((r.column for r in references if r.kind in OF_ROW), None) != metric:
            yield "order", f"a rank is followed by the metric that ranks: {metric}"
