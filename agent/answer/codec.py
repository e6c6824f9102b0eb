"""Answers as JSON text and back, without losing which cell is a number and which a name."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.answer import Answer


def encode(answer: Answer, *, leave_out: frozenset[str] = frozenset()) -> str:
    """Canonical JSON: the same answer gives the same text."""
    fields = answer.model_dump(mode="python", exclude=set(leave_out))
    return json.dumps(fields, default=_tagged, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Answer:
    """Raises ValueError (pydantic's ValidationError is one) for text that holds no answer."""
    return Answer.model_validate(json.loads(text, object_hook=_untagged))


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    raise TypeError(f"an answer holds no {type(value).__name__}")


def _untagged(found: dict[str, Any]) -> Any:
    if found.keys() == {"$decimal"}:
        return Decimal(found["$decimal"])
    if found.keys() == {"$date"}:
        return date.fromisoformat(found["$date"])
    return found
