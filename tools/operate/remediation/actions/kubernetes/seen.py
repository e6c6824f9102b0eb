"""What a Kubernetes object tells of itself: its labels and annotations, and the labels of its namespace."""

from typing import Any

from tools.domain.remediation import Seen, State
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.kubernetes.access import Json, KubernetesAccess
from tools.operate.remediation.actions.kubernetes.kinds import NAMESPACE, Located
from tools.operate.remediation.tags import ENVIRONMENT, OWNER, said

LONGEST = 200
"""Annotations that are longer hold documents, such as the whole manifest as it was last applied."""
_SYSTEM = ("kubernetes.io", "k8s.io")


def existing(access: KubernetesAccess, at: Located) -> Json:
    """The object. Raises NotApplicable when there is none."""
    found = access.get(at)
    if found is None:
        raise NotApplicable(f"there is no {at} of cluster {access.cluster}")
    return found


def seen(access: KubernetesAccess, at: Located, found: Json | None, state: State) -> Seen:
    """The object as people know it. Raises NotApplicable when its namespace is gone."""
    tags = {**namespace_labels(access, at), **_tags((found or {}).get("metadata", {}))}
    environment, owner = said(tags, ENVIRONMENT), said(tags, OWNER)
    return Seen(state=state, name=at.name, environment=environment, owner=owner, tags=tags)


def namespace_labels(access: KubernetesAccess, at: Located) -> dict[str, str]:
    """{} for an object outside namespaces. Raises NotApplicable."""
    if not at.namespace:
        return {}
    space = existing(access, Located(NAMESPACE, at.namespace))
    return dict(space["metadata"].get("labels") or {})


def _tags(metadata: Any) -> dict[str, str]:
    """Labels win over annotations. Annotations of Kubernetes' own are left out: it rewrites them by itself."""
    notes = {
        key: value
        for key, value in (metadata.get("annotations") or {}).items()
        if len(value) <= LONGEST and not key.partition("/")[0].endswith(_SYSTEM)
    }
    return {**notes, **(metadata.get("labels") or {})}
