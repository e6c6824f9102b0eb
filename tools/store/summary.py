"""What is in the store: the substance of `outlay data`."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from tools.domain.load import Defect, Reason
from tools.domain.period import first_of_next_month
from tools.domain.records import RecordKind
from tools.store.manifest import CurrencyTotal, Dataset, GpuSegment, Load, Segment
from tools.store.snapshot import Snapshot

_EXACT = Context(prec=76)
"""The store's 38 digits need more than Python's usual 28."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class SourceSummary(_Part):
    """One source's rows of one dataset."""

    source: str
    dataset: Dataset
    cost_bases: tuple[str, ...]
    rows: int
    billing_periods: tuple[date, ...]
    first_day: date
    last_day: date
    totals: tuple[CurrencyTotal, ...]
    missing_billing_periods: tuple[date, ...] = ()
    missing_days: tuple[date, ...] = ()
    """Days between the first and the last without a row."""


class UnpricedUsage(_Part):
    """Usage whose cost is unknown; it is in no total."""

    x_Model: str | None  # noqa: N815 - the column's name
    ConsumedUnit: str | None
    ConsumedQuantity: Decimal | None
    rows: int
    first_day: date
    last_day: date


class QuarantinedLoad(_Part):
    """Rows of a load that were kept out."""

    load: str
    files: tuple[str, ...]
    reasons: tuple[Reason, ...]


class QuarantinedRow(_Part):
    """One row that a load kept out; `row` is JSON, or the line as it stands in the file."""

    file: str
    reason: str
    money: Decimal | None
    row: str


class RecordSummary(_Part):
    """One source's records of a kind (budgets, events, metrics, …)."""

    kind: RecordKind
    source: str
    rows: int
    first_day: date | None
    last_day: date | None


class GpuSummary(_Part):
    """One source's GPU samples; both times inclusive."""

    source: str
    rows: int
    first_time: datetime
    last_time: datetime


class LoadSummary(_Part):
    """One call of an ingest command whose rows are in the store."""

    load: str
    at: datetime
    files: tuple[str, ...]
    read: int
    accepted: int
    quarantined: int
    defects: tuple[Defect, ...]


class StoreSummary(_Part):
    """Everything `outlay data` tells."""

    generation: int
    rows: int
    loaded_from: date | None
    loaded_through: date | None
    sources: tuple[SourceSummary, ...]
    totals: tuple[CurrencyTotal, ...]
    """By currency, of the rows that count for cost."""
    basis_notes: tuple[str, ...]
    unpriced: tuple[UnpricedUsage, ...]
    quarantined: tuple[QuarantinedLoad, ...]
    loads: tuple[LoadSummary, ...]
    records: tuple[RecordSummary, ...] = ()
    gpu: tuple[GpuSummary, ...] = ()
    size_bytes: int


def summarise(snapshot: Snapshot) -> StoreSummary:
    """Gather it from the manifest; only totals and unpriced usage read the rollup."""
    manifest = snapshot.manifest
    return StoreSummary(
        generation=manifest.generation,
        rows=sum(segment.rows for segment in manifest.segments),
        loaded_from=snapshot.loaded_from,
        loaded_through=snapshot.loaded_through,
        sources=_sources(manifest.segments),
        totals=_totals(snapshot),
        basis_notes=snapshot.basis_notes,
        unpriced=_unpriced(snapshot),
        quarantined=tuple(
            QuarantinedLoad(load=load.id, files=_names(load), reasons=load.reasons)
            for load in manifest.loads
            if load.quarantined
        ),
        # What was read from whole files is not for somebody who sees part of their rows.
        loads=tuple(
            LoadSummary(
                load=load.id,
                at=load.at,
                files=_names(load),
                read=load.read,
                accepted=load.accepted,
                quarantined=load.quarantined,
                defects=load.defects,
            )
            for load in (manifest.loads if snapshot.scope.is_whole else ())
        ),
        records=tuple(
            RecordSummary(
                kind=one.kind, source=one.source, rows=one.rows, first_day=one.first_day, last_day=one.last_day
            )
            for one in manifest.records
        ),
        gpu=_gpu(manifest.gpu),
        size_bytes=sum(one.size_bytes for one in manifest.segments) + sum(one.size_bytes for one in manifest.gpu),
    )


def _gpu(segments: Sequence[GpuSegment]) -> tuple[GpuSummary, ...]:
    groups: dict[str, list[GpuSegment]] = {}
    for one in segments:
        groups.setdefault(one.source, []).append(one)
    return tuple(
        GpuSummary(
            source=source,
            rows=sum(one.rows for one in own),
            first_time=min(one.first_time for one in own),
            last_time=max(one.last_time for one in own),
        )
        for source, own in groups.items()
    )


