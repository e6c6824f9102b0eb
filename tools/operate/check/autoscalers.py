"""Autoscalers beside what they scale: how far the replicas of a Deployment may go.

Source: Kubernetes, HorizontalPodAutoscaler (autoscaling/v2: minReplicas is 1 where it is left out); KEDA, ScaledObject
(minReplicaCount 0, maxReplicaCount 100 where they are left out).
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from tools.operate.check.numbers import count_of
from tools.operate.check.shapes import mapping_of
from tools.operate.check.span import Span

_KINDS = {
    "HorizontalPodAutoscaler": ("minReplicas", "maxReplicas"),
    "ScaledObject": ("minReplicaCount", "maxReplicaCount"),
}
_LEAST = {"HorizontalPodAutoscaler": 1, "ScaledObject": 0}
_MOST = {"ScaledObject": 100}


class Reach(NamedTuple):
    """Replicas that an autoscaler keeps to."""

    least: int
    most: int

    def from_start(self, replicas: Span | None) -> Span:
        """From what it starts with, kept within the reach, to the most; from the least where no number is given."""
        start = self.least if replicas is None else min(max(int(replicas.low), self.least), self.most)
        return Span(Decimal(start), Decimal(self.most))


Reaches = Mapping[tuple[str, str], Reach]


def reaches_of(objects: Iterable[Mapping[str, Any]]) -> Reaches:
    """Kind and name of what is scaled → how far; without those whose limits are no numbers."""
    found: dict[tuple[str, str], Reach] = {}
    for one in objects:
        kind, spec = str(one.get("kind")), mapping_of(one, "spec")
        if kind not in _KINDS:
            continue
        least, most = (count_of(spec.get(name)) for name in _KINDS[kind])
        least = _LEAST[kind] if least is None else least
        most = _MOST.get(kind) if most is None else most
        target = mapping_of(spec, "scaleTargetRef")
        if most is not None and least <= most:
            found[str(target.get("kind") or "Deployment"), str(target.get("name"))] = Reach(least, most)
    return found
