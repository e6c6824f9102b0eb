"""A pod's template: the accelerators it asks for, and which nodes it has to land on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.operate.check.instances import NamedCard, gpus_of, named_card
from tools.operate.check.mig import part_of_gpu
from tools.operate.check.numbers import quantity_of
from tools.operate.check.options import CheckOptions
from tools.operate.check.source import Document, Place
from tools.operate.check.span import Span

GPU, MIG, SHARED = "nvidia.com/gpu", "nvidia.com/mig-", "nvidia.com/gpu.shared"
OTHER = ("amd.com/gpu", "gpu.intel.com/i915", "habana.ai/gaudi", "google.com/tpu", "aws.amazon.com/neuron",
         "aws.amazon.com/neuroncore", "aws.amazon.com/neurondevice")  # fmt: skip
INSTANCE_LABELS = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
CARD_LABELS = (
    "nvidia.com/gpu.product", "cloud.google.com/gke-accelerator", "karpenter.k8s.aws/instance-gpu-name",
    "k8s.amazonaws.com/accelerator", "accelerator", "gpu", "gpu-type", "gputype", "gpu.nvidia.com/class",
    "gpu.nvidia.com/model", "nvidia.com/gpu.family",
)  # fmt: skip
SURE = 4
"""The first of these name nothing but cards."""
REGION_LABELS = ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region")
ZONE_LABELS = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
SPOT_LABELS = {"cloud.google.com/gke-spot": "true", "eks.amazonaws.com/capacityType": "SPOT",
               "karpenter.sh/capacity-type": "spot", "kubernetes.azure.com/scalesetpriority": "spot"}  # fmt: skip


@dataclass(frozen=True)
class Pod:
    """What one pod asks for. `gpus`: whole GPUs, or the part of one that MIG instances are; None: not known."""

    gpus: Span | None
    cards: tuple[str, ...]
    memory_gib: Decimal | None
    instances: tuple[str, ...]
    provider: str | None
    region: str | None
    market: Any
    lacks: str | None
    line: int
    labels: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def read_pod(
    spec: Mapping[str, Any], labels: Mapping[str, Any], document: Document, place: Place, options: CheckOptions
) -> Pod | None:
    """The pod, or None for one that asks for no accelerator."""
    asked = dict(_asked(spec))
    if not asked:
        return None
    wanted = _wanted(spec)
    cards, instances = _cards(wanted, options), _labelled(wanted, INSTANCE_LABELS)
    card = cards[0] if len(cards) == 1 else None
    gpus, lacks, notes = _gpus(asked, card)
    if lacks is None and not cards and not any(gpus_of(one) for one in instances):
        strange = _strange(wanted)
        named = "which card it asks for is not named (nodeSelector); give --card"
        lacks = f"{strange} is no card that is known" if strange else named
    held = tuple(dict.fromkeys(one.card for one in cards)) or tuple(
        dict.fromkeys(holds.card for one in instances if (holds := gpus_of(one)))
    )
    is_mig = any(name.startswith(MIG) for name in asked)
    return Pod(
        gpus=gpus,
        cards=held,
        memory_gib=card.memory_gib if card and not is_mig else None,
        instances=instances,
        provider=_provider(wanted),
        region=_region(wanted),
        market="spot" if any(value in wanted.get(key, ()) for key, value in SPOT_LABELS.items()) else None,
        lacks=lacks,
        line=_line(spec, document, place),
        labels=labels,
        notes=notes,
    )


def _asked(spec: Mapping[str, Any]) -> Iterator[tuple[str, int | str]]:
    """Each accelerator with its count (or the text that is none): the sum of the containers, or what one of the init
    containers needs if that is more; those that go on beside the containers add up."""
    names = {name for one in _containers(spec) for name in _limits(one) if name.startswith((GPU, MIG)) or name in OTHER}
    for name in sorted(names):
        odd = [str(value) for one in _containers(spec) if (value := _limits(one).get(name)) is not None
               and quantity_of(value) is None]  # fmt: skip
        if odd:
            yield name, odd[0]
            continue
        running = sum(_count(one, name) for one in _list(spec, "containers"))
        before = 0
        beside = 0
        for one in _list(spec, "initContainers"):
            if one.get("restartPolicy") == "Always":
                beside += _count(one, name)
            before = max(before, beside + (0 if one.get("restartPolicy") == "Always" else _count(one, name)))
        count = max(running + beside, before)
        if count:
            yield name, count


def _containers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*_list(spec, "containers"), *_list(spec, "initContainers")]


def _list(spec: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = spec.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _limits(container: Mapping[str, Any]) -> Mapping[str, Any]:
    """Requests, which for accelerators are the limits."""
    resources = container.get("resources")
    if not isinstance(resources, Mapping):
        return {}
    both = [one for key in ("requests", "limits") if isinstance(one := resources.get(key), Mapping)]
    return {name: value for one in both for name, value in one.items()}


def _count(container: Mapping[str, Any], name: str) -> int:
    return quantity_of(_limits(container).get(name)) or 0


def _gpus(asked: Mapping[str, int | str], card: NamedCard | None) -> tuple[Span | None, str | None, tuple[str, ...]]:
    total = Span.of(0)
    notes: list[str] = []
    for name, count in asked.items():
        if isinstance(count, str):
            return None, f"{name}: {count} is no number", ()
        if name in OTHER:
            return None, f"{name} is priced nowhere here", ()
        if name == SHARED:
            return None, f"{name} is a part of a GPU, and how large a part is not said", ()
        if name == GPU:
            total = total.plus(Span.of(count))
            continue
        part = part_of_gpu(name, card.card if card else None, card.memory_gib if card else None)
        if part is None:
            return None, f"{name} is no resource of GPUs that is known", ()
        total = total.plus(part.times(count))
        notes.append(f"{count} × {name.removeprefix('nvidia.com/')}: between its shares of compute and of memory")
    return total, None, tuple(notes)


def _wanted(spec: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """Labels that a node must have, with the values that will do: nodeSelector, and required node affinity."""
    wanted: dict[str, tuple[str, ...]] = {}
    selector = spec.get("nodeSelector")
    if isinstance(selector, Mapping):
        wanted |= {str(key): (str(value),) for key, value in selector.items()}
    terms = _at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    alternatives: dict[str, tuple[str, ...]] = {}
    for term in terms if isinstance(terms, list) else []:
        for one in _list(term, "matchExpressions") if isinstance(term, Mapping) else []:
            if one.get("operator") == "In" and isinstance(one.get("values"), list):
                key = str(one.get("key"))
                alternatives[key] = (*alternatives.get(key, ()), *map(str, one["values"]))
    return {**alternatives, **wanted}


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _labelled(wanted: Mapping[str, tuple[str, ...]], labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for label in labels for value in wanted.get(label, ())))


def _cards(wanted: Mapping[str, tuple[str, ...]], options: CheckOptions) -> tuple[NamedCard, ...]:
    """By the labels that name a card, else by the instance, else as it was said; none where a card is not known."""
    for label in CARD_LABELS:
        found = [named_card(value) for value in wanted.get(label, ())]
        if found and all(found):
            return tuple(dict.fromkeys(one for one in found if one))
    known = any(gpus_of(one) for one in _labelled(wanted, INSTANCE_LABELS))
    said = named_card(options.card) if options.card and not known and not _strange(wanted) else None
    return (said,) if said else ()


def _strange(wanted: Mapping[str, tuple[str, ...]]) -> str | None:
    """What a label of cards alone names, where it is no card that is known."""
    values = _labelled(wanted, CARD_LABELS[:SURE])
    return next((value for value in values if named_card(value) is None), None)


def _provider(wanted: Mapping[str, tuple[str, ...]]) -> str | None:
    if any(key.startswith(("cloud.google.com/", "topology.gke.io/")) for key in wanted):
        return "Google Cloud"
    if any(key.startswith(("karpenter.k8s.aws/", "eks.amazonaws.com/")) for key in wanted):
        return "AWS"
    if any(key.startswith("kubernetes.azure.com/") for key in wanted):
        return "Microsoft Azure"
    return None


def _region(wanted: Mapping[str, tuple[str, ...]]) -> str | None:
    regions = _labelled(wanted, REGION_LABELS)
    if len(regions) == 1:
        return regions[0]
    zones = {re.sub(r"-?[a-f]$", "", zone) for zone in _labelled(wanted, ZONE_LABELS)}
    return zones.pop() if len(zones) == 1 else None


def _line(spec: Mapping[str, Any], document: Document, place: Place) -> int:
    """The line on which the first accelerator stands."""
    for key in ("containers", "initContainers"):
        for number, one in enumerate(spec.get(key) or [] if isinstance(spec.get(key), list) else []):
            for part in ("limits", "requests"):
                found = _at(one, "resources", part)
                for name in found if isinstance(found, Mapping) else ():
                    if name.startswith((GPU, MIG)) or name in OTHER:
                        return document.line(*place, key, number, "resources", part, name)
    return document.line(*place)
