"""Virtual keys of a LiteLLM proxy as actions see them."""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.http_access import Call, HttpAccess
from tools.operate.remediation.actions.litellm.access import ABSENT, key_hash, proxy_of

INFO, UPDATE = "GET /key/info", "POST /key/update"


def key_row(access: HttpAccess, target: TargetRef) -> Mapping[str, Any]:
    """`info` of /key/info. Raises NotApplicable when there is no such key."""
    call = Call("GET", "/key/info", query={"key": key_hash(target)})
    answer = access.read(proxy_of(target), call, ABSENT)
    if answer is None:
        raise NotApplicable(f"there is no such key in {proxy_of(target)}")
    return dict(answer["info"])


def update_key(access: HttpAccess, target: TargetRef, fields: Mapping[str, JsonValue]) -> None:
    """A field that is null is emptied; fields that are left out stay."""
    body: dict[str, JsonValue] = {"key": key_hash(target), **fields}
    access.change(proxy_of(target), Call("POST", "/key/update", body=body))
