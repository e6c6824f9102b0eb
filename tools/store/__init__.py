"""The cost store: immutable Parquet segments, read through DuckDB; the only importer of duckdb.

`Store(path).snapshot()` gives a pinned generation to read, `Store(path).writer()` is for tools.ingest.
"""

from tools.store.basis import BasisPolicy
from tools.store.plan import LoadFacts, LoadPlan
from tools.store.records import RecordPlan
from tools.store.retention import Retention
from tools.store.segments import ColumnFacts
from tools.store.snapshot import Snapshot
from tools.store.store import Store
from tools.store.summary import StoreSummary
from tools.store.writer import Writer

__all__ = [
    "BasisPolicy",
    "ColumnFacts",
    "LoadFacts",
    "LoadPlan",
    "RecordPlan",
    "Retention",
    "Snapshot",
    "Store",
    "StoreSummary",
    "Writer",
]
