"""What may be asked of the fleet."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.period import Period

Measure = Literal["activity", "utilization", "memory", "power", "cost"]
Group = Literal["gpu", "host", "model", "owner", "team", "fleet"]
State = Literal["working", "idle", "zombie", "waiting", "insufficient evidence"]
Sharing = Literal["allocation", "use"]
DEFAULT_GROUP: dict[Measure, Group] = {
    "activity": "gpu",
    "utilization": "team",
    "memory": "fleet",
    "power": "model",
    "cost": "model",
}


class GpuFleetRequest(BaseModel):
    """Which GPUs, when, and what of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: Measure = "activity"
    group_by: Group | None = Field(default=None, description="none: what fits the measure; activity is always by gpu")
    states: tuple[State, ...] = Field(default=(), description="activity only: these verdicts; none: all")
    model: str | None = Field(default=None, description="GPUs whose model name holds this, such as H100")
    team: str | None = None
    owner: str | None = Field(default=None, description="as telemetry names it: slurm:4711, pod:…, user:ada")
    host: str | None = None
    sharing: Sharing = Field(default="allocation", description="how the GPUs of a node share its price")
    period: Period | None = Field(default=None, description="half-open, UTC days; none: the last seven full days")
    limit: int = Field(default=50, ge=1, le=1000)
