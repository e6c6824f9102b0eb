"""webhook_ticket: hand the plan in words to a receiver of one's own, for trackers that nothing here speaks to.

What a receiver has to answer, below the address that it is connected by:

    GET /tickets?about=KEY       200 {"tickets": [{"mark", "title", "text"}]}: those that are open about a thing
    POST /tickets                201, and nothing more when the same Idempotency-Key comes again
    DELETE /tickets/MARK         closes it

Without the first nobody could tell whether a call that got no answer was done, so there is no webhook without it.
Each call is signed as standardwebhooks.com says: webhook-id, webhook-timestamp, webhook-signature.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from time import time
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from tools.domain.errors import BadSetting
from tools.domain.remediation import TargetRef
from tools.operate.remediation.actions.http_access import Call, Endpoint, HttpAccess
from tools.operate.remediation.actions.tickets.ticket import Ticket, TicketAction, place_of

if TYPE_CHECKING:
    from tools.operate.remediation.doors import Connect

TICKETS, TICKET = "/tickets", "/tickets/{mark}"
PREFIX = "whsec_"
KEY = "Idempotency-Key"


class WebhookAccess(HttpAccess):
    """Receivers by their addresses, each with the secret that signs what goes to it."""

    def __init__(
        self, secrets: Mapping[str, SecretStr], permissions: Iterable[str], clock: Callable[[], float] = time
    ) -> None:
        endpoints = [Endpoint(base_url, hidden=(secret,)) for base_url, secret in secrets.items()]
        super().__init__(endpoints, permissions)
        self._keys = {one.base_url: _key(one.hidden[0]) for one in endpoints}
        self._clock = clock

    def signature(self, endpoint: Endpoint, call: Call, content: bytes) -> Mapping[str, str]:
        moment = str(int(self._clock()))
        name = call.headers.get(KEY) or hashlib.sha256(f"{call.name} {call.path}".encode()).hexdigest()[:32]
        signed = f"{name}.{moment}.".encode() + content
        digest = hmac.new(self._keys[endpoint.base_url], signed, hashlib.sha256).digest()
        return {
            "webhook-id": name,
            "webhook-timestamp": moment,
            "webhook-signature": f"v1,{b64encode(digest).decode()}",
        }


def connect_webhook(secrets: Mapping[str, SecretStr]) -> "Connect":
    """Receivers by their addresses, each with its signing secret (whsec_ and base64)."""
    WebhookAccess(secrets, ())
    return lambda permissions: WebhookAccess(secrets, permissions)


class WebhookTicket(TicketAction):
    """Place: `api`, the receiver's address."""

    name = "webhook_ticket"
    title = "Hand a ticket to a webhook"
    system = "webhook"
    opens, closes = f"POST {TICKETS}", f"DELETE {TICKET}"
    reads = frozenset({f"GET {TICKETS}"})
    writes = frozenset({opens})
    undoes = frozenset({closes})
    idempotency = "key"
    shows_late = False

    def open_tickets(self, target: TargetRef) -> tuple[Ticket, ...]:
        (api,) = place_of(target, "api")
        found: Any = self.access.read(api, Call("GET", TICKETS, query={"about": target.key})) or {}
        return tuple(
            Ticket(str(one["mark"]), str(one["title"]), str(one["text"]), frozenset({str(one["mark"])}))
            for one in found["tickets"]
        )

    def open_ticket(self, target: TargetRef, title: str, text: str, mark: str) -> None:
        (api,) = place_of(target, "api")
        fields = {"mark": mark, "about": target.key, "thing": target.id, "title": title, "text": text}
        self.access.change(api, Call("POST", TICKETS, body=fields, headers={KEY: mark}))

    def close_ticket(self, target: TargetRef, ticket: Ticket) -> None:
        (api,) = place_of(target, "api")
        key = {KEY: f"{ticket.number}-close"}
        self.access.change(api, Call("DELETE", TICKET, {"mark": ticket.number}, headers=key))


def _key(secret: SecretStr) -> bytes:
    text = secret.get_secret_value()
    try:
        key = b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if len(key) < 16 or not text.startswith(PREFIX):
        raise BadSetting("a webhook's secret is whsec_ and at least 16 bytes in base64")
    return key
