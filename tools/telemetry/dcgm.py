"""DCGM exporter's series → samples: metrics of one GPU and moment come together, whichever way its labels are spelt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import yaml

import knowledge
from tools.domain.gpu import GpuSample
from tools.telemetry.prometheus import Prometheus, Series, windows

LONGEST_WINDOW = timedelta(hours=6)
"""A fleet's samples of one window are held in memory."""


class DcgmMetric(NamedTuple):
    """A metric, the FIELD that it fills, and the factor to the FIELD's unit."""

    metric: str
    field: str
    factor: float


class Lane(NamedTuple):
    host: str
    gpu: str
    mig: str


@dataclass
class _Gathered:
    """What is known of a lane at a moment."""

    labels: Mapping[str, str]
    fields: dict[str, float] = field(default_factory=dict)


@cache
def dcgm_metrics() -> tuple[DcgmMetric, ...]:
    return tuple(DcgmMetric(**row) for row in yaml.safe_load(knowledge.read("dcgm_metrics.yaml")))


def read_dcgm(
    server: Prometheus, start: datetime, end: datetime, step: timedelta, selector: str = ""
) -> Iterator[list[GpuSample]]:
    """The samples of each window from `start` up to, but not including, `end`; windows without any are left out.

    `selector` is what stands between the braces of each query, such as `cluster="a"`.

    Raises:
        BadInput: see Prometheus.query_range.
    """
    for first, last in windows(start, end, step, LONGEST_WINDOW):
        found: dict[tuple[Lane, datetime], _Gathered] = {}
        for one in dcgm_metrics():
            query = f"{one.metric}{{{selector}}}" if selector else one.metric
            _gather(found, one, server.query_range(query, first, last, step))
        if found:
            yield [_sample(lane, moment, gathered) for (lane, moment), gathered in sorted(found.items(), key=_order)]


def lane_of(labels: Mapping[str, str]) -> Lane:
    """The lane that a series is about; NVLink's metrics and older exporters spell the labels otherwise."""
    host = _first(labels, "Hostname", "hostname", "node", "kubernetes_node")
    if host is None:
        host = (_first(labels, "exported_instance", "instance") or "").rpartition(":")[0] or labels.get("instance", "")
    gpu = _first(labels, "gpu", "UUID", "gpu_uuid", "device") or ""
    return Lane(host, gpu, labels.get("GPU_I_ID", ""))


def owner_of(labels: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    """The pod that a GPU is mapped to, as `pod:namespace/name`, and the labels kept.

    A scrape without honor_labels renames the exporter's own to exported_…, and the plain ones are the exporter's pod.
    """
    renamed = "exported_pod" in labels
    pod, namespace, container = (
        labels.get(f"exported_{name}" if renamed else name) for name in ("pod", "namespace", "container")
    )
    kept = {
        "x_Pod": pod,
        "x_Namespace": namespace,
        "x_Container": container,
        "x_GpuUuid": _first(labels, "UUID", "gpu_uuid"),
    }
    owner = f"pod:{namespace}/{pod}" if pod and namespace else f"pod:{pod}" if pod else None
    return owner, {name: value for name, value in kept.items() if value}


def _gather(found: dict[tuple[Lane, datetime], _Gathered], one: DcgmMetric, series: Sequence[Series]) -> None:
    for each in series:
        lane = lane_of(each.labels)
        for moment, value in each.points:
            gathered = found.setdefault((lane, moment), _Gathered(each.labels))
            gathered.fields.setdefault(one.field, value * one.factor)


def _sample(lane: Lane, moment: datetime, gathered: _Gathered) -> GpuSample:
    fields: dict[str, Any] = dict(gathered.fields)
    free, used = fields.pop("memory_free_gib", None), fields.get("memory_used_gib")
    if free is not None and used is not None:
        fields["memory_total_gib"] = free + used
    owner, labels = owner_of(gathered.labels)
    name = _first(gathered.labels, "modelName", "model_name")
    profile = gathered.labels.get("GPU_I_PROFILE")
    return GpuSample(
        time=moment,
        host=lane.host,
        gpu=lane.gpu,
        mig=lane.mig,
        model_name=f"{name} MIG {profile}" if name and profile else name,
        owner=owner,
        labels=labels,
        **fields,
    )


def _order(one: tuple[tuple[Lane, datetime], _Gathered]) -> tuple[datetime, Lane]:
    (lane, moment), _ = one
    return moment, lane


def _first(labels: Mapping[str, str], *names: str) -> str | None:
    return next((labels[name] for name in names if labels.get(name)), None)