def quarantined_rows(snapshot: Snapshot, limit: int) -> tuple[QuarantinedRow, ...]:
    """The first rows in quarantine, those that hold the most money first."""
    found = snapshot.query(
        "SELECT file, reason, money, row FROM quarantine ORDER BY abs(money) DESC NULLS LAST, file, row LIMIT ?",
        [limit],
    )
    return tuple(QuarantinedRow(file=f, reason=r, money=m, row=text) for f, r, m, text in found.rows)


def _names(load: Load) -> tuple[str, ...]:
    return tuple(file.name for file in load.files)


def _sources(segments: Sequence[Segment]) -> tuple[SourceSummary, ...]:
    groups: dict[tuple[str, Dataset], list[Segment]] = {}
    for segment in segments:
        groups.setdefault((segment.source, segment.dataset), []).append(segment)
    return tuple(_source(source, dataset, own) for (source, dataset), own in groups.items())


def _source(source: str, dataset: Dataset, own: Sequence[Segment]) -> SourceSummary:
    periods = sorted(segment.billing_period for segment in own)
    first, last = min(segment.first_day for segment in own), max(segment.last_day for segment in own)
    return SourceSummary(
        source=source,
        dataset=dataset,
        cost_bases=tuple(sorted({basis for segment in own for basis in segment.bases})),
        rows=sum(segment.rows for segment in own),
        billing_periods=tuple(periods),
        first_day=first,
        last_day=last,
        totals=add_totals([total for segment in own for total in segment.totals]),
        missing_billing_periods=_missing_months(periods),
        missing_days=_missing_days(own, periods),
    )


def _missing_months(periods: Sequence[date]) -> tuple[date, ...]:
    missing, month = [], periods[0].replace(day=1)
    have = {period.replace(day=1) for period in periods}
    while month < periods[-1]:
        if month not in have:
            missing.append(month)
        month = first_of_next_month(month)
    return tuple(missing)


def _missing_days(own: Sequence[Segment], periods: Sequence[date]) -> tuple[date, ...]:
    """Days without a row inside a segment, and between one billing period's last row and the next one's first."""
    present = {day for segment in own for day in _days_of(segment)}
    lacking = {day for segment in own for day in segment.missing_days}
    ordered = sorted(own, key=lambda segment: segment.billing_period)
    for before, after in pairwise(ordered):
        if first_of_next_month(before.billing_period) == after.billing_period.replace(day=1):
            gap = (after.first_day - before.last_day).days
            lacking |= {before.last_day + timedelta(days=n) for n in range(1, min(gap, 62))}
    return tuple(sorted(lacking - present))


def _days_of(segment: Segment) -> set[date]:
    span = min((segment.last_day - segment.first_day).days, 400)
    return {segment.first_day + timedelta(days=n) for n in range(span + 1)} - set(segment.missing_days)


def add_totals(totals: Sequence[CurrencyTotal]) -> tuple[CurrencyTotal, ...]:
    """Sum by currency; a cost that no row has stays None."""
    found: dict[str, CurrencyTotal] = {}
    for total in totals:
        have = found.get(total.currency)
        found[total.currency] = total if have is None else _add(have, total)
    return tuple(found[currency] for currency in sorted(found))


def _add(one: CurrencyTotal, two: CurrencyTotal) -> CurrencyTotal:
    def plus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
        return b if a is None else a if b is None else _EXACT.add(a, b)

    return CurrencyTotal(
        currency=one.currency,
        rows=one.rows + two.rows,
        BilledCost=plus(one.BilledCost, two.BilledCost),
        EffectiveCost=plus(one.EffectiveCost, two.EffectiveCost),
    )


def _totals(snapshot: Snapshot) -> tuple[CurrencyTotal, ...]:
    if not snapshot.exclusions:
        return add_totals([total for segment in snapshot.manifest.segments for total in segment.totals])
    rows = snapshot.query(
        'SELECT "BillingCurrency", CAST(sum("x_Rows") AS BIGINT), sum("BilledCost"), sum("EffectiveCost") '
        'FROM daily WHERE "x_CountsForCost" GROUP BY 1 ORDER BY 1'
    ).rows
    return tuple(CurrencyTotal(currency=c, rows=n, BilledCost=b, EffectiveCost=e) for c, n, b, e in rows)


def _unpriced(snapshot: Snapshot) -> tuple[UnpricedUsage, ...]:
    if not any(segment.unpriced_rows for segment in snapshot.manifest.segments):
        return ()
    rows = snapshot.query(
        'SELECT "x_Model", "ConsumedUnit", sum("ConsumedQuantity"), CAST(sum("x_Rows") AS BIGINT), min("ChargeDay"), '
        'max("ChargeDay") FROM daily WHERE "x_PriceSource" = \'unpriced\' GROUP BY ALL ORDER BY 3 DESC NULLS LAST, 1'
    ).rows
    return tuple(
        UnpricedUsage(x_Model=m, ConsumedUnit=u, ConsumedQuantity=q, rows=n, first_day=first, last_day=last)
        for m, u, q, n, first, last in rows
    )
