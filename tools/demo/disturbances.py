"""What is planted in the token streams, and the shape of a planted incident's truth."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from tools.demo.calendar import Calendar
from tools.demo.streams import Stream


@dataclass(frozen=True)
class Incident:
    """The truth about one incident. Only evaluations see it: it is never written into a home.

    `where` is the slice by dimension; `end` is exclusive; `extra_cost` is in USD, negative for none saved.
    """

    kind: str
    where: dict[str, str]
    onset: datetime
    end: datetime
    extra_cost: Decimal
    currency: str = "USD"


@dataclass(frozen=True)
class Disturbance:
    """Changes the streams it concerns between two hours (numbers since the world's start, the last one exclusive)."""

    kind: str
    first: int
    last: int
    where: dict[str, str] = field(default_factory=dict)
    requests: float = 1.0
    input: float = 1.0
    cached: float | None = None
    added_requests: float = 0.0
    """Requests an hour on top."""
    leads: bool = True
    """False for the half of an incident that only moves load away; the other half names the slice."""

    def concerns(self, stream: Stream) -> bool:
        return all(getattr(stream, name) == value for name, value in self.where.items())

    def mask(self, calendar: Calendar) -> npt.NDArray[np.bool_]:
        hours = np.arange(calendar.hours).reshape(calendar.days, 24)
        return np.asarray((hours >= self.first) & (hours < self.last))


def token_disturbances(calendar: Calendar) -> tuple[Disturbance, ...]:
    """The incidents in token usage, counted back from today so that some are recent."""

    def hours(days_ago: int, at: int, length: int) -> tuple[int, int]:
        first = calendar.ago(days_ago) * 24 + at
        return first, first + length

    copilot = {"provider": "Anthropic", "project": "copilot"}
    redactor = {"provider": "OpenAI", "project": "redactor", "environment": "production"}
    return (
        Disturbance("retry_storm", *hours(38, 7, 14), {
            "provider": "OpenAI", "model": "gpt-5.5-mini", "project": "extractor", "environment": "production",
        }, requests=14.0),
        Disturbance("runaway_agent_loop", *hours(19, 17, 52), {
            **copilot, "model": "claude-opus-4-5", "environment": "development",
        }, requests=7.0, input=2.2, added_requests=160),
        Disturbance("cache_disabled", *hours(74, 10, 12 * 24), {
            **copilot, "model": "claude-sonnet-4-5", "environment": "production", "tier": "standard",
        }, cached=0.0),
        Disturbance("model_misrouting", *hours(51, 9, 6 * 24), {
            **redactor, "model": "ft:gpt-4.1-mini:fernhill:redact-v3",
        }, requests=0.25, leads=False),
        Disturbance("model_misrouting", *hours(51, 9, 6 * 24), {**redactor, "model": "gpt-5.5"}, added_requests=1700),
        Disturbance("leaked_key", *hours(9, 1, 31), {
            "provider": "OpenAI", "model": "gpt-5.5", "project": "sql-helper", "environment": "development",
        }, added_requests=9000),
    )  # fmt: skip


def moment(calendar: Calendar, hour: int) -> datetime:
    """The UTC time of an hour number."""
    midnight = datetime.combine(calendar.start, datetime.min.time(), UTC)
    return midnight + timedelta(hours=hour)


DIMENSIONS = {
    "provider": "HostProviderName",
    "model": "x_Model",
    "project": "x_Project",
    "environment": "x_Environment",
    "tier": "x_ServiceTier",
}


def truth_of(disturbance: Disturbance, extra_cost: Decimal, calendar: Calendar) -> Incident:
    return Incident(
        disturbance.kind,
        {DIMENSIONS[name]: value for name, value in disturbance.where.items()},
        moment(calendar, disturbance.first),
        moment(calendar, disturbance.last),
        extra_cost.quantize(Decimal("0.01")),
    )
