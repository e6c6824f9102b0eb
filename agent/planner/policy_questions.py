"""Questions for the company's own rules: "which policies are violated?", "who is over quota?"."""

import re
from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.periods import periods, refused_time

TOOL = "policy_violations"
_POLICIES = (
    r"(?:(?:company|spend(?:ing)?|cost|gpu|usage|our|finops|the|any|governance) )*(?:polic(?:y|ies)|guard ?rails?)"
)
_BREAKS = r"(?:violat\w+|broken|breach\w*|break(?:s|ing)?|not (?:kept|met|followed)|disregard\w*|infring\w+|against)"
_VIOLATED = re.compile(
    rf"\b{_POLICIES}\b.*\b{_BREAKS}\b|\b{_BREAKS}\b.*\b{_POLICIES}\b|\b{_POLICIES} (?:compliance|status|check)\b|"
    r"^(?:(?:are there|do we have|show me|list) )?(?:any|all|the|our)? ?violations\b|"
    rf"\b(?:are|is) \w[\w ]* (?:within|compliant with|in line with) {_POLICIES}\b"
)
_QUOTA = re.compile(
    r"\b(?:over|above|beyond|past|exceed(?:s|ed|ing)?|out of|used up|within|under|near(?:ing)?) "
    r"(?:(?:its|their|our|the|any|a|his|her|gpu|token|spend(?:ing)?|monthly) )*quotas?\b|"
    r"\bquotas? (?:are |is |was |were |has been |have been )?(?:exceeded|used up|broken|violated|breached|exhausted)\b"
)
_ORDER = re.compile(
    r"\b(?:write|create|add|change|set|delete|remove|enforce|raise|lower|explain|what (?:if|happens)|"
    r"how (?:do|can|to))\b"
)


def about_policies(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The rules judged; None for what a policy is, for orders to change one, and for all else."""
    text = asked.question.lower()
    quota, violated = _QUOTA.search(text), _VIOLATED.search(text)
    if not (quota or violated) or _ORDER.search(text) or asked.reading.has("override", "act"):
        return None
    if refused_time(asked.reading) is not None:
        return None
    return (PlannedCall(TOOL, _arguments(asked, is_quota=not violated)),)


def _arguments(asked: Asked, *, is_quota: bool) -> dict[str, Any]:
    """A team by its name; a period that is over is looked at from its last day."""
    arguments: dict[str, Any] = {"quotas": True} if is_quota else {}
    teams = [value for one in asked.reading.names if one.dimension == "x_Team" for value in one.values]
    if len(teams) == 1:
        arguments["owner"] = teams[0]
    period = periods(asked.reading, asked.as_of).period
    if period is not None and period.end <= asked.as_of:
        arguments["on"] = period.last_day.isoformat()
    return arguments
