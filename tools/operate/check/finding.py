"""PlanFinding: what a plan would violate, where that stands, and by how much."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.operate.check.span import Span
from tools.operate.policies.rule import Severity

Level = Literal["error", "warning", "note"]
"""`error` stops a pipeline, `warning` only a strict one."""


@dataclass(frozen=True)
class PlanFinding:
    """`observed` is with the plan; `used` what of it is there already. Units as of Violation."""

    rule: str
    level: Level
    severity: Severity
    message: str
    file: str
    line: int
    addresses: tuple[str, ...]
    observed: Span | None = None
    used: Decimal | None = None
    limit: Decimal | None = None
    unit: str | None = None
