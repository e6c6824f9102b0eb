"""A cluster on kmock, which routes, stores, lists and answers in Kubernetes' words.

kmock 0.8 merges every patch and knows neither JSON Patch, subresources, dry runs, resource versions, preconditions of a
deletion nor Namespaces as objects, so these are added here, strictly by what the API documents:
https://kubernetes.io/docs/reference/using-api/api-concepts/. It has no rights, no admission and no defaults.
"""

import asyncio
import copy
import itertools
from threading import Event, Thread
from typing import Any, ClassVar

import jsonpatch
from kmock import KubernetesEmulator, Server
from kmock._internal.k8s import (
    KubernetesError,
    KubernetesObjectConflictError,
    KubernetesObjectNotFoundError,
    KubernetesResourceNotFoundError,
)

from tests.operate.remediation.clusters import JSON, MERGE_PATCH, Cluster
from tests.operate.remediation.clusters.kinds import SERVED, path_of
from tools.operate.remediation.actions.kubernetes.kinds import NAMESPACE

JSON_PATCH = "application/json-patch+json"


class EmulatedCluster(Cluster):
    """Runs in a thread of its own until the process ends."""

    admin_token = "admin"

    def __init__(self) -> None:
        self._up = Event()
        Thread(target=asyncio.run, args=(self._serve(),), daemon=True).start()
        assert self._up.wait(30)

    async def _serve(self) -> None:
        emulator = self._emulator = Emulator()
        for kind in SERVED:
            emulator.resources[f"{kind.group}/{kind.version}/{kind.plural}".lstrip("/")] = {
                "namespaced": kind.namespaced,
                "kind": kind.name,
                "singular": kind.name.lower(),
                "verbs": (),
                "shortnames": (),
                "categories": (),
                "subresources": ("status", "scale"),
            }
        async with emulator, Server(emulator) as server:
            self.url = str(server.url).rstrip("/")
            self._up.set()
            await asyncio.Event().wait()

    def ask(self, method: str, path: str, body: Any = None, content: str = JSON) -> Any:
        if path != path_of(NAMESPACE):
            return super().ask(method, path, body, content)
        spaces = self._emulator.spaces
        if method == "POST":
            spaces[body["metadata"]["name"]] = body
        return {"items": list(spaces.values())}

    def allow(self, user: str, permissions: frozenset[str]) -> str | None:
        return None


class Emulator(KubernetesEmulator):
    """What kmock lacks for changes; reading is kmock's."""

    _version = itertools.count(1)
    spaces: ClassVar[dict[str, Any]] = {}
    """Namespaces by name: kmock's paths can't lead to them."""

    async def _handle(self, request: Any) -> Any:
        del self._requests[:-1]  # kmock looks through all of them again for each
        if request.resource is not None and request.resource.plural is None and request.namespace is not None:
            return await self._answered(request, self._space(request.namespace))
        changes = {"POST": self._created, "PATCH": self._patched, "DELETE": self._deleted}
        change = changes.get(request.method.value)
        if request.resource is None or change is None:
            return await super()._handle(request)
        if request.resource not in self.resources:
            raise KubernetesResourceNotFoundError()
        answer = change(request)
        return await self._answered(request, answer)

    async def _answered(self, request: Any, answer: dict[str, Any]) -> Any:
        import aiohttp.web

        return aiohttp.web.json_response(answer, status=201 if request.method.value == "POST" else 200)

    def _created(self, request: Any) -> dict[str, Any]:
        made = copy.deepcopy(request.data)
        key = (request.resource, request.namespace, made["metadata"]["name"])
        if request.namespace is not None:
            self._space(request.namespace)
        if key in self.objects:
            raise KubernetesObjectConflictError()
        number = next(self._version)
        made["metadata"] |= {"uid": f"uid-{number}", "resourceVersion": str(number), "generation": 1}
        return self._stored(request, key, made)

    def _patched(self, request: Any) -> dict[str, Any]:
        key = (request.resource, request.namespace, request.name)
        had = self._object(key)
        view = _scale(had) if request.subresource == "scale" else copy.deepcopy(had)
        changed = _applied(request, view)
        if request.subresource == "scale":
            made = copy.deepcopy(had)
            made["spec"]["replicas"] = changed["spec"].get("replicas", 0)
        else:
            made = changed
        if made != had:
            made["metadata"]["resourceVersion"] = str(next(self._version))
            made["metadata"]["generation"] += made.get("spec") != had.get("spec")
        stored = self._stored(request, key, made)
        return _scale(stored) if request.subresource == "scale" else stored

    def _deleted(self, request: Any) -> dict[str, Any]:
        key = (request.resource, request.namespace, request.name)
        had = self._object(key)
        for name, value in ((request.data or {}).get("preconditions") or {}).items():
            if had["metadata"][name] != value:
                raise KubernetesError(409, "Conflict", f"the {name} in the precondition ({value}) does not match")
        if request.params.get("dryRun") != "All":
            del self.objects[key]
        return had

    def _space(self, name: str) -> dict[str, Any]:
        if name not in self.spaces:
            raise KubernetesObjectNotFoundError()
        return dict(self.spaces[name])

    def _object(self, key: Any) -> dict[str, Any]:
        if key not in self.objects:
            raise KubernetesObjectNotFoundError()
        return copy.deepcopy(self.objects[key].raw)

    def _stored(self, request: Any, key: Any, made: dict[str, Any]) -> dict[str, Any]:
        if request.params.get("dryRun") != "All":
            self.objects[key] = copy.deepcopy(made)
        return made


def _scale(found: dict[str, Any]) -> dict[str, Any]:
    """The autoscaling/v1 Scale of an object; it leaves out a zero."""
    names = {key: found["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion")}
    replicas = found["spec"].get("replicas", 1)
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": names,
        "spec": {"replicas": replicas} if replicas else {},
        "status": {"replicas": replicas},
    }


def _applied(request: Any, view: dict[str, Any]) -> dict[str, Any]:
    """The view after the patch. A test that fails is a 422, as an API server answers it."""
    content = request.headers.get("Content-Type")
    if content == MERGE_PATCH:
        merged: dict[str, Any] = _merged(view, request.data)
        return merged
    if content != JSON_PATCH or not isinstance(request.data, list):
        raise KubernetesError(
            415, "UnsupportedMediaType", f"the body of the request was in an unknown format: {content}"
        )
    try:
        changed: dict[str, Any] = jsonpatch.apply_patch(view, request.data)
    except jsonpatch.JsonPatchException as fault:
        raise KubernetesError(422, "Invalid", f"the server rejected our request: {fault}") from fault
    for name in ("name", "uid", "namespace"):
        if changed["metadata"].get(name) != view["metadata"].get(name):
            raise KubernetesError(422, "Invalid", f"metadata.{name}: field is immutable")
    return changed


def _merged(had: Any, patch: Any) -> Any:
    """JSON Merge Patch, RFC 7386; only seeding uses it."""
    if not isinstance(patch, dict):
        return patch
    kept = dict(had) if isinstance(had, dict) else {}
    for name, value in patch.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = _merged(kept.get(name), value)
    return kept
