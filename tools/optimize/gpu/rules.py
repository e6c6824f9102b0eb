"""knowledge/gpu_levers.yaml: what the levers on GPU machines go by."""

from decimal import Decimal
from functools import cache
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

import knowledge


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Interruptible(_Rule):
    """Work that can stop: where `by` has `value`."""

    by: Literal["x_Workload", "x_Environment"]
    value: str
    confidence: Decimal
    why: str


class Interruption(_Rule):
    """How often a spot machine is taken back, and the hours of work that are done twice then."""

    a_day: int
    lost_hours: Decimal


class Checkpoint(_Rule):
    interval_hours: Decimal
    restart_hours: Decimal


class OfficeHours(_Rule):
    """Hours of Monday to Friday; `after` is exclusive."""

    first: int
    after: int


class Power(_Rule):
    usd_per_kwh: Decimal
    pue: Decimal


class GpuRules(_Rule):
    """The whole file; its comments say what each number is."""

    window_days: int
    recent_days: int
    least_days: int
    schedule_days: int
    schedule_run: int
    schedule_share: float
    headroom: float
    memory_headroom: float
    low_use: float
    quota_hours: float
    cheaper_by: float
    cold_start_minutes: int
    development: tuple[str, ...]
    office_hours: OfficeHours
    interruptible: tuple[Interruptible, ...]
    interruption: Interruption
    checkpoint: Checkpoint
    failed_status: tuple[str, ...]
    movable: tuple[str, ...]
    power: Power
    egress_usd_per_gb: Decimal

    def is_development(self, environment: str | None) -> bool:
        return (environment or "").lower() in self.development


@cache
def gpu_rules() -> GpuRules:
    return GpuRules.model_validate(yaml.safe_load(knowledge.read("gpu_levers.yaml")))
