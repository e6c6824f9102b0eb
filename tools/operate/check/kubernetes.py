"""Kubernetes manifests: GPUs that pods ask for, times replicas or parallelism.

Source: Kubernetes, Workloads, Jobs (parallelism, completions, activeDeadlineSeconds), init containers (effective
requests), scheduling GPUs; Kubeflow Training Operator (PyTorchJob and its kin).
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from tools.operate.check.autoscalers import Reaches, reaches_of
from tools.operate.check.cron import runs_a_month
from tools.operate.check.numbers import count_of, number_of
from tools.operate.check.options import CheckOptions
from tools.operate.check.owners import team_of
from tools.operate.check.planned import MONTH_HOURS, ONE, Machines, PlannedResource
from tools.operate.check.pod import Pod, read_pod
from tools.operate.check.source import Document, Place, Source
from tools.operate.check.span import Span

SERVICES = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
TRAINING = {
    "PyTorchJob": "pytorchReplicaSpecs", "TFJob": "tfReplicaSpecs", "MPIJob": "mpiReplicaSpecs",
    "XGBoostJob": "xgbReplicaSpecs", "PaddleJob": "paddleReplicaSpecs",
}  # fmt: skip
NO_LIMIT = "it names no activeDeadlineSeconds; give --hours"
SUSPENDED = "suspended now; priced as if it ran"


class _Work(NamedTuple):
    """Pods of one template: how many at once, for how long, how often."""

    pod: Pod
    pods: Span | None
    hours: Span | None
    is_open: bool = False
    runs: Decimal = Decimal(1)
    at_once: Decimal = Decimal(1)
    lacks: str | None = None
    lacks_hours: str | None = None
    part: str = ""
    notes: tuple[str, ...] = ()


def is_kubernetes(found: tuple[Document, ...]) -> bool:
    return any(isinstance(one.value, Mapping) and {"apiVersion", "kind"} <= one.value.keys() for one in found)


def read_kubernetes(source: Source, found: tuple[Document, ...], options: CheckOptions) -> tuple[PlannedResource, ...]:
    """What asks for accelerators; services and config maps ask for none."""
    objects = [(value, document, place) for document in found for value, place in _objects(document.value, ())]
    reaches = reaches_of(value for value, _, _ in objects)
    return tuple(
        _resource(source, value, _scaled(value, work, reaches), options)
        for value, document, place in objects
        for work in _works(value, document, place, options)
    )


def _scaled(value: Mapping[str, Any], work: _Work, reaches: Reaches) -> _Work:
    """With the replicas that an autoscaler of the same file may go to."""
    reach = reaches.get((str(value.get("kind")), str(_map(value.get("metadata")).get("name"))))
    if reach is None or not work.is_open:
        return work
    is_named = _map(value.get("spec")).get("replicas") is not None
    if is_named and work.pods == Span.of(0) and reach.least > 0:
        return work  # no replicas switch an autoscaler off that keeps at least one
    notes = (*work.notes, f"an autoscaler keeps it between {reach.least} and {reach.most} replicas")
    return work._replace(pods=reach.from_start(work.pods if is_named else None), lacks=None, notes=notes)


def _objects(value: Any, place: Place) -> Iterator[tuple[Mapping[str, Any], Place]]:
    """The objects of a document; those of a List one by one."""
    if not isinstance(value, Mapping):
        return
    items = value.get("items")
    if str(value.get("kind", "")).endswith("List") and isinstance(items, list):
        for number, item in enumerate(items):
            yield from _objects(item, (*place, "items", number))
    else:
        yield value, place


def _resource(source: Source, value: Mapping[str, Any], work: _Work, options: CheckOptions) -> PlannedResource:
    metadata = _map(value.get("metadata"))
    name = metadata.get("name") or metadata.get("generateName") or "unnamed"
    namespace = metadata.get("namespace")
    address = "/".join(str(one) for one in (namespace, value.get("kind"), name, work.part) if one)
    machines = Machines(
        instances=work.pod.instances,
        cards=work.pod.cards,
        memory_gib=work.pod.memory_gib,
        gpus=work.pod.gpus,
        count=work.pods,
        is_share=True,
        provider=work.pod.provider,
        region=work.pod.region,
        market=work.pod.market,
        lacks=work.pod.lacks or work.lacks,
        notes=work.pod.notes,
    )
    return PlannedResource(
        format="kubernetes",
        kind=str(value.get("kind")),
        address=address,
        machines=machines,
        hours=work.hours,
        file=source.name,
        line=work.pod.line,
        is_open=work.is_open,
        runs=work.runs,
        at_once=work.at_once,
        owner=options.team or team_of(metadata.get("labels"), metadata.get("annotations"), work.pod.labels),
        lacks_hours=work.lacks_hours,
        notes=work.notes,
    )


def _works(value: Mapping[str, Any], document: Document, place: Place, options: CheckOptions) -> Iterator[_Work]:
    kind, spec = str(value.get("kind")), _map(value.get("spec"))
    if kind in SERVICES:
        yield from _service(spec, document, (*place, "spec"), options)
    elif kind == "DaemonSet":
        if (pod := _template(spec, document, (*place, "spec"), options)) is not None:
            yield _Work(
                pod, None, _open(options), True, lacks="a DaemonSet runs once on every node, and those are not known"
            )
    elif kind == "Pod":
        if (pod := read_pod(spec, {}, document, (*place, "spec"), options)) is not None:
            yield _pod(pod, spec, options)
    elif kind == "Job":
        yield from _job(spec, document, (*place, "spec"), options)
    elif kind == "CronJob":
        yield from _cron(spec, document, (*place, "spec"), options)
    elif kind in TRAINING:
        yield from _training(spec, TRAINING[kind], document, (*place, "spec"), options)
    else:
        yield from _unknown(kind, spec, document, (*place, "spec"), options)


def _unknown(kind: str, value: Any, document: Document, place: Place, options: CheckOptions) -> Iterator[_Work]:
    """Pods inside an object of another kind: they are told, as how many there will be is not known."""
    if isinstance(value, Mapping):
        if isinstance(value.get("containers"), list) and (pod := read_pod(value, {}, document, place, options)):
            lacks = f"how many pods a {kind} starts is not known here"
            yield _Work(pod, None, _open(options), is_open=True, lacks=lacks)
            return
        for name, inner in value.items():
            yield from _unknown(kind, inner, document, (*place, name), options)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unknown(kind, inner, document, (*place, number), options)


def _service(spec: Mapping[str, Any], document: Document, place: Place, options: CheckOptions) -> Iterator[_Work]:
    pod = _template(spec, document, place, options)
    if pod is None:
        return
    pods, lacks = _counted(spec, "replicas")
    yield _Work(pod, pods, _open(options), is_open=True, lacks=lacks)


def _pod(pod: Pod, spec: Mapping[str, Any], options: CheckOptions) -> _Work:
    """One pod runs on, unless it has a deadline."""
    deadline = _deadline(spec)
    return _Work(pod, ONE, deadline or _open(options), is_open=deadline is None)


def _job(spec: Mapping[str, Any], document: Document, place: Place, options: CheckOptions) -> Iterator[_Work]:
    """Pods at once for at most the Job's deadline, whatever it has to complete."""
    pod = _template(spec, document, place, options)
    if pod is None:
        return
    pods, lacks = _at_once(spec)
    hours = _deadline(spec)
    notes = (SUSPENDED,) if str(spec.get("suspend")).lower() == "true" else ()
    yield _limited(_Work(pod, pods, hours, lacks=lacks, notes=notes), options)


