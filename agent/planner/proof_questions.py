"""Questions for what changes have saved: "what have we saved this quarter", "what did p-12 save", "what drifted back".

What could be saved stays with savings_questions. Saved through commitments, batch or negotiated prices, and anything
that is asked of a slice or by a dimension, is the metric Savings.
"""

import re
from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.knowledge_cues import POLITE
from agent.planner.periods import periods, refused_time
from agent.planner.text import clean

TOOL = "realised_savings"
_ID = re.compile(r"\bp-[1-9]\d*\b")
_CHANGES = r"(?:remediations?|changes|actions|proposals?|optimi[sz]ations?|fixes)"
_DOING = (
    r"(?:stopping|shutting (?:down|off)|switching off|turning off|resizing|right-?sizing|downsizing|scaling|deleting|"
    r"removing|parking|suspending|capping|rerouting)"
)
_HELPED = r"(?:pa(?:y|id) (?:itself )?off|saved?|help(?:ed)?|work(?:ed)?|hold up|held up|bring|brought)"
_HAVE = re.compile(r"^(?:what|how much(?: money)?) (?:have|has) (?:we|you|it|that|this|outlay|they) (?:\w+ )?saved\b")
_OF_CHANGES = re.compile(
    rf"\b(?:what|how much|did|have|has)\b.*\b{_CHANGES}\b.*\b(?:saved?|pa(?:y|id) off)\b|"
    rf"\breali[sz]ed savings?\b.*\b{_CHANGES}\b|\b{_CHANGES}\b.*\breali[sz]ed savings?\b"
)
_DID = re.compile(
    rf"\b(?:did|has|have)\b.*\b{_DOING}\b.*\b{_HELPED}\b|\bwhat (?:did|has|have) {_DOING}\b.*\b{_HELPED}\b"
)
_PAID_OFF = re.compile(
    r"^(?:did|has|have) (?:it|that|this|they|those|these) (?:really )?(?:pa(?:y|id) (?:itself )?off)$"
)
_DRIFTED = re.compile(r"\b(?:drift(?:ed|s|ing)? back|crept back|come back up|came back up)\b")
_PROMISED = re.compile(
    r"\b(?:estimated?|promised|predicted)\b.*\b(?:vs\.?|versus|against|and|compared|than)\b.*\breali[sz]ed\b|"
    r"\breali[sz]ed\b.*\b(?:vs\.?|versus|against|and|compared|than)\b.*\b(?:estimated?|promised|predicted)\b|"
    r"\b(?:did|do|have) we (?:really )?(?:get|got|reach(?:ed)?|achieved?) (?:what was|the) (?:estimated|promised)\b"
)
_OF_PROPOSAL = re.compile(rf"\b(?:sav(?:e|ed|es|ing|ings)|reali[sz]ed|worth|bring|brought)\b|\b{_HELPED}\b")
_OTHERWISE = re.compile(
    r"\b(?:commit\w*|reserv\w*|savings? plans?|discounts?|negotiat\w*|batch\w*|cach\w*|credits?|free tier|could|would|"
    r"should|might)\b"
)
_BY_TARGET = re.compile(r"\b(?:by|per|each|every|which|for each) (?:target|machine|instance|resource|gpu)s?\b")
_BY_WEEK = re.compile(r"\b(?:by|per|each|every) week\b|\bweek by week\b|\bweekly\b")


def about_proof(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The measured savings of applied changes; None for other questions."""
    text = POLITE.sub("", " ".join(clean(asked.question).lower().split())).rstrip(" ?!.")
    if not _is_meant(asked, text) or refused_time(asked.reading) is not None:
        return None
    return (PlannedCall(TOOL, _arguments(asked, text)),)


def _is_meant(asked: Asked, text: str) -> bool:
    if _ID.search(text):
        return bool(_OF_PROPOSAL.search(text) or _DRIFTED.search(text))
    if _OTHERWISE.search(text) or asked.reading.has("override"):
        return False
    if _DRIFTED.search(text):
        return "sav" in text or re.search(rf"\b{_CHANGES}\b", text) is not None
    if _PAID_OFF.match(text):
        return asked.latest is not None and asked.latest.name in ("list_proposals", "propose_remediation", TOOL)
    of_nothing_else = not asked.reading.filters and not asked.reading.groups
    return bool(
        _OF_CHANGES.search(text)
        or _DID.search(text)
        or _PROMISED.search(text)
        or (_HAVE.match(text) and of_nothing_else)
    )


def _arguments(asked: Asked, text: str) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if named := _ID.search(text):
        arguments["proposal"] = named[0]
    if _BY_TARGET.search(text):
        arguments["by"] = "target"
    elif _BY_WEEK.search(text):
        arguments["by"] = "week"
    if _DRIFTED.search(text) and not named:
        arguments["drifted_only"] = True
    period = periods(asked.reading, asked.as_of).period if asked.reading.times else None
    if period is not None:
        arguments["period"] = period.model_dump(mode="json")
    return arguments
