"""One call is one request: never repeated, never led elsewhere, never sent past what was declared."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.operate.remediation.kubernetes.conftest import Bare
from tests.operate.remediation.wire import Reply, Request, Wire
from tests.operate.remediation.worlds.kubernetes import CLUSTER, HERE, kubeconfig
from tests.operate.remediation.worlds.kubernetes_pods import deployment
from tools.domain.errors import BadSetting
from tools.domain.remediation import TargetRef
from tools.operate.remediation.access import OutsidePermissions
from tools.operate.remediation.action import CallRefused, NotApplicable, Step, Surprise
from tools.operate.remediation.actions.kubernetes.connect import connect_kubernetes
from tools.operate.remediation.actions.kubernetes.k8s_scale import K8sScale
from tools.operate.remediation.actions.kubernetes.kinds import DEPLOYMENT, Located

CHAT = Located(DEPLOYMENT, "chat", "ml")
ANYTHING = frozenset({"get deployments", "patch deployments", "dry-run:patch deployments", "list deployments"})


class Answering(Wire):
    """A server that gives every request the same answer, and counts them."""

    def __init__(self, reply: Reply) -> None:
        super().__init__("http://127.0.0.1:1", lambda request: f"{request.method} {request.path}", lambda _: reply)
        self._reply = reply

    def _forward(self, request: Request) -> Reply:
        return self._reply


@pytest.mark.parametrize("status", [429, 500, 503, 307, 308])
def test_a_call_is_sent_once_whatever_the_answer_suggests(tmp_path: Path, status: int) -> None:
    again = {"retry-after": "0", "location": "/apis/apps/v1/namespaces/ml/deployments/other"}
    with Answering(Reply(status, b'{"message": "later"}', again)) as server:
        access = _access(tmp_path, server.url)
        with pytest.raises(OSError, match=f"{status}: later"):
            access.get(CHAT)
        with pytest.raises(CallRefused if status == 429 else Surprise, match=f"{status}: later"):
            access.patch(CHAT, [])
        path = "/apis/apps/v1/namespaces/ml/deployments/chat"
        assert server.calls == [f"GET {path}", f"PATCH {path}"]


@pytest.mark.parametrize("body", [b"", b"<html>sign in</html>", b"[]"])
def test_an_answer_that_is_no_object_is_not_taken_for_an_absent_one(tmp_path: Path, body: bytes) -> None:
    with Answering(Reply(200, body)) as server, pytest.raises(OSError, match="the cluster answered no"):
        _access(tmp_path, server.url).get(CHAT)


def test_a_cluster_that_is_not_there_is_told_apart_by_what_was_asked(tmp_path: Path) -> None:
    access = _access(tmp_path, "http://127.0.0.1:9")
    with pytest.raises(OSError, match="gpu-eu could not be reached"):
        access.list(DEPLOYMENT, "ml")
    with pytest.raises(Surprise, match="gpu-eu did not answer") as told:
        access.patch(CHAT, [])
    assert not isinstance(told.value, CallRefused)


def test_a_dry_run_is_never_a_surprise_as_nothing_can_have_happened(tmp_path: Path) -> None:
    with Answering(Reply(500, b'{"message": "broken"}')) as server, pytest.raises(CallRefused, match="500: broken"):
        _access(tmp_path, server.url).patch(CHAT, [], rehearsed=True)


def test_a_call_that_was_not_declared_is_not_sent(tmp_path: Path) -> None:
    with Answering(Reply(200, b"{}")) as server:
        access = connect_kubernetes(kubeconfig=_written(tmp_path, server.url))(frozenset({"get deployments"}))
        with pytest.raises(OutsidePermissions, match="patch deployments/scale"):
            access.patch(CHAT, [], part="scale")
        with pytest.raises(OutsidePermissions, match="dry-run:patch deployments"):
            access.patch(CHAT, [], rehearsed=True)
        assert server.calls == []


def test_a_dry_run_that_would_end_elsewhere_than_foreseen_is_refused(world: Bare) -> None:
    """As a webhook would, that sets what it likes better."""
    target = world.make(DEPLOYMENT, "chat", deployment(3))
    forward = world.wire._forward

    def other(request: Request) -> Reply:
        reply = forward(request)
        return Reply(reply.status, re.sub(rb'"replicas": ?2', b'"replicas":1', reply.body))

    world.wire._forward = other  # type: ignore[method-assign]
    with pytest.raises(CallRefused, match="would make it 1 replicas, not 2"):
        world.action(K8sScale).rehearse(target, *({"kind": "Deployment", "replicas": one} for one in (3, 2)))


def test_labels_of_the_namespace_tell_what_the_object_does_not(world: Bare) -> None:
    notes = {"owner": "ada", "kubectl.kubernetes.io/last-applied-configuration": "{}", "manual": "x" * 500}
    world.make(DEPLOYMENT, "chat", deployment(1), labels={"team": "search"}, annotations=notes)
    seen = world.action(K8sScale).read(TargetRef(id="deployments/chat", place=HERE), "")

    assert (seen.name, seen.environment, seen.owner) == ("chat", "staging", "ada")
    assert seen.tags["team"] == "search"
    assert not [key for key in seen.tags if key.startswith(("kubectl", "manual"))]


def test_an_object_in_a_namespace_without_labels_has_no_known_environment(world: Bare) -> None:
    target = world.make(DEPLOYMENT, "chat", deployment(1), space="bare")
    seen = world.action(K8sScale).read(target, "")
    assert (seen.environment, seen.owner) == (None, None)


@pytest.mark.parametrize("place", [{}, {"cluster": "gpu-us", "namespace": "ml-staging"}, {"namespace": "ml-staging"}])
def test_a_target_of_another_cluster_is_neither_read_nor_changed(world: Bare, place: Any) -> None:
    world.make(DEPLOYMENT, "chat", deployment(1))
    action, target = world.action(K8sScale), TargetRef(id="deployments/chat", place=place)
    states = [{"kind": "Deployment", "replicas": number} for number in (1, 0)]
    with pytest.raises(NotApplicable, match="connected to gpu-eu"):
        action.read(target, "")
    with pytest.raises(CallRefused, match="connected to gpu-eu"):
        action.perform(target, Step(call="patch deployments/scale", expects=states[0], leaves=states[1]), "")
    assert world.sent() == []


def test_a_kubeconfig_that_is_not_there_says_what_would_help(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="kubectl config get-contexts"):
        connect_kubernetes(kubeconfig=tmp_path / "absent")(frozenset())


def test_a_context_that_is_not_in_the_kubeconfig_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="context=gpu-us"):
        connect_kubernetes("gpu-us", _written(tmp_path, "http://127.0.0.1:9"))(frozenset())


def test_a_cluster_is_called_by_its_context_or_as_the_home_calls_it(tmp_path: Path) -> None:
    file = _written(tmp_path, "http://127.0.0.1:9")
    before = file.read_bytes()
    assert connect_kubernetes(kubeconfig=file)(frozenset()).cluster == CLUSTER
    assert connect_kubernetes(CLUSTER, file, "prod")(frozenset()).cluster == "prod"
    assert file.read_bytes() == before


def _access(folder: Path, url: str) -> Any:
    return connect_kubernetes(kubeconfig=_written(folder, url))(ANYTHING)


def _written(folder: Path, url: str) -> Path:
    file = folder / "kubeconfig"
    file.write_text(json.dumps(kubeconfig(url, "token")))
    return file
