"""A pinned generation, as tools read it."""

import threading
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.domain.errors import StoreFault
from tools.domain.focus import ROLLUP_DIMENSIONS, ROLLUP_SUMS
from tools.domain.model_usage import OWN_SOURCE
from tools.domain.period import Period
from tools.domain.records import RECORD_CLASSES, RECORD_COLUMNS, RECORD_DAY, RecordKind
from tools.domain.scope import Scope
from tools.registry import SqlValue
from tools.store.basis import (
    BasisPolicy,
    Exclusion,
    canonical,
    counts_for_cost,
    counts_for_usage,
    decided,
    describe,
    find_exclusions,
)
from tools.store.engine import connect_reader, file_list, identifier
from tools.store.faults import first_line
from tools.store.gpu_relations import gpu_labels, hours_relation, minutes_relation, samples_relation
from tools.store.layout import Layout
from tools.store.manifest import Manifest, Segment
from tools.store.records import records_relation
from tools.store.relations import CHARGE_DAY, charges_relation, daily_relation
from tools.store.sandbox import Sandbox, SandboxLimits
from tools.store.vocabulary import TAG_KEY

if TYPE_CHECKING:
    import duckdb

ALWAYS = frozenset({"x_Source", "x_Dataset", "x_CostBasis"})
QUARANTINE_COLUMNS = "file VARCHAR, reason VARCHAR, money DECIMAL(38,24), row VARCHAR, load VARCHAR"


