"""Specs of what runs pods, as small as an API server takes them."""

from typing import Any


def workload(replicas: int, **containers: Any) -> dict[str, Any]:
    """A Deployment's or StatefulSet's spec; each container with its resources."""
    return {
        "replicas": replicas,
        "selector": {"matchLabels": {"app": "a"}},
        "serviceName": "a",
        "template": {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": _containers(containers)}},
    }


def deployment(replicas: int, **containers: Any) -> dict[str, Any]:
    return {key: value for key, value in workload(replicas, **containers).items() if key != "serviceName"}


def job(**fields: Any) -> dict[str, Any]:
    pod = {"containers": _containers({}), "restartPolicy": "Never"}
    return {"template": {"spec": pod}, **fields}


def cron_job(**fields: Any) -> dict[str, Any]:
    return {"schedule": "0 3 * * *", "jobTemplate": {"spec": job()}, **fields}


def _containers(resources: dict[str, Any]) -> list[Any]:
    return [
        {"name": name, "image": "registry.invalid/server:1", "resources": wanted}
        for name, wanted in (resources or {"server": {}}).items()
    ]
