"""Connecting to a cluster: by a kubeconfig's context, or as a pod inside it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tools.domain.errors import BadSetting
from tools.operate.remediation.actions.kubernetes.access import KubernetesAccess


def connect_kubernetes(
    context: str | None = None, kubeconfig: Path | None = None, cluster: str | None = None
) -> Callable[[frozenset[str]], KubernetesAccess]:
    """Connects when it is first asked; the same connection then serves each use within its own permissions.

    Without `kubeconfig` the usual places are looked at ($KUBECONFIG, ~/.kube/config, a pod's service account); without
    `context` it is the current one. `cluster` is what targets call it: by default the context's name, `in-cluster` in a
    pod. Nothing is written back to the kubeconfig.

    Raises:
        BadSetting: by the callable, when no cluster can be connected to by that.
    """

    @cache
    def client() -> tuple[Any, str]:
        return _client(context, kubeconfig)

    def connect(permissions: frozenset[str]) -> KubernetesAccess:
        made, name = client()
        return KubernetesAccess(made, permissions, cluster or name)

    return connect


def _client(context: str | None, kubeconfig: Path | None) -> tuple[Any, str]:
    """The official client and the context's name. It never repeats a call: whether that is safe is not its to know."""
    from kubernetes.client import ApiClient, Configuration
    from kubernetes.config.config_exception import ConfigException

    configuration = Configuration()
    try:
        name = _configured(configuration, context, kubeconfig)
    except (ConfigException, OSError) as fault:
        raise BadSetting(
            f"no Kubernetes cluster by context={context or 'the current one'} of kubeconfig="
            f"{kubeconfig or 'the usual one'}: {fault}; `kubectl config get-contexts` lists those that there are"
        ) from fault
    configuration.retries = False
    configuration.client_go_retries = False
    return ApiClient(configuration), name


def _configured(configuration: Any, context: str | None, kubeconfig: Path | None) -> str:
    from kubernetes import config
    from kubernetes.config.config_exception import ConfigException

    library: Any = config  # its functions have no types
    file = None if kubeconfig is None else str(kubeconfig)
    try:
        _, current = library.list_kube_config_contexts(config_file=file)
    except ConfigException:
        if context is not None or file is not None:
            raise
        library.load_incluster_config(client_configuration=configuration)
        return "in-cluster"
    library.load_kube_config(file, context, client_configuration=configuration, persist_config=False)
    return context or str(current["name"])
