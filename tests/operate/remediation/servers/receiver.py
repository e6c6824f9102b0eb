"""A webhook's receiver, which checks the signature of every call (standardwebhooks.com) and knows keys again."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from tests.operate.remediation.servers.strict import Asked, Raw, Route, StrictServer, words

SECRET = "whsec_" + b64encode(b"a secret of thirty-two bytes....").decode()


class ReceiverServer(StrictServer):
    def __init__(self) -> None:
        super().__init__()
        self.tickets: dict[str, dict[str, Any]] = {}
        self.announcements: list[dict[str, Any]] = []
        self.keys: set[str] = set()

    def routes(self) -> tuple[Route, ...]:
        ticket = words("mark about thing title text")
        plan = words("""proposal action reason targets owners saving proposed_by not_before expires_at fingerprint""")
        return (
            Route("GET /tickets", self.listed, query=frozenset({"about"}), required=frozenset({"about"})),
            Route("POST /tickets", self.opened, ticket, ticket),
            Route("DELETE /tickets/{mark}", self.closed),
            Route("POST /announcements", self.announced, plan, plan),
        )

    def raw(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Raw | None:
        signed = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.".encode() + body
        digest = hmac.new(b64decode(SECRET.removeprefix("whsec_")), signed, sha256).digest()
        if headers.get("webhook-signature") != f"v1,{b64encode(digest).decode()}":
            return Raw(401, b'{"error": "not signed"}', {})
        return None

    def listed(self, asked: Asked) -> tuple[int, Any]:
        about = asked.query["about"]
        shown = ("mark", "title", "text")
        open_ones = [one for one in self.tickets.values() if one["about"] == about and one["open"]]
        return 200, {"tickets": [{name: one[name] for name in shown} for one in open_ones]}

    def opened(self, asked: Asked) -> tuple[int, Any]:
        if self._again(asked):
            return 200, {}
        self.tickets[asked.body["mark"]] = {**asked.body, "open": True}
        return 201, {}

    def closed(self, asked: Asked) -> tuple[int, Any]:
        if asked.parts["mark"] not in self.tickets:
            return 404, {"error": "no such ticket"}
        self.tickets[asked.parts["mark"]]["open"] = False
        return 204, None

    def announced(self, asked: Asked) -> tuple[int, Any]:
        if self._again(asked):
            return 200, {}
        self.announcements.append(asked.body)
        return 201, {}

    def _again(self, asked: Asked) -> bool:
        key = asked.headers["idempotency-key"]
        known = key in self.keys
        self.keys.add(key)
        return known
