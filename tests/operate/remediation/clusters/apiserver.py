"""A cluster that is a real kube-apiserver over etcd, on loopback, until the process ends.

A server older than 1.21 lacks `suspend` of Jobs and batch/v1 CronJobs. There the two kinds are definitions of ours in a
group of their own, to which requests for batch are led, so that everything but their schema is still the server's.
"""

import atexit
import socket
import ssl
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.operate.remediation.clusters import JSON, Cluster, exchange
from tests.operate.remediation.clusters.kinds import CUSTOM, definition
from tools.operate.remediation.actions.kubernetes.kinds import CRON_JOB, JOB

STAND_IN = "batch.outlay.test"
USERS = 400
"""Tokens known to the server when it starts; each test that needs a user of its own takes the next."""


class ApiServer(Cluster):
    """No controllers and no nodes: what is wanted is stored, and nothing comes of it."""

    admin_token = "admin-token"

    def __init__(self, apiserver: str, etcd: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="outlay-cluster-"))
        self._users = iter(range(USERS))
        self._start(etcd, "--data-dir", "etcd", *_etcd_urls(at := _free_port()), "--unsafe-no-fsync")
        port = _free_port()
        self.url = f"https://127.0.0.1:{port}"
        self._batch = STAND_IN if _minor(apiserver) < 21 else "batch"
        self._start(apiserver, *self._flags(f"http://127.0.0.1:{at}", port))
        self._ready()
        stand_ins = [replace(one, group=STAND_IN) for one in (JOB, CRON_JOB)] if self._batch == STAND_IN else []
        for kind in (*CUSTOM, *stand_ins):
            self.ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition(kind))
            self._until_served(kind.group, kind.version, kind.plural)

    def served_at(self, path: str) -> str:
        return path.replace("/apis/batch/", f"/apis/{self._batch}/")

    def ask(self, method: str, path: str, body: Any = None, content: str = JSON) -> Any:
        if isinstance(body, dict) and body.get("apiVersion") == "batch/v1":
            body = {**body, "apiVersion": f"{self._batch}/v1"}
        return super().ask(method, path, body, content)

    def allow(self, user: str, permissions: frozenset[str]) -> str | None:
        """A ClusterRole of exactly these permissions, bound to a user that has nothing else."""
        number = next(self._users)
        name, roles = f"user-{number}", "/apis/rbac.authorization.k8s.io/v1"
        rules = [_rule(one, self._batch) for one in sorted({one.removeprefix("dry-run:") for one in permissions})]
        self.ask("POST", f"{roles}/clusterroles", {"metadata": {"name": name}, "rules": rules})
        binding = {
            "metadata": {"name": name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}],
        }
        self.ask("POST", f"{roles}/clusterrolebindings", binding)
        for rule in rules:
            _eventually(lambda rule=rule: self._may(f"token-{number}", rule), f"{name} may {rule}")
        return f"token-{number}"

    def _may(self, token: str, rule: dict[str, Any]) -> bool:
        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        if "nonResourceURLs" in rule:
            asked: dict[str, Any] = {"nonResourceAttributes": {"verb": "get", "path": rule["nonResourceURLs"][0]}}
        else:
            resource, _, part = rule["resources"][0].partition("/")
            about = {"verb": rule["verbs"][0], "group": rule["apiGroups"][0], "resource": resource, "subresource": part}
            asked = {"resourceAttributes": about}
        status, answer = exchange(self, "POST", path, {"spec": asked}, {"Content-Type": "application/json"}, token)
        return status == 201 and b'"allowed":true' in answer.replace(b" ", b"")

    def _flags(self, etcd: str, port: int) -> tuple[str, ...]:
        key = self._folder / "sa.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        tokens = [f'{self.admin_token},admin,admin,"system:masters"']
        tokens += [f"token-{number},user-{number},user-{number}" for number in range(USERS)]
        (self._folder / "tokens.csv").write_text("\n".join(tokens) + "\n")
        return (
            *("--etcd-servers", etcd, "--bind-address", "127.0.0.1", "--secure-port", str(port)),
            *("--cert-dir", "certs", "--token-auth-file", "tokens.csv", "--authorization-mode", "RBAC"),
            *("--service-account-issuer", "https://outlay.invalid", "--service-account-key-file", str(key)),
            *("--service-account-signing-key-file", str(key), "--service-cluster-ip-range", "10.0.0.0/24"),
            *("--disable-admission-plugins", "ServiceAccount"),
        )

    def _start(self, program: str, *arguments: str) -> None:
        with (self._folder / f"{Path(program).name}.log").open("wb") as log:
            process = subprocess.Popen([program, *arguments], cwd=self._folder, stdout=log, stderr=log)
        atexit.register(_stopped, process)

    def _ready(self) -> None:
        certificate = self._folder / "certs" / "apiserver.crt"
        _eventually(certificate.exists, "the server has its certificate")
        self.tls = ssl.create_default_context(cafile=str(certificate))
        _eventually(lambda: self._answers("/readyz"), "the server is ready")

    def _answers(self, path: str) -> bool:
        try:
            return exchange(self, "GET", path, None, {}, self.admin_token)[0] == 200
        except OSError:
            return False

    def _until_served(self, group: str, version: str, plural: str) -> None:
        _eventually(lambda: self._answers(f"/apis/{group}/{version}/{plural}"), f"{plural}.{group} is served")
        _eventually(lambda: self._answers(f"/apis/{group}"), f"{group} is known")


def _rule(permission: str, batch: str) -> dict[str, Any]:
    """The RBAC rule of a permission as actions declare it."""
    verb, _, what = permission.partition(" ")
    if what.startswith("/"):
        return {"nonResourceURLs": [what], "verbs": [verb]}
    resource, _, part = what.partition("/")
    plural, _, group = resource.partition(".")
    groups = {"deployments": "apps", "statefulsets": "apps", "jobs": batch, "cronjobs": batch}
    groups |= {"horizontalpodautoscalers": "autoscaling"}
    named = f"{plural}/{part}" if part else plural
    return {"apiGroups": [group or groups.get(plural, "")], "resources": [named], "verbs": [verb]}


def _eventually(holds: Any, what: str) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {what}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _etcd_urls(port: int) -> tuple[str, ...]:
    here, peers = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{_free_port()}"
    return ("--listen-client-urls", here, "--advertise-client-urls", here, "--listen-peer-urls", peers)


def _minor(apiserver: str) -> int:
    told = subprocess.run([apiserver, "--version"], check=True, capture_output=True, text=True).stdout
    return int(told.split()[1].split(".")[1])


def _stopped(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(20)
