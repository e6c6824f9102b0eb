"""What an ingest hands to the writer, and what the writer lets it check."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tools.domain.load import Defect, LoadedFile, Progress
from tools.store.manifest import Dataset


@dataclass(frozen=True)
class LoadPlan:
    """A staged load.

    `relation` is a table or view with the store's columns (missing ones allowed) and any `x_` column; x_Source,
    x_CostBasis, BillingPeriodStart and ChargePeriodStart are never NULL in it. `quarantine_relation` has `file`,
    `reason`, `money` (readable amount or NULL) and `row` (JSON or the line as it stands).
    """

    relation: str
    dataset: Dataset
    replace: Literal["billing_period", "interval"]
    read: int
    files: Sequence[LoadedFile] = ()
    quarantine_relation: str | None = None
    defects: Sequence[Defect] = ()
    progress: Callable[[Progress], None] | None = None
    check: Callable[["LoadFacts"], Sequence[Defect]] | None = None
    """Asked for further defects once the rows are written and counted."""
    started: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class LoadFacts:
    """What was written, for a check of conformance that reads no row twice."""

    rows: int
    nulls: dict[str, int]
    """Column → rows without a value; a column that is missing has none."""
    values: Callable[[str], list[tuple[str | None, int]]]
    """A rollup dimension → its values with their rows."""
