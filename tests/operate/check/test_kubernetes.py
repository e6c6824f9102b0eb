"""Kubernetes manifests: GPUs of pods times how many of them run."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from tests.operate.check.plans import check, gpu_hours, read
from tools.domain.errors import BadInput
from tools.operate.check.options import CheckOptions
from tools.operate.check.span import Span

H100 = {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"}


def pod(gpus: Any = 2, selector: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    limits = gpus if isinstance(gpus, dict) else {"nvidia.com/gpu": gpus}
    spec = {"containers": [{"name": "main", "resources": {"limits": limits}}], **more}
    return spec | {"nodeSelector": H100 if selector is None else selector}


def manifest(kind: str, spec: dict[str, Any], **metadata: Any) -> str:
    return yaml.safe_dump({"apiVersion": "v1", "kind": kind, "metadata": {"name": "x", **metadata}, "spec": spec})


def template(spec: dict[str, Any]) -> dict[str, Any]:
    return {"template": {"spec": spec}}


@pytest.mark.parametrize(
    ("kind", "spec", "hours"),
    [
        ("Deployment", {"replicas": 3, **template(pod())}, 6 * 730),
        ("StatefulSet", template(pod("1")), 730),
        ("Pod", pod(1), 730),
        ("Pod", pod(1, activeDeadlineSeconds=7200), 2),
        ("Job", {"activeDeadlineSeconds": 3600, **template(pod())}, 2),
        ("Job", {"activeDeadlineSeconds": 3600, "parallelism": 4, "completions": 12, **template(pod())}, 8),
        ("Job", {"activeDeadlineSeconds": 3600, "parallelism": 8, "completions": 3, **template(pod())}, 6),
        ("Job", {"activeDeadlineSeconds": 3600, "completions": 5, **template(pod())}, 2),
        ("Job", {"activeDeadlineSeconds": 3600, "parallelism": 4, **template(pod())}, 8),
        ("CronJob", {"schedule": "0 0 1 * *", "jobTemplate": {
            "spec": {"activeDeadlineSeconds": 1800, **template(pod(4))}}}, 2),
        ("PyTorchJob", {"runPolicy": {"activeDeadlineSeconds": 3600}, "pytorchReplicaSpecs": {
            "Master": template(pod(8)), "Worker": {"replicas": 3, **template(pod(8))}}}, 32),
    ],
)  # fmt: skip
def test_gpu_hours_are_pods_times_gpus_times_hours(kind: str, spec: dict[str, Any], hours: int) -> None:
    assert gpu_hours(check(manifest(kind, spec))) == hours


def test_no_replicas_cost_nothing_and_that_is_known() -> None:
    (one,) = check(manifest("Deployment", {"replicas": 0, **template(pod())})).priced
    assert (one.cost, one.lacks) == (Span.of(0), None)


def test_an_init_container_counts_only_where_it_needs_more() -> None:
    init = [{"name": "warm", "resources": {"limits": {"nvidia.com/gpu": 3}}}]
    (one,) = check(manifest("Pod", pod(2, initContainers=init))).priced
    assert one.gpus == Span.of(3)
    beside = [{"name": "side", "restartPolicy": "Always", "resources": {"limits": {"nvidia.com/gpu": 3}}}]
    (both,) = check(manifest("Pod", pod(2, initContainers=beside))).priced
    assert both.gpus == Span.of(5)


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"nvidia.com/gpu.shared": 1}, "how large a part is not said"),
        ({"amd.com/gpu": 4}, "amd.com/gpu is priced nowhere here"),
        ({"nvidia.com/gpu": "${GPUS}"}, "${GPUS} is no number"),
        ({"nvidia.com/mig-9g.99gb": 1}, "no resource of GPUs that is known"),
    ],
)
def test_what_can_not_be_sized_says_why_and_is_not_free(resource: dict[str, Any], said: str) -> None:
    (one,) = check(manifest("Pod", pod(resource))).priced
    assert one.cost is None
    assert said in (one.lacks or "")


def test_a_count_that_a_template_leaves_open_is_not_known() -> None:
    (one,) = check(manifest("Deployment", {"replicas": "${REPLICAS}", **template(pod())})).priced
    assert one.lacks == "replicas: ${REPLICAS} is no number"


def test_a_template_that_is_not_rendered_is_refused_with_the_way_out() -> None:
    text = manifest("Deployment", template(pod())).replace("name: x", "name: {{ .Release.Name }}")
    with pytest.raises(BadInput, match="helm template"):
        read(text)


def test_a_pod_that_names_no_card_is_unpriced_until_somebody_says_it() -> None:
    text = manifest("Pod", pod(1, {}))
    assert "give --card" in (check(text).priced[0].lacks or "")
    assert check(text, options=CheckOptions(card="L4")).priced[0].lacks is None


def test_a_card_that_is_not_known_is_not_taken_for_another() -> None:
    text = manifest("Pod", pod(1, {"nvidia.com/gpu.product": "NVIDIA-GB300"}))
    assert check(text, options=CheckOptions(card="L4")).priced[0].lacks == "NVIDIA-GB300 is no card that is known"


def test_a_pod_on_a_named_instance_costs_its_part_of_it() -> None:
    labels = {"node.kubernetes.io/instance-type": "p5.48xlarge", "topology.kubernetes.io/region": "us-east-1"}
    text = manifest("Pod", pod(2, labels, activeDeadlineSeconds=3600))
    (one,) = check(text).priced
    assert one.cost == Span.of(Decimal("55.04") / 8 * 2)


def test_alternatives_of_an_affinity_make_a_range() -> None:
    term = {"matchExpressions": [{"key": "node.kubernetes.io/instance-type", "operator": "In",
                                  "values": ["p5.48xlarge", "p5en.48xlarge"]}]}  # fmt: skip
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    (one,) = check(manifest("Pod", pod(8, {}, affinity={"nodeAffinity": required}))).priced
    assert one.resource.machines.cards == ("H100", "H200")
    assert one.cost is not None
    assert one.cost.low < one.cost.high


@pytest.mark.parametrize(
    ("replicas", "low", "high"),
    [({"replicas": 2}, 2, 5), ({}, 1, 5), ({"replicas": 0}, 0, 0), ({"replicas": "$N"}, 1, 5)],
)
def test_an_autoscaler_makes_replicas_a_range(replicas: dict[str, Any], low: int, high: int) -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}
    scaler = manifest("HorizontalPodAutoscaler", {"scaleTargetRef": target, "maxReplicas": 5})
    other = manifest("HorizontalPodAutoscaler", {"scaleTargetRef": target | {"name": "y"}, "maxReplicas": 50})
    deployment = manifest("Deployment", {**replicas, **template(pod(1))})
    (one,) = check(f"{scaler}---\n{other}---\n{deployment}").priced
    assert one.gpus == Span(Decimal(low), Decimal(high))


def test_a_kind_that_is_not_known_is_told_if_it_asks_for_gpus() -> None:
    spec = {"headGroupSpec": template(pod(8)), "other": [1, 2]}
    (one,) = check(manifest("RayCluster", spec)).priced
    assert one.lacks == "how many pods a RayCluster starts is not known here"
    assert check(manifest("Service", {"ports": [{"port": 80}]})).priced == ()


def test_the_line_and_the_team_are_those_of_the_manifest() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\n" + manifest(
        "Job", {"activeDeadlineSeconds": 60, **template(pod())}, namespace="ml", labels={"example.com/team": "lab"}
    )
    (one,) = read(text)
    assert (one.address, one.owner) == ("ml/Job/x", "lab")
    assert "nvidia.com/gpu: 2" in text.splitlines()[one.line - 1]


def test_merged_anchors_and_lists_are_read() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: &s\n"
        "    nodeSelector: {accelerator: nvidia-l4}\n    activeDeadlineSeconds: 3600\n"
        "    containers: [{name: m, resources: {limits: {nvidia.com/gpu: 1}}}]\n"
        "- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec:\n    <<: *s\n    activeDeadlineSeconds: 7200\n"
    )
    assert gpu_hours(check(text)) == 3
