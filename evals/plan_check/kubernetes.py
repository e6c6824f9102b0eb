"""Kubernetes manifests with their truth, from the documentation of workloads and of the training operator."""

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import yaml

from evals.plan_check.truth import OPEN, Part, Plan, Truth, exactly

CARDS = {
    "nvidia.com/gpu.product": (("NVIDIA-H100-80GB-HBM3", "H100", 80), ("NVIDIA-A100-SXM4-80GB", "A100", 80),
                               ("NVIDIA-L40S", "L40S", None), ("Tesla-T4", "T4", None), ("NVIDIA-A10G", "A10G", None)),
    "karpenter.k8s.aws/instance-gpu-name": (("h100", "H100", None), ("l4", "L4", None)),
    "accelerator": (("nvidia-tesla-v100", "V100", None),),
}  # fmt: skip
AWS_KEYS = ("karpenter.k8s.aws/instance-gpu-name",)


def kubernetes_plan(rng: random.Random, number: int) -> Plan:
    trap = rng.choice(
        (None,) * 8 + ("replicas 0", "no card", "mig", "shared", "template", "variable", "amd", "no deadline", "init")
    )
    kind = rng.choice(("Deployment", "StatefulSet", "Job", "CronJob", "Pod", "PyTorchJob"))
    if trap == "replicas 0":
        kind = rng.choice(("Deployment", "StatefulSet"))
    if trap == "variable" and kind in ("Pod", "CronJob", "Job"):
        kind = "Deployment"
    traps = [trap] if trap else []
    pod, gpus, part = _pod(rng, trap, traps)
    if trap == "no deadline":
        kind = rng.choice(("Job", "CronJob", "PyTorchJob"))
    body, times, hours, runs = _workload(rng, kind, pod, trap, traps)
    body["metadata"] = {"name": f"{kind.lower()}-{number}", "labels": {"team": "search"}}
    documents: list[Any] = [body]
    if rng.random() < 0.4:
        documents.insert(0, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"gpu": "8"}})
        traps.append("several documents")
    text = yaml.safe_dump_all(documents, sort_keys=False)
    if trap == "template":
        text = text.replace(f"name: {kind.lower()}-{number}", "name: {{ .Release.Name }}", 1)
        return Plan(f"k8s-{number}.yaml", text, Truth(refused=True), tuple(traps))
    unpriceable = trap in ("no card", "shared", "variable", "amd", "no deadline")
    if unpriceable:
        truth = Truth(unpriceable=sum(each > 0 for each in times) if trap != "variable" else 1)
        if kind == "PyTorchJob" and trap == "variable":
            truth = Truth((_scaled(part, gpus, Fraction(1), hours, runs),), unpriceable=1)
        return Plan(f"k8s-{number}.yaml", text, truth, tuple(traps))
    parts = tuple(_scaled(part, gpus, each, hours, runs) for each in times)
    return Plan(f"k8s-{number}.yaml", text, Truth(parts), tuple(traps))


def _scaled(part: Part, gpus: tuple[Fraction, Fraction], times: Fraction, hours: Fraction, runs: Fraction) -> Part:
    return replace(part, units=(gpus[0] * times, gpus[1] * times), hours=exactly(hours), runs=runs)


