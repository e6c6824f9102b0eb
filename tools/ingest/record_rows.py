"""Rows of a records file as SQL: each FIELD read exactly, the slice gathered, and for a row that can't be kept why."""

from collections.abc import Callable, Mapping

from tools.domain.records import RECORD_COLUMNS, RECORD_KEYS, RecordKind
from tools.ingest.record_fields import FieldType, RecordMapping, load_rules
from tools.ingest.usage_fields import snake
from tools.ingest.usage_source import SourceColumn
from tools.store.engine import identifier, text

_NOTHING = SourceColumn("CAST(NULL AS VARCHAR)", "text")
_TYPES: dict[FieldType, str] = {
    "day": "a date",
    "time": "a time",
    "money": "an amount",
    "number": "a number",
    "text": "",
}


def row_select(
    kind: RecordKind,
    relation: str,
    mapping: RecordMapping,
    columns: Mapping[str, SourceColumn],
    source: str,
    currency: str | None,
) -> str:
    """A SELECT of the kind's columns, `fault` (NULL for a row to keep), `file` and `raw`.

    `source` is SQL; `currency` is what a row without one gets, None to quarantine it.
    """
    read = _Reader(kind, mapping, columns, currency)
    items = ", ".join(f"{read.column(name)} AS {identifier(name)}" for name in RECORD_COLUMNS[kind] if name != "Source")
    hidden = text('{"outlay_file": null}')
    raw = f"CAST(json_merge_patch(to_json(s), {hidden}) AS VARCHAR)"
    return (
        f'SELECT {source} AS "Source", {items}, CASE {read.faults()} END AS field_fault, '
        f's."outlay_file" AS file, {raw} AS raw FROM ({relation}) s'
    )


def judged(kind: RecordKind, table: str, held: str) -> str:
    """The rows of `table` with `fault`: what they lack, or that they are not the only record of their key.

    `held` is a SELECT of what other sources hold.
    """
    key = [f"CAST({identifier(name)} AS VARCHAR)" for name in RECORD_KEYS[kind]]
    same = ", ".join(key)
    content = " || '|' || ".join(
        f"COALESCE(CAST({identifier(name)} AS VARCHAR), '')" for name in RECORD_COLUMNS[kind] if name != "Source"
    )
    words = ", ".join(name.lower() for name in RECORD_KEYS[kind])
    joined = " AND ".join(
        f"CAST(h.{identifier(name)} AS VARCHAR) IS NOT DISTINCT FROM CAST(t.{identifier(name)} AS VARCHAR)"
        for name in RECORD_KEYS[kind]
    )
    held_by = f'(SELECT min(h."Source") FROM ({held}) h WHERE {joined})'
    return (
        f"WITH t AS (SELECT *, {content} AS content FROM {table}), "
        f"n AS (SELECT *, row_number() OVER (PARTITION BY field_fault IS NULL, {same} ORDER BY content) AS nth, "
        f"min(content) OVER (PARTITION BY field_fault IS NULL, {same}) <> "
        f"max(content) OVER (PARTITION BY field_fault IS NULL, {same}) AS differs FROM t), "
        f"k AS (SELECT DISTINCT {', '.join(identifier(name) for name in RECORD_KEYS[kind])} FROM n AS t), "
        f"o AS (SELECT *, {held_by} AS held_by FROM k AS t) "
        f"SELECT n.*, CASE WHEN field_fault IS NOT NULL THEN field_fault "
        f"WHEN differs THEN 'rows of this load say different things about the same {words}' "
        f"WHEN nth > 1 THEN 'the same record stands in this load already' "
        f"WHEN held_by IS NOT NULL THEN 'source ' || held_by || ' holds a record of the same {words}; "
        f"load with --source ' || held_by || ' to replace all of that source' END AS fault "
        f"FROM n JOIN o ON {_same_key(kind)}"
    )


