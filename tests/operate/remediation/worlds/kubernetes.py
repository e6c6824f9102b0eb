"""A Kubernetes cluster behind a wire that records; the cluster is what `clusters` finds, one a test process."""

import json
import tempfile
from collections.abc import Mapping
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from tests.operate.remediation.clusters import MERGE_PATCH, Cluster, running_cluster
from tests.operate.remediation.clusters.kinds import CUSTOM, SERVED, path_of
from tests.operate.remediation.wire import Fault, Reply, Request, Wire
from tests.operate.remediation.worlds import Snapshot, Unfit, World
from tools.domain.remediation import TargetRef
from tools.operate.remediation.actions.kubernetes.access import KubernetesAccess
from tools.operate.remediation.actions.kubernetes.connect import connect_kubernetes
from tools.operate.remediation.actions.kubernetes.kinds import NAMESPACE, Kind

CLUSTER, SPACE = "gpu-eu", "ml-staging"
HERE = {"cluster": CLUSTER, "namespace": SPACE}
SPACES = {SPACE: {"environment": "staging", "team": "ml"}, "bare": {}}
_VERBS = {"PATCH": "patch", "POST": "create", "DELETE": "delete", "PUT": "update"}


class KubernetesWorld(World):
    """`not_restored` is what Kubernetes counts and notes by itself at each change of an object."""

    not_restored: ClassVar[Mapping[str, str]] = {
        "/metadata/(resourceVersion|generation|managedFields/)": "the API server counts and notes every change itself",
    }

    def __enter__(self) -> Self:
        self.cluster = running_cluster()
        self.wire = ClusterWire(self.cluster)
        self.wire.__enter__()
        self._folder = tempfile.TemporaryDirectory()
        for name, labels in SPACES.items():
            if not any(one["metadata"]["name"] == name for one in self._all(NAMESPACE)):
                self.make(NAMESPACE, name, {}, labels=labels, space="")
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.__exit__()
        self._folder.cleanup()

    def make(self, kind: Kind, name: str, spec: Any, *, space: str = SPACE, **metadata: Any) -> TargetRef:
        """Make an object past the wire."""
        place = space if kind.namespaced else ""
        named = {"name": name, **({"namespace": place} if place else {}), **metadata}
        api = f"{kind.group}/{kind.version}" if kind.group else kind.version
        body = {"apiVersion": api, "kind": kind.name, "metadata": named, "spec": spec}
        self.cluster.ask("POST", path_of(kind, place), body)
        return TargetRef(
            id=f"{kind.plural}/{name}", place={"cluster": CLUSTER, **({"namespace": place} if place else {})}
        )

    def merge(self, kind: Kind, name: str, patch: Any, part: str = "") -> None:
        """Change an object past the wire, as somebody else would."""
        at = path_of(kind, SPACE if kind.namespaced else "", name, *filter(None, [part]))
        assert self.cluster.ask("PATCH", at, patch, MERGE_PATCH) is not None

    def emptied(self) -> None:
        for kind in (one for one in SERVED if one is not NAMESPACE):
            for found in self._all(kind):
                metadata = found["metadata"]
                gone = path_of(kind, metadata.get("namespace", ""), metadata["name"])
                self.cluster.ask("DELETE", f"{gone}?propagationPolicy=Background")
        self.wire.clear()

    def connect(self, permissions: frozenset[str]) -> KubernetesAccess:
        return self.connected(permissions, self.cluster.admin_token)

    def connected(self, permissions: frozenset[str], token: str) -> KubernetesAccess:
        """As the user of a token, by a kubeconfig."""
        file = Path(self._folder.name) / "kubeconfig"
        file.write_text(json.dumps(kubeconfig(self.wire.url, token)))
        return connect_kubernetes(CLUSTER, file)(permissions)

    def sent(self) -> list[str]:
        return list(self.wire.calls)

    def meddle(self, call: str, fault: Fault) -> None:
        self.wire.meddle(call, fault)

    def heal(self) -> None:
        self.wire.heal()

    def snapshot(self) -> Snapshot:
        return {_key(kind, one["metadata"]): one for kind in SERVED for one in self._all(kind)}

    def _all(self, kind: Kind) -> list[Any]:
        return list(self.cluster.ask("GET", path_of(kind))["items"])


class ClusterWire(Wire):
    """A wire that goes on over TLS where the cluster wants it, and to where it serves what is asked for."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster.url, rbac_name, _denial)
        self._cluster = cluster

    def _forward(self, request: Request) -> Reply:
        there = Request(request.method, self._cluster.served_at(request.path), request.headers, request.body)
        if self._cluster.tls is None:
            return super()._forward(there)
        upstream = HTTPSConnection(self.upstream, timeout=30, context=self._cluster.tls)
        try:
            sent = {key: value for key, value in there.headers.items() if key not in ("content-length", "connection")}
            upstream.request(there.method, there.path, body=there.body or None, headers=sent)
            answer = upstream.getresponse()
            return Reply(answer.status, answer.read(), {key.lower(): value for key, value in answer.getheaders()})
        finally:
            upstream.close()


def rbac_name(request: Request) -> str:
    """The right that the API server asks for this request, from its method and path."""
    url = urlsplit(request.path)
    parts = url.path.strip("/").split("/")
    verb = _VERBS.get(request.method, "get")
    if len(parts) < 3:
        return f"{verb} {url.path}"
    group, rest = ("", parts[2:]) if parts[0] == "api" else (parts[1], parts[3:])
    if rest[0] == "namespaces" and len(rest) > 2:
        rest = rest[2:]
    plural, name, part = [*rest, "", ""][:3]
    resource = f"{plural}.{group}" if group in {one.group for one in CUSTOM} else plural
    verb = "list" if verb == "get" and not name else verb
    rehearsed = "dry-run:" if parse_qs(url.query).get("dryRun") == ["All"] else ""
    return f"{rehearsed}{verb} {resource}" + (f"/{part}" if part else "")


def kubeconfig(url: str, token: str) -> Any:
    """One context, named as the cluster."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CLUSTER,
        "clusters": [{"name": CLUSTER, "cluster": {"server": url}}],
        "users": [{"name": "outlay", "user": {"token": token}}],
        "contexts": [{"name": CLUSTER, "context": {"cluster": CLUSTER, "user": "outlay"}}],
    }


def unreachable(target: TargetRef) -> tuple[Unfit, ...]:
    """What no action reaches: another cluster, something that does not exist, and what is no name at all."""
    kind = target.id.partition("/")[0]
    return (
        Unfit(TargetRef(id=target.id, place={**target.place, "cluster": "gpu-us"}), "connected to gpu-eu"),
        Unfit(TargetRef(id=f"{kind}/absent", place=target.place), f"there is no {kind}/absent"),
        Unfit(TargetRef(id=f"{kind}/../../{kind}/x", place=target.place), f"{kind}/NAME"),
        Unfit(TargetRef(id="pods/x", place=target.place), f"{kind}/NAME"),
    )


def _key(kind: Kind, metadata: Any) -> str:
    return f"{kind.plural}/{metadata['name']}" + (f" in {metadata['namespace']}" if "namespace" in metadata else "")


def _denial(request: Request) -> Reply:
    told = {"kind": "Status", "status": "Failure", "reason": "Forbidden", "message": "forbidden to outlay", "code": 403}
    return Reply(403, json.dumps(told).encode(), {"content-type": "application/json"})
