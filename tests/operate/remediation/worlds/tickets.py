"""What is open about a thing, in any tracker."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from tests.operate.remediation.wire import Reply, Request
from tests.operate.remediation.worlds import Snapshot
from tools.domain.remediation import TargetRef

KEPT: Mapping[str, str] = {"^ticket ": "a tracker keeps tickets that were closed"}
WORDS: Mapping[str, JsonValue] = {
    "title": "Give node gpu-7 back",
    "what": "End the lease of\ngpu-7.",
    "why": "Nobody used it for 14 days.",
    "saving": "1,200 to 1,900 USD a month",
    "evidence": ["0 of 336 hours with work", "asked its owner on Nov 10"],
    "steps": ["Drain it", "Cancel the lease"],
}


def told(tickets: Mapping[str, tuple[str, bool, Any]]) -> Snapshot:
    """Tickets by number, each with the thing it is about, and whether it is open."""
    things: dict[str, Any] = {f"ticket {number} about {about}": one for number, (about, _, one) in tickets.items()}
    for about in {about for about, is_open, _ in tickets.values() if is_open}:
        things[f"open about {about}"] = sum(is_open for thing, is_open, _ in tickets.values() if thing == about)
    copied: dict[str, JsonValue] = json.loads(json.dumps(things))
    return copied


def about(target: TargetRef, thing: str) -> bool:
    return f"about {target.id}" in thing


def denial(request: Request) -> Reply:
    body = {"error": f"you may not do that with {request.headers.get('authorization')}"}
    return Reply(403, json.dumps(body).encode(), {"content-type": "application/json"})
