"""Which work nobody waits for: knowledge/waiting_work.yaml, typed."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import yaml

import knowledge
from tools.optimize.llm.slices import Slice


@dataclass(frozen=True)
class Waits:
    """Work that can wait, how sure that is, and why."""

    by: str
    value: str
    confidence: Decimal
    why: str


def waits(one: Slice) -> Waits | None:
    """Why a slice's work can wait; None where it is not known to."""
    return next((known for known in waiting_work() if one.where[known.by] == known.value), None)


@cache
def waiting_work() -> tuple[Waits, ...]:
    """What can wait, the surest first."""
    rows = yaml.safe_load(knowledge.read("waiting_work.yaml"))["work"]
    known = [Waits(row["by"], row["value"], Decimal(row["confidence"]), row["why"]) for row in rows]
    return tuple(sorted(known, key=lambda one: -one.confidence))