def _limited(work: _Work, options: CheckOptions) -> _Work:
    """With the hours that were said, where the work has no deadline of its own."""
    if work.hours is not None:
        return work
    if options.hours is not None:
        return work._replace(hours=Span.of(options.hours))
    return work._replace(lacks_hours=NO_LIMIT)


def _at_once(spec: Mapping[str, Any]) -> tuple[Span | None, str | None]:
    """Parallelism, but no more than there is to complete; 1 where neither is named."""
    parallel, lacks = _counted(spec, "parallelism")
    if lacks:
        return None, lacks
    if spec.get("completions") is None:
        return parallel, None
    completions, lacks = _counted(spec, "completions")
    if completions is None or parallel is None:
        return None, lacks
    return Span(min(parallel.low, completions.low), min(parallel.high, completions.high)), None


def _cron(spec: Mapping[str, Any], document: Document, place: Place, options: CheckOptions) -> Iterator[_Work]:
    inner = _map(_map(spec.get("jobTemplate")).get("spec"))
    runs = runs_a_month(str(spec.get("schedule", "")))
    for work in _job(inner, document, (*place, "jobTemplate", "spec"), options):
        notes = (f"{runs:.1f} runs a month by its schedule",) if runs is not None else ()
        if str(spec.get("suspend")).lower() == "true":
            notes = (*notes, SUSPENDED)
        lacks = work.lacks or (None if runs is not None else f"how often {spec.get('schedule')!r} runs can't be told")
        yield work._replace(runs=runs or Decimal(1), lacks=lacks, notes=(*work.notes, *notes))


def _training(
    spec: Mapping[str, Any], key: str, document: Document, place: Place, options: CheckOptions
) -> Iterator[_Work]:
    """Each role of the job: its replicas for at most the job's deadline."""
    policy = _map(spec.get("runPolicy"))
    hours = _deadline(policy) or _deadline(spec)
    elastic = _map(spec.get("elasticPolicy"))
    for role, own in _map(spec.get(key)).items():
        pod = _template(_map(own), document, (*place, key, role), options)
        if pod is None:
            continue
        pods, lacks = _counted(_map(own), "replicas")
        if role == "Worker" and (span := _elastic(elastic)) is not None:
            pods, lacks = span, None
        notes = (SUSPENDED,) if str(policy.get("suspend")).lower() == "true" else ()
        yield _limited(_Work(pod, pods, hours, lacks=lacks, part=role, notes=notes), options)


def _elastic(policy: Mapping[str, Any]) -> Span | None:
    least, most = count_of(policy.get("minReplicas")), count_of(policy.get("maxReplicas"))
    return Span(Decimal(least), Decimal(most)) if least is not None and most is not None and least <= most else None


def _template(spec: Mapping[str, Any], document: Document, place: Place, options: CheckOptions) -> Pod | None:
    template = _map(spec.get("template"))
    labels = _map(_map(template.get("metadata")).get("labels"))
    return read_pod(_map(template.get("spec")), labels, document, (*place, "template", "spec"), options)


def _counted(spec: Mapping[str, Any], name: str) -> tuple[Span | None, str | None]:
    """A count that is 1 where it is left out; not known where it is no number."""
    if spec.get(name) is None:
        return ONE, None
    count = count_of(spec[name])
    return (Span.of(count), None) if count is not None else (None, f"{name}: {spec[name]} is no number")


def _deadline(spec: Mapping[str, Any]) -> Span | None:
    seconds = number_of(spec.get("activeDeadlineSeconds"))
    return Span.of(seconds / 3600) if seconds else None


def _open(options: CheckOptions) -> Span:
    return Span.of(MONTH_HOURS if options.hours is None else options.hours)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
