"""The small records that a company keeps beside its charges: changes, budgets, metrics, runs, quality, owners.

Times are UTC, spans half-open, amounts exact. A record's `slice` maps dimensions (x_Team, ServiceProviderName, …) to
the one value it is about; an empty slice is about everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, overload

RecordKind = Literal["events", "budgets", "metrics", "runs", "quality", "owners"]
Slice = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """A change that might explain a cost: a deployment, a launch, a price change, a notice."""

    source: str
    time: datetime
    kind: str
    title: str
    slice: Slice = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent in a slice from `start` up to, but not including, `end`."""

    source: str
    name: str
    start: date
    end: date
    amount: Decimal
    currency: str
    owner: str | None = None
    slice: Slice = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class BusinessMetric:
    """One day's value of a number that the business counts; revenue has its currency as `unit`."""

    source: str
    day: date
    metric: str
    value: Decimal
    unit: str | None = None
    slice: Slice = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One run of a training job, and what it reached."""

    source: str
    run_id: str
    name: str | None
    start: datetime
    end: datetime | None
    status: str | None
    epochs: Decimal | None
    gpu_hours: Decimal | None
    metric_name: str | None
    metric_value: Decimal | None
    cost: Decimal | None = None
    """What the file says it cost; None where it doesn't."""
    currency: str | None = None
    slice: Slice = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class QualityScore:
    """How well a model did a use case's work on a day: `score` of `metric` over `samples`."""

    source: str
    day: date
    model: str | None
    use_case: str | None
    score: Decimal
    metric: str
    samples: Decimal | None
    slice: Slice = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose a thing is from `start` up to, but not including, `end` (None: open)."""

    source: str
    kind: str
    """api_key, workspace, agent, account, resource, or a dimension."""
    key: str
    start: date | None
    end: date | None
    team: str | None
    product: str | None
    cost_centre: str | None
    person: str | None
    slice: Slice = field(default_factory=dict, hash=False)


_TEXT, _MONEY, _NUMBER, _SLICE = "VARCHAR", "DECIMAL(38,24)", "DECIMAL(38,18)", "MAP(VARCHAR, VARCHAR)"
RECORD_COLUMNS: dict[RecordKind, dict[str, str]] = {
    "events": {"Source": _TEXT, "Time": "TIMESTAMP", "Kind": _TEXT, "Title": _TEXT, "Slice": _SLICE},
    "budgets": {
        "Source": _TEXT, "Name": _TEXT, "Start": "DATE", "End": "DATE", "Amount": _MONEY, "Currency": _TEXT,
        "Owner": _TEXT, "Slice": _SLICE,
    },
    "metrics": {
        "Source": _TEXT, "Day": "DATE", "Metric": _TEXT, "Value": _NUMBER, "Unit": _TEXT, "Slice": _SLICE,
    },
    "runs": {
        "Source": _TEXT, "RunId": _TEXT, "Name": _TEXT, "Start": "TIMESTAMP", "End": "TIMESTAMP", "Status": _TEXT,
        "Epochs": _NUMBER, "GpuHours": _NUMBER, "MetricName": _TEXT, "MetricValue": _NUMBER, "Cost": _MONEY,
        "Currency": _TEXT, "Slice": _SLICE,
    },
    "quality": {
        "Source": _TEXT, "Day": "DATE", "Model": _TEXT, "UseCase": _TEXT, "Score": _NUMBER, "Metric": _TEXT,
        "Samples": _NUMBER, "Slice": _SLICE,
    },
    "owners": {
        "Source": _TEXT, "Kind": _TEXT, "Key": _TEXT, "From": "DATE", "To": "DATE", "Team": _TEXT, "Product": _TEXT,
        "CostCentre": _TEXT, "Person": _TEXT, "Slice": _SLICE,
    },
}  # fmt: skip
"""Each kind's table in the store, in the order of its class's fields."""

RECORD_KEYS: dict[RecordKind, tuple[str, ...]] = {
    "events": ("Time", "Kind", "Title", "Slice"),
    "budgets": ("Name", "Start", "End", "Slice"),
    "metrics": ("Day", "Metric", "Slice"),
    "runs": ("RunId",),
    "quality": ("Day", "Metric", "Slice"),
    "owners": ("Kind", "Key", "From"),
}
"""What makes two rows the same record: only one of them can be kept."""

RECORD_DAY: dict[RecordKind, str] = {
    "events": "Time", "budgets": "Start", "metrics": "Day", "runs": "Start", "quality": "Day", "owners": "From",
}  # fmt: skip
RECORD_CLASSES: dict[RecordKind, type[Any]] = {
    "events": Event,
    "budgets": Budget,
    "metrics": BusinessMetric,
    "runs": TrainingRun,
    "quality": QualityScore,
    "owners": Ownership,
}


class RecordReader(Protocol):
    """Typed reading of records; () when none are loaded (or none is inside the asker's scope)."""

    @overload
    def records(self, kind: Literal["events"]) -> tuple[Event, ...]: ...
    @overload
    def records(self, kind: Literal["budgets"]) -> tuple[Budget, ...]: ...
    @overload
    def records(self, kind: Literal["metrics"]) -> tuple[BusinessMetric, ...]: ...
    @overload
    def records(self, kind: Literal["runs"]) -> tuple[TrainingRun, ...]: ...
    @overload
    def records(self, kind: Literal["quality"]) -> tuple[QualityScore, ...]: ...
    @overload
    def records(self, kind: Literal["owners"]) -> tuple[Ownership, ...]: ...
