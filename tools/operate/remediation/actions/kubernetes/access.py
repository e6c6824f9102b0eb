"""A cluster's API, by the official client: each call is admitted by its RBAC name before it is sent, and sent once.

A call that the cluster only rehearses (dryRun=All) takes the same right in the cluster, and another name here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from tools.operate.remediation.access import Access
from tools.operate.remediation.action import CallRefused, Surprise
from tools.operate.remediation.actions.kubernetes.kinds import Kind, Located

Json = Mapping[str, Any]
REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429})
"""Answers by which a cluster says that it did not do it; 422 also for a precondition of a JSON Patch that fails."""
CONNECT_SECONDS, READ_SECONDS = 10, 30
_JSON, _JSON_PATCH = "application/json", "application/json-patch+json"


class KubernetesAccess(Access):
    """`client` is the official ApiClient, with retries off; `cluster` is what targets call this cluster."""

    def __init__(self, client: Any, permissions: Iterable[str], cluster: str) -> None:
        super().__init__(permissions)
        self.cluster = cluster
        self._client = client

    def get(self, at: Located) -> Json | None:
        """The object; None where there is no such object or kind. Raises OSError when the cluster can't be asked."""
        return self._read(f"get {at.kind.permission}", self._path(at.kind, at.namespace, at.name))

    def list(self, kind: Kind, namespace: str) -> tuple[Json, ...]:
        """All of a kind in a namespace; () where the cluster doesn't have the kind. Raises OSError."""
        found = self._read(f"list {kind.permission}", self._path(kind, namespace))
        return tuple((found or {}).get("items") or ())

    def patch(
        self, at: Located, operations: Sequence[Mapping[str, JsonValue]], *, part: str = "", rehearsed: bool = False
    ) -> Json:
        """Apply a JSON Patch (RFC 6902) to the object, or to its subresource `part`; all operations or none.

        Gives what the cluster answers. Raises CallRefused, Surprise.
        """
        verb = _Verb("PATCH", "patch", (at.name, part), _JSON_PATCH)
        return self._change(verb, at, list(operations), rehearsed)

    def create(self, at: Located, body: Json, *, rehearsed: bool = False) -> Json:
        """Raises CallRefused, also where one of that name exists; Surprise."""
        return self._change(_Verb("POST", "create"), at, dict(body), rehearsed)

    def delete(self, at: Located, found: Json) -> None:
        """Delete exactly the object that was `found`. Raises CallRefused when it is another one by now; Surprise."""
        same = {"uid": found["metadata"]["uid"], "resourceVersion": found["metadata"]["resourceVersion"]}
        self._change(_Verb("DELETE", "delete", (at.name,)), at, {"preconditions": same}, False)

    def _path(self, kind: Kind, namespace: str, *rest: str) -> str:
        root = f"/apis/{kind.group}" if kind.group else "/api"
        place = ("namespaces", namespace) if namespace else ()
        return "/".join([root, kind.version or self._preferred(kind), *place, kind.plural, *filter(None, rest)])

    def _preferred(self, kind: Kind) -> str:
        """The version of the kind's group that the cluster prefers. Raises OSError."""
        found = self._read(f"get /apis/{kind.group}", f"/apis/{kind.group}")
        # without the group there are no such objects either, whatever version they are asked for in
        return str(found["preferredVersion"]["version"]) if found else "v1"

    def _read(self, call: str, path: str) -> Json | None:
        self.admit(call)
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            status, body = self._send("GET", path, None, _JSON)
        except (HTTPError, ApiException) as fault:
            raise OSError(f"the cluster {self.cluster} could not be reached: {fault}") from fault
        if status == 404:
            return None
        if status != 200:
            raise OSError(_told(status, body))
        return _object(body)

    def _change(self, verb: "_Verb", at: Located, body: Any, rehearsed: bool) -> Json:
        call = f"{verb.name} {at.kind.permission}" + "".join(f"/{one}" for one in verb.path[1:] if one)
        try:
            path = self._path(at.kind, at.namespace, *verb.path)
        except OSError as fault:
            raise CallRefused(f"nothing was sent: {fault}") from fault
        self.admit(f"dry-run:{call}" if rehearsed else call)
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        query = (("dryRun", "All"),) if rehearsed else ()
        try:
            status, answer = self._send(verb.method, path, body, verb.content, query)
        except (HTTPError, ApiException) as fault:
            raise (CallRefused if rehearsed else Surprise)(f"{self.cluster} did not answer: {fault}") from fault
        if not 200 <= status < 300:
            raise (CallRefused if rehearsed or status in REFUSALS else Surprise)(_told(status, answer))
        return _object(answer) if rehearsed else {}

    def _send(
        self, method: str, path: str, body: Any, content: str, query: Sequence[tuple[str, str]] = ()
    ) -> tuple[int, bytes]:
        headers = {"Accept": _JSON, "Content-Type": content}
        request = self._client.param_serialize(
            method, path, query_params=list(query), header_params=headers, body=body, auth_settings=["BearerToken"]
        )
        response = self._client.call_api(*request, _request_timeout=(CONNECT_SECONDS, READ_SECONDS))
        return response.status, response.read() or b""


@dataclass(frozen=True)
class _Verb:
    """A way to change: its method, RBAC's name for it, and the path after the kind."""

    method: str
    name: str
    path: tuple[str, ...] = ()
    content: str = _JSON


def _object(body: bytes) -> Json:
    """Raises OSError: it is no JSON object."""
    try:
        found = json.loads(body)
    except ValueError as fault:
        raise OSError(f"the cluster answered no JSON: {body[:200]!r}") from fault
    if not isinstance(found, dict):
        raise OSError(f"the cluster answered no object: {body[:200]!r}")
    return found


def _told(status: int, body: bytes) -> str:
    try:
        said = json.loads(body)["message"]
    except (ValueError, KeyError, TypeError):
        said = body[:200].decode(errors="replace")
    return f"the cluster answered {status}: {said}"
