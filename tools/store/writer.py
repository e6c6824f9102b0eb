"""The one writer: a place to stage a load in DuckDB, and the commit that makes it visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.domain.load import LoadReport
from tools.domain.records import RecordKind
from tools.store.commit import commit_load
from tools.store.faults import engine_faults
from tools.store.gpu import GpuPart, GpuPlan, commit_gpu
from tools.store.layout import Layout
from tools.store.manifest import Manifest
from tools.store.plan import LoadFacts, LoadPlan
from tools.store.records import RecordPlan, commit_records, records_relation
from tools.store.segments import ColumnFacts, read_footers

if TYPE_CHECKING:
    import duckdb

__all__ = ["GpuPart", "GpuPlan", "LoadFacts", "LoadPlan", "RecordPlan", "Writer"]


@dataclass
class Writer:
    """Holds the store's lock. `connection` is for staging; nothing is visible to readers before `commit`."""

    layout: Layout
    manifest: Manifest
    staging: Path
    connection: "duckdb.DuckDBPyConnection"

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement of staging; gives its rows.

        Raises:
            BadInput: DuckDB can't read the data; the message is its own first line.
        """
        with engine_faults():
            cursor = self.connection.execute(sql, list(parameters))
            return cursor.fetchall() if cursor.description else []

    def execute_as_written(self, sql: str) -> None:
        """Run a statement without DuckDB's optimizer: wide expressions over few rows cost more to plan than to run."""
        self.execute("PRAGMA disable_optimizer")
        try:
            self.execute(sql)
        finally:
            self.execute("PRAGMA enable_optimizer")

    def columns_of(self, relation: str) -> dict[str, str]:
        """A relation's columns and their SQL types."""
        return {row[0]: row[1] for row in self.execute(f"DESCRIBE SELECT * FROM {relation}")}

    def footers(self, files: Sequence[Path]) -> dict[str, ColumnFacts]:
        """What Parquet files say of their columns, without reading a row."""
        with engine_faults():
            return read_footers(self.connection, files)

    def commit(self, plan: LoadPlan) -> LoadReport:
        """Write the load as one generation and make it current.

        Raises:
            BadInput: values that can't be added up or written.
            StoreFault: rows would get lost, or the disk is full.
        """
        with engine_faults():
            report, self.manifest = commit_load(self.connection, self.layout, self.manifest, self.staging, plan)
            return report

    def records(self, kind: RecordKind) -> str:
        """A SELECT over the records of a kind as the store holds them now."""
        return records_relation(self.layout, self.manifest.records, kind)

    def commit_records(self, plan: RecordPlan) -> LoadReport:
        """Write staged records as one generation and make it current.

        Raises:
            BadInput: values that can't be written.
            StoreFault: rows would get lost, or the disk is full.
        """
        with engine_faults():
            report, self.manifest = commit_records(self.connection, self.layout, self.manifest, self.staging, plan)
            return report

    def commit_gpu(self, plan: GpuPlan) -> LoadReport:
        """Write staged GPU samples and their rollup as one generation and make it current.

        Raises:
            BadInput: values that can't be written.
            StoreFault: rows would get lost, or the disk is full.
        """
        with engine_faults():
            report, self.manifest = commit_gpu(self.connection, self.layout, self.manifest, self.staging, plan)
            return report
