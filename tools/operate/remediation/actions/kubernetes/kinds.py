"""Kinds of Kubernetes objects that actions reach, and how a target names one of them."""

import re
from dataclasses import dataclass

from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.place import refuse_other_fields

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
"""An object's name: a DNS subdomain (RFC 1123), so that it can't lead out of its path."""


@dataclass(frozen=True)
class Kind:
    """`group` is empty for the core API; `version` is empty where the cluster is asked for the one that it prefers."""

    name: str
    plural: str
    group: str
    version: str
    namespaced: bool = True
    custom: bool = False
    """Defined by something that is installed in the cluster: its permissions are named with its group."""

    @property
    def permission(self) -> str:
        """As RBAC and `kubectl auth can-i` name it: `deployments`, `nodepools.karpenter.sh`."""
        return f"{self.plural}.{self.group}" if self.custom else self.plural


NAMESPACE = Kind("Namespace", "namespaces", "", "v1", namespaced=False)
DEPLOYMENT = Kind("Deployment", "deployments", "apps", "v1")
STATEFUL_SET = Kind("StatefulSet", "statefulsets", "apps", "v1")
JOB = Kind("Job", "jobs", "batch", "v1")
CRON_JOB = Kind("CronJob", "cronjobs", "batch", "v1")
RESOURCE_QUOTA = Kind("ResourceQuota", "resourcequotas", "", "v1")
AUTOSCALER = Kind("HorizontalPodAutoscaler", "horizontalpodautoscalers", "autoscaling", "v1")
SCALED_OBJECT = Kind("ScaledObject", "scaledobjects", "keda.sh", "v1alpha1", custom=True)
MACHINE_DEPLOYMENT = Kind("MachineDeployment", "machinedeployments", "cluster.x-k8s.io", "", custom=True)
NODE_POOL = Kind("NodePool", "nodepools", "karpenter.sh", "v1", namespaced=False, custom=True)


@dataclass(frozen=True)
class Located:
    """One object of a cluster."""

    kind: Kind
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        return f"{self.kind.plural}/{self.name}" + (f" in {self.namespace}" if self.namespace else "")


def located(target: TargetRef, cluster: str, *kinds: Kind) -> Located:
    """The object that `deployments/serve-llm` in a cluster and namespace names.

    Raises:
        NotApplicable: it is in another cluster, of a kind not among `kinds`, or not a name that Kubernetes allows.
    """
    if target.place.get("cluster") != cluster:
        where = target.place.get("cluster") or "an unknown cluster"
        raise NotApplicable(f"{target.id} is in {where}, and Outlay is connected to {cluster}")
    plural, _, name = target.id.partition("/")
    kind = next((one for one in kinds if one.plural == plural), None)
    if kind is None or _NAME.fullmatch(name) is None:
        raise NotApplicable(f"{target.id} is none of {', '.join(f'{one.plural}/NAME' for one in kinds)}")
    refuse_other_fields(target, "cluster", *(("namespace",) if kind.namespaced else ()))
    namespace = target.place.get("namespace", "") if kind.namespaced else ""
    if kind.namespaced and _NAME.fullmatch(namespace) is None:
        raise NotApplicable(f"{target.id}: its namespace is not known, so it can't be reached")
    return Located(kind, name, namespace)


def kind_named(name: object, *kinds: Kind) -> Kind:
    """The kind that a state's `kind` names."""
    return next(one for one in kinds if one.name == name)
