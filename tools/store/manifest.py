"""Manifests: which immutable segments and records make a generation, and what is known of each without opening it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tools.domain.errors import StoreFault
from tools.domain.load import Defect, LoadedFile, Reason
from tools.domain.records import RecordKind
from tools.store.durable import write_durably
from tools.store.layout import Layout

SCHEMA_VERSION = 3
"""2: with records; 3: with GPU samples. Manifests of earlier ones are read as having none."""
Dataset = Literal["CostAndUsage", "Usage"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Coverage(_Record):
    """The days on which a basis has usage of a provider; both ends inclusive."""

    basis: str
    names: tuple[str, ...]
    """HostProviderName (or ServiceProviderName) and ServiceProviderName as they stand in the rows."""
    first: date
    last: date
    has_cost: bool
    """Whether these rows carry EffectiveCost; unpriced usage does not."""
    has_usage: bool
    """Whether these rows carry tokens or requests."""
    has_requests: bool = False
    """Whether they carry requests: usage records do, an invoice's token lines do not."""


class CurrencyTotal(_Record):
    currency: str
    rows: int
    BilledCost: Decimal | None = None
    EffectiveCost: Decimal | None = None


class Segment(_Record):
    """One (source, dataset, billing period): immutable Parquet files and their facts."""

    id: str
    source: str
    dataset: Dataset
    billing_period: date
    loads: tuple[str, ...]
    files: tuple[str, ...]
    rows: int
    daily_rows: int
    size_bytes: int
    columns: tuple[str, ...]
    """Columns of the files, in order."""
    empty: tuple[str, ...] = ()
    """Those of them that are NULL in every row."""
    daily_columns: tuple[str, ...]
    bases: tuple[str, ...]
    first_day: date
    last_day: date
    missing_days: tuple[date, ...] = ()
    """Days between the two without a row."""
    first_start: datetime
    last_start: datetime
    """The earliest and the latest ChargePeriodStart."""
    totals: tuple[CurrencyTotal, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    unpriced_rows: int = 0


class RecordSet(_Record):
    """One source's records of a kind: an immutable Parquet file."""

    id: str
    kind: RecordKind
    source: str
    load: str
    rows: int
    first_day: date | None = None
    last_day: date | None = None


class GpuSegment(_Record):
    """GPU samples of a source within one month: an immutable Parquet file of samples and its hourly rollup.

    A source and month may have several, as samples keep coming; no two of one source cover the same moment.
    """

    id: str
    source: str
    month: date
    loads: tuple[str, ...]
    rows: int
    hour_rows: int
    size_bytes: int
    columns: tuple[str, ...]
    """Columns of the samples that have a value in some row."""
    hour_columns: tuple[str, ...]
    first_time: datetime
    last_time: datetime
    """The earliest and the latest sample, both inclusive."""
    hosts: tuple[str, ...] = ()
    """All hosts; () when they are too many to list."""


class Load(_Record):
    """One call of an ingest command."""

    id: str
    at: datetime
    files: tuple[LoadedFile, ...]
    read: int
    accepted: int
    quarantined: int
    sources: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    defects: tuple[Defect, ...] = ()


class Manifest(_Record):
    """A generation of the store."""

    schema_version: int = SCHEMA_VERSION
    generation: int = 0
    created: datetime | None = None
    segments: tuple[Segment, ...] = ()
    records: tuple[RecordSet, ...] = ()
    gpu: tuple[GpuSegment, ...] = ()
    loads: tuple[Load, ...] = ()


def read_manifest(layout: Layout, generation: int) -> Manifest:
    """Read a generation; 0 is the empty store.

    Raises:
        StoreFault: the generation is gone, damaged, or written by a newer version.
    """
    if generation == 0:
        return Manifest()
    path = layout.manifest(generation)
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        kept = layout.known_generations()
        span = f"kept are {kept[0]} to {kept[-1]}" if kept else "none is kept"
        raise StoreFault(
            f"generation {generation} of the store is gone ({span}); ask again to get figures from what is loaded now"
        ) from None
    except OSError as fault:
        raise StoreFault(f"{path} can't be read: {fault.strerror}") from None
    except ValidationError as fault:
        raise StoreFault(f"{path} is damaged ({fault.error_count()} faults); load the files again") from None
    if manifest.schema_version > SCHEMA_VERSION:
        raise StoreFault(
            f"the store was written by a newer version (schema {manifest.schema_version}, this one reads "
            f"{SCHEMA_VERSION}); upgrade outlay"
        )
    return manifest


def write_manifest(layout: Layout, manifest: Manifest) -> None:
    write_durably(layout.manifest(manifest.generation), manifest.model_dump_json().encode())


def make_current(layout: Layout, generation: int) -> None:
    """Swap what readers get. Everything that the generation names must be on the disk by now."""
    write_durably(layout.current, b"%d\n" % generation)
