"""Questions for the health check: "how healthy is our spend", "FinOps maturity", "health check for October"."""

import re

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.periods import periods, refused_time

_HEALTH = re.compile(
    r"\b(?:health[- ]?check|health score|score ?card|how healthy|finops (?:maturity|health|score)|"
    r"how mature (?:are we|is our finops)|health of (?:our|the) (?:ai |cloud |llm )?(?:spend|costs?|finops)|"
    r"how (?:well )?(?:are we|is our finops) doing (?:on|with|in) finops)\b"
)


def about_health(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The health check; None for other questions."""
    reading = asked.reading
    if (
        not _HEALTH.search(asked.question.lower())
        or set(reading.metrics) - {"EffectiveCost"}
        or reading.has("override", "act")
    ):
        return None
    if refused_time(reading) is not None:
        return None
    period = periods(reading, asked.as_of).period
    return (PlannedCall("health_check", {"period": period.model_dump(mode="json")} if period else {}),)
