"""LiteLLM proxies by their address, and what their admin API says of money.

Facts: docs.litellm.ai/docs/proxy/users, /virtual_keys, /caching and the docstrings of BerriAI/litellm's
litellm/proxy/management_endpoints (read in November 2026). Budgets are in US dollars.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, JsonValue, SecretStr

from tools.domain.errors import BadRequest
from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.http_access import Endpoint, HttpAccess, bearer
from tools.operate.remediation.place import refuse_other_fields
from tools.operate.remediation.tags import ENVIRONMENT, said

if TYPE_CHECKING:
    from tools.operate.remediation.doors import Connect

ABSENT = frozenset({404})
KEY_HASH = re.compile(r"^[0-9a-f]{64}$")
"""LiteLLM keeps a key's SHA-256 (`token` of /key/info), and takes it wherever it takes the key."""
_SECRET_NAMES = re.compile(r"key|secret|token|password|credential", re.IGNORECASE)


def connect_litellm(proxies: Mapping[str, SecretStr]) -> "Connect":
    """Proxies by their address, each with an admin's key."""
    endpoints = tuple(Endpoint(base_url, bearer(key)) for base_url, key in proxies.items())
    return lambda permissions: HttpAccess(endpoints, permissions)


def proxy_of(target: TargetRef) -> str:
    """The address of the target's proxy. Raises NotApplicable for a target without it."""
    refuse_other_fields(target, "proxy")
    if "proxy" not in target.place:
        raise NotApplicable(f"{target.id}: the address of its LiteLLM proxy is not known")
    return target.place["proxy"]


def key_hash(target: TargetRef) -> str:
    """Raises BadRequest for anything else than a key's hash, without repeating it: it may be the key."""
    if not KEY_HASH.match(target.id):
        raise BadRequest(
            "a LiteLLM key is named by its hash (`token` in /key/info, 64 hex digits), never by the key itself"
        )
    return target.id


def amount(value: Any) -> str | None:
    """An amount as LiteLLM writes it (a JSON number), as plain text; None where there is none."""
    return None if value is None else format(Decimal(str(value)).normalize(), "f")


def number(value: JsonValue) -> float | int | None:
    """The JSON number of an amount's text."""
    if value is None:
        return None
    exact = Decimal(str(value))
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _amount_given(value: Any) -> Any:
    try:
        exact = Decimal(str(value)) if isinstance(value, int | str | Decimal) and not isinstance(value, bool) else None
    except InvalidOperation:
        exact = None
    if exact is None or not exact.is_finite() or exact < 0:
        raise ValueError('write an amount in US dollars as text, such as "250" or "0.50"')
    if Decimal(repr(float(exact))) != exact:
        raise ValueError("LiteLLM keeps amounts as 64-bit numbers, and can't keep this one exactly; use fewer digits")
    return amount(exact)


AmountText = Annotated[str, BeforeValidator(_amount_given)]


def described(row: Mapping[str, Any], name: str, state: State) -> Seen:
    """A key or team as its row tells it; flat texts of its metadata stand for tags, secrets left out."""
    metadata = row.get("metadata") or {}
    tags = {
        key: value for key, value in metadata.items() if isinstance(value, str) and not _SECRET_NAMES.search(str(key))
    }
    owner = row.get("team_id") or row.get("user_id")
    return Seen(
        state=state,
        name=str(row.get(name) or ""),
        environment=said(tags, ENVIRONMENT),
        owner=None if owner is None else str(owner),
        tags=tags,
    )