def _same_key(kind: RecordKind) -> str:
    return " AND ".join(
        f"CAST(n.{identifier(name)} AS VARCHAR) IS NOT DISTINCT FROM CAST(o.{identifier(name)} AS VARCHAR)"
        for name in RECORD_KEYS[kind]
    )


class _Reader:
    """SQL for each column of one kind."""

    def __init__(
        self, kind: RecordKind, mapping: RecordMapping, columns: Mapping[str, SourceColumn], currency: str | None
    ) -> None:
        self._kind, self._mapping, self._columns, self._currency = kind, mapping, columns, currency
        self._rule = load_rules().kinds[kind]

    def column(self, name: str) -> str:
        """The expression of a store column."""
        if name == "Slice":
            return self._slice()
        own = _OWN.get((self._kind, name))
        if own:
            return own(self)
        return self.field(snake(name))

    def field(self, name: str) -> str:
        """A FIELD's typed value; NULL where it can't be read."""
        source = self.source(name)
        match self._rule.fields[name].type:
            case "day":
                return _day(source)
            case "time":
                return source.time
            case "money":
                return source.number("DECIMAL(38,24)")
            case "number":
                return source.number("DECIMAL(38,18)")
            case _:
                return source.as_text

    def source(self, name: str) -> SourceColumn:
        column = self._mapping.fields.get(name)
        return self._columns[column] if column else _NOTHING

    def faults(self) -> str:
        """WHEN branches: unreadable and missing FIELDs first, then what the kind demands."""
        branches = []
        for name, rule in self._rule.fields.items():
            if name not in self._mapping.fields:
                continue
            source, value = self.source(name), self.field(name)
            if rule.type != "text":
                branches.append(
                    (f"{source.present} AND {value} IS NULL", f"{name} can't be read as {_TYPES[rule.type]}")
                )
            if rule.required:
                branches.append((f"{value} IS NULL", f"{name} is missing"))
        branches += [(condition(self), reason) for condition, reason in _DEMANDS.get(self._kind, ())]
        return (
            " ".join(f"WHEN {condition} THEN {text(reason)}" for condition, reason in branches) or "WHEN false THEN ''"
        )

    def value_name(self, name: str, value: str, usual: tuple[str, ...]) -> str:
        """A metric's name: from its FIELD, else what the value's column is called unless that says nothing."""
        column = self._mapping.fields.get(value)
        called = text(snake(column)) if column and snake(column) not in usual else "NULL"
        return f"COALESCE({self.field(name)}, {called})"

    def currency(self) -> str:
        given = f"upper({self.field('currency')})"
        return f"COALESCE({given}, {text(self._currency)})" if self._currency else given

    def budget_start(self) -> str:
        return f"COALESCE({self.field('start')}, {self._period()})"

    def budget_end(self) -> str:
        period, written = self._period(), self._written_period()
        months = f"CASE WHEN {written} ~ '^[0-9]{{4}}$' THEN 12 WHEN {written} LIKE '%q%' THEN 3 ELSE 1 END"
        after = f"CAST({period} + to_months(CAST({months} AS INTEGER)) AS DATE)"
        return f"COALESCE({self.field('end')}, {self.field('last_day')} + 1, {after})"

    def _written_period(self) -> str:
        return f"lower({self.field('period')})"

    def _period(self) -> str:
        """The first day of 2026-10, 2026-Q4, Q4 2026 or 2026."""
        written = self._written_period()
        year = f"TRY_CAST(regexp_extract({written}, '([0-9]{{4}})', 1) AS INTEGER)"
        quarter = f"TRY_CAST(regexp_extract({written}, 'q([1-4])', 1) AS INTEGER)"
        return (
            f"CASE WHEN {written} ~ '^[0-9]{{4}}$' THEN make_date({year}, 1, 1) "
            f"WHEN {written} ~ '^([0-9]{{4}}[- ]?q[1-4]|q[1-4][- ]?[0-9]{{4}})$' "
            f"THEN make_date({year}, {quarter} * 3 - 2, 1) "
            f"ELSE CAST(try_strptime({written}, ['%Y-%m', '%Y-%m-01', '%b %Y', '%B %Y']) AS DATE) END"
        )

    def _slice(self) -> str:
        pairs = {name: self._columns[column].as_text for name, column in self._mapping.slice.items()}
        if self._kind == "quality":
            pairs |= {"x_Model": self.field("model"), "x_UseCase": self.field("use_case")}
        if self._kind == "owners":
            kinds = " ".join(f"WHEN {text(k)} THEN {text(d)}" for k, d in load_rules().owner_kinds.items())
            named = f"CASE lower({self.field('kind')}) {kinds} ELSE {self.field('kind')} END"
            key = self.field("key")
            pairs |= {"x_Team": f"COALESCE({self.field('team')}, CASE WHEN {named} = 'x_Team' THEN {key} END)"}
            return _map_of({text(name): value for name, value in pairs.items()} | {f"NULLIF({named}, 'x_Team')": key})
        return _map_of({text(name): value for name, value in sorted(pairs.items())})


