"""HTTP APIs that admit each call as `METHOD /path-template`, send it once, and tell what is known of it afterwards.

What a status means (RFC 9110, section 15): a 4xx is a refusal, so it was not done, but 408 (the server gave up waiting)
tells nothing; a 5xx, a redirect or a connection that broke tells nothing either. A connection that was never made
carried no call.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from pydantic import SecretStr

from tools.domain.errors import BadSetting
from tools.operate.remediation.access import Access
from tools.operate.remediation.action import CallRefused, NotApplicable, Surprise

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 10.0, 30.0, 60.0
MOST_BYTES = 8 * 1024 * 1024
"""An answer that is longer is not read to its end."""
MOST_TOLD = 300
"""Characters of an answer that an error repeats."""
UNCERTAIN = frozenset({408})


@dataclass(frozen=True)
class Endpoint:
    """Where an API is, and the headers that let in. `hidden`: other forms of the same secrets, kept out of texts."""

    base_url: str
    headers: Mapping[str, SecretStr] = field(default_factory=dict)
    hidden: tuple[SecretStr, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", plain_url(self.base_url))

    def without_secrets(self, text: str) -> str:
        """The text without any of the secrets, also not without the scheme in front ("Bearer …")."""
        secrets = [one.get_secret_value() for one in (*self.headers.values(), *self.hidden)]
        parts = {part for secret in secrets for part in (secret, secret.rpartition(" ")[2]) if len(part) > 3}
        for part in sorted(parts, key=len, reverse=True):
            text = text.replace(part, "…")
        return text


def plain_url(url: str) -> str:
    """The URL without a slash at its end. Raises BadSetting unless it is http(s) without name and password."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadSetting("an API's address has to look like https://host/path")
    if parts.username or parts.password:
        raise BadSetting(f"{parts.hostname}: an address can't hold a password; settings have a field for it")
    return url.rstrip("/")


def bearer(token: SecretStr) -> Mapping[str, SecretStr]:
    return {"Authorization": SecretStr(f"Bearer {token.get_secret_value()}")}


def basic(user: str, token: SecretStr) -> Mapping[str, SecretStr]:
    pair = b64encode(f"{user}:{token.get_secret_value()}".encode()).decode()
    return {"Authorization": SecretStr(f"Basic {pair}")}


@dataclass(frozen=True)
class Call:
    """One call: its permission name is `METHOD template`; `parts` fill the template, quoted."""

    method: str
    template: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    """Texts in the body that no error may repeat."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def path(self) -> str:
        return self.template.format_map({key: quote(value, safe="") for key, value in self.parts.items()})


class HttpAccess(Access):
    """APIs by their base URL. A client lives for one call, so that no call goes out on a connection that died."""

    def __init__(
        self, endpoints: Iterable[Endpoint], permissions: Iterable[str], read_seconds: float = READ_SECONDS
    ) -> None:
        super().__init__(permissions)
        self._endpoints = {one.base_url: one for one in endpoints}
        self._read_seconds = read_seconds

    def endpoint(self, base_url: str) -> Endpoint:
        """Raises NotApplicable: another one is connected, so that a plan made for one is never applied to another."""
        found = self._endpoints.get(base_url.rstrip("/"))
        if found is None:
            raise NotApplicable(f"{base_url} is not connected; connected: {', '.join(sorted(self._endpoints))}")
        return found

    def read(self, base_url: str, call: Call, absent: frozenset[int] = frozenset()) -> Any | None:
        """What a reading call answers; None for a status of `absent`. Raises OSError when it can't be told."""
        try:
            status, text = self._sent(base_url, call)
        except _Unsent as fault:
            raise OSError(str(fault)) from None
        except Surprise as fault:
            raise OSError(str(fault)) from None
        if status in absent:
            return None
        if not 200 <= status < 300:
            raise OSError(self._told(base_url, call, status, text))
        try:
            return json.loads(text)
        except ValueError:
            raise OSError(f"{call.name} answered something else than JSON") from None

    def change(self, base_url: str, call: Call) -> Any | None:
        """What a changing call answers; None where that is no JSON.

        Raises:
            CallRefused: it was refused, or never left, so it certainly did not happen.
            Surprise: nobody knows.
        """
        try:
            status, text = self._sent(base_url, call)
        except _Unsent as fault:
            raise CallRefused(str(fault)) from None
        if 400 <= status < 500 and status not in UNCERTAIN:
            raise CallRefused(self._told(base_url, call, status, text))
        if not 200 <= status < 300:
            raise Surprise(self._told(base_url, call, status, text))
        try:
            return json.loads(text)
        except ValueError:
            return None

    def signature(self, endpoint: Endpoint, call: Call, content: bytes) -> Mapping[str, str]:
        """Headers that only hold for this content."""
        return {}

    def _sent(self, base_url: str, call: Call) -> tuple[int, str]:
        import httpx

        endpoint = self.endpoint(base_url)
        self.admit(call.name)
        limits = httpx.Timeout(self._read_seconds, connect=CONNECT_SECONDS)
        content = b"" if call.body is None else json.dumps(dict(call.body), allow_nan=False).encode()
        headers = {key: value.get_secret_value() for key, value in endpoint.headers.items()}
        headers |= {"Content-Type": "application/json"} if content else {}
        headers |= self.signature(endpoint, call, content)
        try:
            with (
                httpx.Client(timeout=limits, follow_redirects=False, verify=_trusted()) as client,
                client.stream(
                    call.method,
                    endpoint.base_url + call.path,
                    params=dict(call.query) or None,
                    content=content,
                    headers={"Accept": "application/json", **call.headers, **headers},
                ) as answer,
            ):
                return answer.status_code, _text(answer, call)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol) as fault:
            raise _Unsent(f"{endpoint.base_url} could not be reached: {type(fault).__name__}") from None
        except httpx.HTTPError as fault:
            raise Surprise(f"{call.name} got no answer: {type(fault).__name__}") from None

    def _told(self, base_url: str, call: Call, status: int, text: str) -> str:
        told = self.endpoint(base_url).without_secrets(" ".join(text.split()))
        for secret in call.hidden:
            told = told.replace(secret, "…")
        return f"{call.name} answered {status}: {told[:MOST_TOLD]}"


@cache
def _trusted() -> "SSLContext":
    """The authorities that httpx trusts; reading them takes longer than a call."""
    import httpx

    return httpx.create_ssl_context()


class _Unsent(Exception):
    """The call never left."""


def _text(answer: "httpx.Response", call: Call) -> str:
    began, parts, size = monotonic(), [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > MOST_BYTES or monotonic() - began > WHOLE_SECONDS:
            raise Surprise(f"{call.name}: its answer does not end")
        parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")
