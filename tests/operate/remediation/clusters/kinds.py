"""The kinds that test clusters serve, and the custom ones as definitions of our own, as small as they can be."""

from dataclasses import replace
from typing import Any

from tools.operate.remediation.actions.kubernetes.kinds import (
    AUTOSCALER,
    CRON_JOB,
    DEPLOYMENT,
    JOB,
    MACHINE_DEPLOYMENT,
    NAMESPACE,
    NODE_POOL,
    RESOURCE_QUOTA,
    SCALED_OBJECT,
    STATEFUL_SET,
    Kind,
)

MACHINES = replace(MACHINE_DEPLOYMENT, version="v1beta2")
BUILT_IN = (NAMESPACE, DEPLOYMENT, STATEFUL_SET, JOB, CRON_JOB, RESOURCE_QUOTA, AUTOSCALER)
CUSTOM = (SCALED_OBJECT, MACHINES, NODE_POOL)
SERVED = (*BUILT_IN, *CUSTOM)


def definition(kind: Kind) -> dict[str, Any]:
    """The CustomResourceDefinition of a kind: any `spec` and `status`, and a scale where it has replicas."""
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version: dict[str, Any] = {
        "name": kind.version,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": anything, "status": anything}}},
        "subresources": {"status": {}},
    }
    if kind is MACHINES:
        version["subresources"]["scale"] = {
            "specReplicasPath": ".spec.replicas",
            "statusReplicasPath": ".status.replicas",
        }
    names = {"kind": kind.name, "listKind": f"{kind.name}List", "plural": kind.plural, "singular": kind.name.lower()}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{kind.group}"},
        "spec": {
            "group": kind.group,
            "scope": "Namespaced" if kind.namespaced else "Cluster",
            "names": names,
            "versions": [version],
        },
    }


def path_of(kind: Kind, namespace: str = "", *rest: str) -> str:
    root = f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
    return "/".join([root, *(("namespaces", namespace) if namespace else ()), kind.plural, *rest])