def _map_of(pairs: Mapping[str, str]) -> str:
    """A MAP of the pairs that have a value; the same pairs always come in the same order."""
    if not pairs:
        return "CAST(MAP {} AS MAP(VARCHAR, VARCHAR))"
    entries = ", ".join(f"{{'k': {name}, 'v': {value}}}" for name, value in pairs.items())
    return f"map_from_entries(list_filter([{entries}], lambda e: e.k IS NOT NULL AND e.v IS NOT NULL))"


def _day(source: SourceColumn) -> str:
    months = f"try_strptime({source.as_text}, ['%Y-%m', '%b %Y', '%B %Y'])"
    return (
        f"CAST(COALESCE({months}, {source.time}) AS DATE)" if source.kind == "text" else f"CAST({source.time} AS DATE)"
    )


_OWN: dict[tuple[RecordKind, str], Callable[[_Reader], str]] = {
    ("budgets", "Name"): lambda read: f"COALESCE({read.field('name')}, CAST({read.column('Slice')} AS VARCHAR))",
    ("budgets", "Start"): _Reader.budget_start,
    ("budgets", "End"): _Reader.budget_end,
    ("budgets", "Currency"): _Reader.currency,
    ("events", "Kind"): lambda read: f"COALESCE(lower({read.field('kind')}), 'change')",
    ("runs", "MetricName"): lambda read: read.value_name("metric_name", "metric_value", ("metric_value", "value")),
    ("runs", "Currency"): lambda read: f"CASE WHEN {read.field('cost')} IS NOT NULL THEN {read.currency()} END",
    ("quality", "Metric"): lambda read: (
        f"COALESCE({read.value_name('metric', 'score', ('score', 'value'))}, 'quality')"
    ),
}
_DEMANDS: dict[RecordKind, tuple[tuple[Callable[[_Reader], str], str], ...]] = {
    "budgets": (
        (lambda read: f"{read.budget_start()} IS NULL", "start is missing (start, or period such as 2026-10)"),
        (lambda read: f"{read.budget_end()} IS NULL", "end is missing (end, exclusive, last_day, or period)"),
        (lambda read: f"{read.budget_end()} <= {read.budget_start()}", "end (exclusive) is not after start"),
        (lambda read: f"{read.field('amount')} < 0", "amount is negative"),
        (lambda read: f"{read.currency()} IS NULL", "currency is missing"),
    ),
    "runs": ((lambda read: f"{read.field('end')} < {read.field('start')}", "end is before start"),),
    "owners": (
        (lambda read: f"{read.field('to')} <= {read.field('from')}", "to (exclusive) is not after from"),
        (
            lambda read: (
                f"COALESCE({', '.join(map(read.field, ('team', 'product', 'cost_centre', 'person')))}) IS NULL"
            ),
            "names no team, product, cost centre or person",
        ),
    ),
}