def _pod(
    rng: random.Random, trap: str | None, traps: list[str]
) -> tuple[dict[str, Any], tuple[Fraction, Fraction], Part]:
    count = rng.choice((1, 2, 4, 8))
    selector, part = _nodes(rng, trap, traps)
    main: dict[str, Any] = {"name": "main", "image": "x", "resources": {"limits": {"nvidia.com/gpu": count}}}
    gpus = exactly(count)
    spec: dict[str, Any] = {"containers": [main]}
    if rng.random() < 0.25:
        main["resources"] = {
            "requests": {"nvidia.com/gpu": str(count), "cpu": "8"},
            "limits": {"nvidia.com/gpu": str(count)},
        }
    if rng.random() < 0.2 and trap is None:
        spec["containers"].append({"name": "side", "image": "x", "resources": {"limits": {"nvidia.com/gpu": 1}}})
        gpus = exactly(count + 1)
        traps.append("two containers")
    if trap == "init":
        spec["initContainers"] = [
            {"name": "warm", "image": "x", "resources": {"limits": {"nvidia.com/gpu": count + 2}}}
        ]
        gpus = exactly(max(count + 2, int(gpus[0])))
    if trap == "mig":
        profile, compute, memory = rng.choice((("1g.10gb", 1, 1), ("2g.20gb", 2, 2), ("3g.40gb", 3, 4)))
        main["resources"] = {"limits": {f"nvidia.com/mig-{profile}": count}}
        shares = sorted((Fraction(compute, 7), Fraction(memory, 8)))
        gpus = (shares[0] * count, shares[1] * count)
        selector, part = {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"}, Part(gpus, exactly(1), card="H100")
    if trap == "shared":
        main["resources"] = {"limits": {"nvidia.com/gpu.shared": 1}}
    if trap == "amd":
        main["resources"] = {"limits": {"amd.com/gpu": 4}}
    if selector:
        spec["nodeSelector"] = selector
    if trap is None and rng.random() < 0.15 and selector:
        key, value = next(iter(selector.items()))
        del spec["nodeSelector"]
        term = {"matchExpressions": [{"key": key, "operator": "In", "values": [value]}]}
        spec["affinity"] = {
            "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
        }
        traps.append("affinity")
    return spec, gpus, part


def _nodes(rng: random.Random, trap: str | None, traps: list[str]) -> tuple[dict[str, str], Part]:
    nothing = exactly(0)
    if trap == "no card":
        return {}, Part(nothing, nothing)
    if rng.random() < 0.3:
        instance = rng.choice(("p5.48xlarge", "p4d.24xlarge", "g5.12xlarge", "g6e.12xlarge"))
        traps.append("instance label")
        return {"node.kubernetes.io/instance-type": instance}, Part(
            nothing, nothing, instances=(instance,), shared=True
        )
    label = rng.choice(list(CARDS))
    value, card, memory = rng.choice(CARDS[label])
    provider = "AWS" if label in AWS_KEYS else None
    return {label: value}, Part(nothing, nothing, card=card, memory=memory, provider=provider)


def _workload(
    rng: random.Random, kind: str, pod: dict[str, Any], trap: str | None, traps: list[str]
) -> tuple[dict[str, Any], list[Fraction], Fraction, Fraction]:
    """The object, times the pod at once for each of its roles, hours of a run, runs."""
    template, one = {"metadata": {"labels": {"app": "x"}}, "spec": pod}, [Fraction(1)]
    if kind in ("Deployment", "StatefulSet"):
        replicas: Any = rng.choice((1, 2, 3, 5, None))
        replicas = 0 if trap == "replicas 0" else "${REPLICAS}" if trap == "variable" else replicas
        spec: dict[str, Any] = {"template": template} | ({} if replicas is None else {"replicas": replicas})
        count = 1 if replicas is None else replicas if isinstance(replicas, int) else 0
        return {"apiVersion": "apps/v1", "kind": kind, "spec": spec}, [Fraction(count)], OPEN, Fraction(1)
    if kind == "Pod":
        hours = OPEN
        if rng.random() < 0.4:
            pod["activeDeadlineSeconds"] = 5400
            hours = Fraction(3, 2)
        return {"apiVersion": "v1", "kind": "Pod", "spec": pod}, one, hours, Fraction(1)
    deadline = rng.choice((1800, 3600, 86400))
    if kind == "PyTorchJob":
        workers: Any = "${WORKERS}" if trap == "variable" else rng.choice((1, 3, 7))
        roles = {"Master": {"replicas": 1, "template": template}, "Worker": {"replicas": workers, "template": template}}
        spec = {"pytorchReplicaSpecs": roles}
        if trap != "no deadline":
            spec["runPolicy"] = {"activeDeadlineSeconds": deadline}
        times = [Fraction(1), Fraction(workers if isinstance(workers, int) else 0)]
        return (
            {"apiVersion": "kubeflow.org/v1", "kind": kind, "spec": spec},
            times,
            Fraction(deadline, 3600),
            Fraction(1),
        )
    job, at_once = _job(rng, template, trap, traps, deadline)
    if kind == "Job":
        return {"apiVersion": "batch/v1", "kind": kind, "spec": job}, [at_once], Fraction(deadline, 3600), Fraction(1)
    schedule, a_year = rng.choice(
        (("0 2 * * *", Fraction(365)), ("@hourly", Fraction(8760)), ("*/30 * * * *", Fraction(17520)),
         ("0 2 * * 1", Fraction(365, 7)), ("0 8-18/2 * * 1-5", Fraction(365 * 6 * 5, 7)), ("0 0 1 * *", Fraction(12)),
         ("15 3 1,15 * *", Fraction(24)), ("0 0 31 * *", Fraction(7)))
    )  # fmt: skip
    spec = {"schedule": schedule, "jobTemplate": {"spec": job}}
    return {"apiVersion": "batch/v1", "kind": kind, "spec": spec}, [at_once], Fraction(deadline, 3600), a_year / 12


def _job(
    rng: random.Random, template: dict[str, Any], trap: str | None, traps: list[str], deadline: int
) -> tuple[dict[str, Any], Fraction]:
    """Pods at once: parallelism, but no more than completions where they are named."""
    job: dict[str, Any] = {"template": template}
    if trap != "no deadline":
        job["activeDeadlineSeconds"] = deadline
    parallelism, completions = rng.choice(((None, None), (4, None), (4, 12), (8, 3), (None, 5), (0, 4)))
    if parallelism is not None:
        job["parallelism"] = parallelism
    if completions is not None:
        job["completions"] = completions
        traps.append("parallelism vs completions")
    at_once = 1 if parallelism is None else parallelism
    if trap == "no deadline" and at_once == 0:
        job["parallelism"] = at_once = 2
    return job, Fraction(min(at_once, completions) if completions is not None else at_once)