class QueryRows(NamedTuple):
    """A query's result."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


class Snapshot:
    """Reads one generation through views `charges`, `daily`, `vocabulary`, `quarantine`, and one for each kind of
    record (`budgets`, `events`, …); `gpu_samples`, `gpu_minutes` and `gpu_hours` hold telemetry (tools.domain.gpu).
    Threads may share it.

    `charges` has every FOCUS and `x_` column (NULL where no file has it) and `ChargeDay`; `daily` the rollup.
    With a scope, `layout` and `manifest` are those of `tools.store.narrowing`: rows outside are not there at all.
    """

    def __init__(
        self,
        layout: Layout,
        manifest: Manifest,
        policy: BasisPolicy,
        scope: Scope = Scope(),  # noqa: B008 - frozen
    ) -> None:
        self._layout, self._manifest, self._policy, self._scope = layout, manifest, policy, scope
        self._lock = threading.Lock()
        self._records: dict[RecordKind, tuple[Any, ...]] = {}

    @property
    def scope(self) -> Scope:
        """What its rows were narrowed to."""
        return self._scope

    @property
    def generation(self) -> int:
        return self._manifest.generation

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    @cached_property
    def columns(self) -> frozenset[str]:
        found = {name for segment in self._manifest.segments for name in set(segment.columns) - set(segment.empty)}
        return frozenset(found) | ALWAYS

    @cached_property
    def rollup_columns(self) -> frozenset[str]:
        return self.columns & {*ROLLUP_DIMENSIONS, *ROLLUP_SUMS}

    @cached_property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({segment.source for segment in self._manifest.segments}))

    @property
    def loaded_from(self) -> date | None:
        return min((segment.first_day for segment in self._bills), default=None)

    @property
    def loaded_through(self) -> date | None:
        return max((segment.last_day for segment in self._bills), default=None)

    @cached_property
    def _bills(self) -> tuple[Segment, ...]:
        """Segments that say how far the data reach: what Outlay used itself to answer does not make bills fresher."""
        own = tuple(segment for segment in self._manifest.segments if segment.source != OWN_SOURCE)
        return own or tuple(self._manifest.segments)

    @cached_property
    def gpu_columns(self) -> frozenset[str]:
        return frozenset(name for one in self._manifest.gpu for name in one.hour_columns)

    @property
    def gpu_span(self) -> tuple[datetime, datetime] | None:
        spans = [(one.first_time, one.last_time) for one in self._manifest.gpu]
        return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None

    @property
    def gpu_sources(self) -> tuple[str, ...]:
        return tuple(sorted({one.source for one in self._manifest.gpu}))

    @cached_property
    def reach(self) -> dict[str, date]:
        """Provider → the last day that any of its accounts covers; names that mean one provider are one."""
        spelled: dict[str, str] = {}
        reach: dict[str, date] = {}
        for cover in (cover for segment in self._bills for cover in segment.coverage if cover.names):
            provider = spelled.setdefault(canonical(cover.names[0]), cover.names[0])
            reach[provider] = max(reach.get(provider, cover.last), cover.last)
        return reach

    @cached_property
    def exclusions(self) -> tuple[Exclusion, ...]:
        return find_exclusions(self._manifest.segments, self._policy)

    @cached_property
    def basis_notes(self) -> tuple[str, ...]:
        return describe(self.exclusions)

    def basis_decided(self, period: Period) -> tuple[str, ...]:
        return decided(self.exclusions, period)

    def query(self, sql: str, parameters: Sequence[SqlValue] = ()) -> QueryRows:
        """Run one SELECT with `?` parameters.

        Raises:
            StoreFault: a file of the generation is gone or damaged.
        """
        import duckdb

        try:
            cursor = self._cursor().execute(sql, list(parameters))
            return QueryRows(tuple(column[0] for column in cursor.description or ()), cursor.fetchall())
        except (duckdb.IOException, duckdb.HTTPException) as fault:
            raise StoreFault(
                f"a file of the store's generation {self.generation} is gone or damaged: {first_line(fault)}; "
                "ask again, and load the files again if that does not help"
            ) from None

    def sandbox(self, limits: SandboxLimits = SandboxLimits()) -> Sandbox:  # noqa: B008 - frozen
        """A place for ad hoc SQL over a copy of `daily`, without the columns that no row has."""
        known = ["ChargeDay", *sorted(self.rollup_columns), "x_Rows", "x_CountsForCost", "x_CountsForUsage"]
        columns = ", ".join(identifier(name) for name in known)
        return Sandbox([f"CREATE TABLE daily AS SELECT {columns} FROM ({self._daily()})"], limits)

    def values(self, dimension: str) -> tuple[str, ...]:
        return self._words.get(dimension, ())

    def tag_keys(self) -> tuple[str, ...]:
        return self._words.get(TAG_KEY, ())

    @cached_property
    def _words(self) -> dict[str, tuple[str, ...]]:
        words: dict[str, list[str]] = {}
        order = "CASE WHEN dimension = ? THEN -rows END, cost DESC, rows DESC, value"
        sql = f"SELECT dimension, value FROM vocabulary ORDER BY dimension, {order}"
        for dimension, value in self.query(sql, [TAG_KEY]).rows:
            words.setdefault(dimension, []).append(value)
        return {dimension: tuple(values) for dimension, values in words.items()}

    def records(self, kind: RecordKind) -> tuple[Any, ...]:
        """The records of a kind in the order of their days; see tools.domain.records."""
        with self._lock:
            known = self._records.get(kind)
        if known is None:
            known = self._read_records(kind)
            with self._lock:
                self._records[kind] = known
        return known

    def _read_records(self, kind: RecordKind) -> tuple[Any, ...]:
        if not any(one.kind == kind for one in self._manifest.records):
            return ()
        order = ", ".join(f"CAST({identifier(name)} AS VARCHAR)" for name in (RECORD_DAY[kind], *RECORD_COLUMNS[kind]))
        return tuple(RECORD_CLASSES[kind](*row) for row in self.query(f"SELECT * FROM {kind} ORDER BY {order}").rows)

    def _cursor(self) -> "duckdb.DuckDBPyConnection":
        with self._lock:
            return self._connection.cursor()

    @cached_property
    def _connection(self) -> "duckdb.DuckDBPyConnection":
        connection = connect_reader()
        relation = charges_relation(self._layout, self._manifest.segments)
        charges = f'SELECT *, {CHARGE_DAY} AS "ChargeDay" FROM ({relation})'
        connection.execute(
            f"CREATE VIEW charges AS SELECT *, {self._flags} FROM ({charges});"
            f"CREATE VIEW daily AS {self._daily()};"
            f"CREATE VIEW vocabulary AS {self._vocabulary()};"
            f"CREATE VIEW quarantine AS {self._quarantine()};"
        )
        for kind in RECORD_COLUMNS:
            connection.execute(f"CREATE VIEW {kind} AS {records_relation(self._layout, self._manifest.records, kind)}")
        for name, relation in self._gpu():
            connection.execute(f"CREATE VIEW {name} AS {relation}")
        return connection

    def _gpu(self) -> Sequence[tuple[str, str]]:
        segments = self._manifest.gpu
        samples = samples_relation(segments, lambda one: self._layout.gpu / one.id / "samples.parquet")
        return (
            ("gpu_samples", samples),
            ("gpu_minutes", minutes_relation("FROM gpu_samples", gpu_labels(segments))),
            ("gpu_hours", hours_relation(self._layout, segments)),
        )

    @property
    def _flags(self) -> str:
        cost, usage = (counts(self.exclusions, '"ChargeDay"') for counts in (counts_for_cost, counts_for_usage))
        return f'{cost} AS "x_CountsForCost", {usage} AS "x_CountsForUsage"'

    def _daily(self) -> str:
        return f"SELECT *, {self._flags} FROM ({daily_relation(self._layout, self._manifest.segments)})"

    def _vocabulary(self) -> str:
        if not self._manifest.segments:
            return (
                "SELECT CAST(NULL AS VARCHAR) AS dimension, CAST(NULL AS VARCHAR) AS value, "
                "CAST(NULL AS DOUBLE) AS cost, CAST(NULL AS BIGINT) AS rows WHERE false"
            )
        return f"SELECT * FROM read_parquet({file_list([self._layout.vocabulary(self.generation)])})"

    def _quarantine(self) -> str:
        files = [self._layout.quarantine / f"{load.id}.parquet" for load in self._manifest.loads if load.quarantined]
        if files:
            return f"SELECT * FROM read_parquet({file_list(files)})"
        items = ", ".join(
            "CAST(NULL AS {1}) AS {0}".format(*item.split(" ", 1)) for item in QUARANTINE_COLUMNS.split(", ")
        )
        return f"SELECT {items} WHERE false"
