"""Events of the audit trail: what happened, to what, by whom, and when; each chained to the one before."""

import hashlib
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from tools.domain.remediation import Moment, canonical

GENESIS = "0" * 64
"""What the first event is chained to."""
Kind = Literal[
    "proposed",
    "replaced",
    "approved",
    "rejected",
    "granted",
    "withdrawn",
    "refused",
    "begun",
    "intended",
    "noted",
    "finished",
]


class TrailEvent(BaseModel):
    """One event as it stands in the trail."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int
    """From 1, without a gap."""
    at: Moment
    """Never earlier than the event before, whatever a clock says."""
    kind: Kind
    subject: str
    """A proposal or a standing approval."""
    by: str
    facts: Mapping[str, JsonValue]

    @property
    def text(self) -> str:
        return canonical(self.model_dump(mode="json"))


def chained(previous: str, text: str) -> str:
    """The hash of an event whose canonical JSON is `text`, after one with the hash `previous`."""
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()


def digest(text: str) -> str:
    """What the trail keeps of a row too long for it."""
    return hashlib.sha256(text.encode()).hexdigest()


def head_text(sequence: int, hash_: str) -> str:
    """What the seal of the trail's head is over: how many events there are, and the last one's hash."""
    return canonical({"sequence": sequence, "hash": hash_})
