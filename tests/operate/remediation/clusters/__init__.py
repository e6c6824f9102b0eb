"""Clusters that Kubernetes actions are tested against.

`kmock`, an emulator that is not ours, where there is nothing better. A real API server where OUTLAY_TEST_KUBERNETES
names a folder with the programs `kube-apiserver` and `etcd`, or several as PATH does; it needs no controllers and no
nodes, since actions only change what is wanted.
"""

import json
import os
import shutil
from abc import ABC, abstractmethod
from functools import cache
from http.client import HTTPConnection, HTTPSConnection
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

PROGRAMS = "OUTLAY_TEST_KUBERNETES"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


class Cluster(ABC):
    """A running cluster with the kinds that actions know; `admin_token` may do anything."""

    url: str
    admin_token: str
    tls: SSLContext | None = None

    @abstractmethod
    def allow(self, user: str, permissions: frozenset[str]) -> str | None:
        """A token of a user who may do exactly that; None where the cluster has no rights."""

    def served_at(self, path: str) -> str:
        """Where the cluster serves what the API documents at `path`."""
        return path

    def ask(self, method: str, path: str, body: Any = None, content: str = JSON) -> Any:
        """As the administrator; None where there is no such thing. Raises AssertionError for any other fault."""
        status, answer = exchange(self, method, path, body, {"Content-Type": content}, self.admin_token)
        assert status < 300 or status == 404, f"{method} {path}: {status} {answer[:500]!r}"
        return None if status == 404 else json.loads(answer or b"null")


def exchange(
    cluster: Cluster, method: str, path: str, body: Any, headers: dict[str, str], token: str
) -> tuple[int, bytes]:
    """One request, as it is: status and body of the answer."""
    at = urlsplit(cluster.url).netloc
    line = HTTPConnection(at, timeout=30) if cluster.tls is None else HTTPSConnection(at, context=cluster.tls)
    try:
        sent = None if body is None else json.dumps(body)
        line.request(method, cluster.served_at(path), sent, {**headers, "Authorization": f"Bearer {token}"})
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def programs() -> tuple[str, str] | None:
    """Where kube-apiserver and etcd are; None where OUTLAY_TEST_KUBERNETES doesn't say."""
    folders = os.environ.get(PROGRAMS)
    found = tuple(shutil.which(one, path=folders) for one in ("kube-apiserver", "etcd")) if folders else ()
    return (found[0], found[1]) if len(found) == 2 and found[0] and found[1] else None


@cache
def running_cluster() -> Cluster:
    """One for the whole test process."""
    there = programs()
    if there is None:
        from tests.operate.remediation.clusters.emulated import EmulatedCluster

        return EmulatedCluster()
    from tests.operate.remediation.clusters.apiserver import ApiServer

    return ApiServer(*there)
