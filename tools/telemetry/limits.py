"""knowledge/gpu_activity.yaml: when an hour of a GPU counts as work."""

from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

import knowledge


class Limits(BaseModel):
    """Shares are fractions 0–1; hours are hours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    active_mean: float
    active_peak: float
    tensor_peak: float
    utilization_peak: float
    coverage: float
    held_gib: float
    known_hours: float
    working_hours: float
    zombie_hours: int


class PowerOfModel(BaseModel):
    """`quiet_watts`: what a GPU of this name does not exceed without work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    board_watts: float
    quiet_watts: float


class ActivityRules(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limits: Limits
    power: tuple[PowerOfModel, ...]

    def power_of(self, model_name: str | None) -> PowerOfModel | None:
        """The first entry whose name occurs in the model's; None for an unknown one."""
        name = (model_name or "").lower()
        return next((one for one in self.power if one.model.lower() in name), None)


@cache
def activity_rules() -> ActivityRules:
    return ActivityRules.model_validate(yaml.safe_load(knowledge.read("gpu_activity.yaml")))
