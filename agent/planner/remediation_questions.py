"""Changes: "stop the idle ones in staging", "fix it", "what is waiting for me", "who approved p-3", "undo that".

Proposing is all that can be asked for. Who approves, applies or rolls back does so where they are known by themselves,
with the plan before their eyes, so those words are answered with the way there.
"""

import re
from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall, decline
from agent.planner.knowledge_cues import POLITE
from agent.planner.text import clean

PROPOSE, LIST = "propose_remediation", "list_proposals"
_ID = re.compile(r"\bp-[1-9]\d*\b")
_RECOMMENDATION = re.compile(r"\br-[0-9a-f]{10}\b")
_WAITING = re.compile(
    r"\b(?:waiting|pending|open|outstanding)\b.*\b(?:for me|on me|approvals?|proposals?|to approve)\b|"
    r"\b(?:proposals?|changes|approvals?)\b.*\b(?:waiting|pending|open|outstanding)\b|"
    r"\bwhat(?:'s| is| are)?\b.*\b(?:waits?|waiting) for (?:me|my)\b|"
    r"\b(?:need|needs|require|requires|want|wants|await|awaits) (?:my |an? |our )?(?:approval|sign-?off)\b|"
    r"\bwhat (?:do|can|should|must) i (?:have to |need to )?(?:approve|sign off)\b"
)
_WHO = re.compile(
    r"\b(?:who|whom)\b.*\b(?:approv\w+|reject\w+|appl(?:y|ied)|sign(?:ed)? off|rolled back|undid|proposed)\b"
)
_WHAT_WAS = re.compile(
    r"\b(?:which|what|list|show)\b.*\b(?:proposals?|remediations?)\b|"
    r"\bwhat (?:has been|was|were|have (?:we|you)|did (?:we|you)) (?:changed?|applied|approved?|rolled back)\b"
)
_DECIDE = re.compile(r"^(?:please )?(approve|accept|sign off|reject|apply|execute|roll ?back|undo|revert)\b")
_IDLE = r"(?:idle|unused|zombie|forgotten)"
_THINGS = r"(?:ones?|gpus?|gpu (?:machines?|nodes?|instances?)|machines?|instances?|nodes?|servers?|endpoints?|boxes)"
_STOP = r"(?:stop|shut ?down|turn off|switch off|power off|park|kill)"
_WHICH = r"(?:the |our |those |these |any |all )*"
_DOES_NOTHING = (
    r"(?:(?:that |which )?(?:nobody|no one) (?:uses|needs|touches|is using)|"
    r"(?:that|which) (?:are|sit|stand) (?:idle|unused|around)|(?:that|which) do nothing)"
)
_STOP_IDLE = re.compile(rf"^{_STOP} (?:off |of )?{_WHICH}(?:{_IDLE} {_THINGS}|{_THINGS} {_DOES_NOTHING})\b")
_STOP_NAMED = re.compile(rf"^{_STOP} (?:instances? |machines? )?((?:i-[0-9a-f]{{8,17}}(?:,? and |, ?| )?)+)")
_RESIZE = re.compile(
    r"^(?:resize|move|change|downsize) (i-[0-9a-f]{8,17}) (?:in\w* \S+ )?(?:to|into) (?:an? )?([a-z0-9-]+\.[a-z0-9]+)\b"
)
_FIX = re.compile(
    r"^(?:fix (?:it|that|this|them|these|those)|do (?:it|that)|make it so|go ahead(?: with (?:it|that))?)$"
)
_PROPOSE = re.compile(r"^(?:propose|suggest a change for|fix|do|implement|carry out)\b.*")
_REGION = re.compile(r"\b([a-z]{2}(?:-[a-z]+)+-\d)\b")
_NOTICE = re.compile(
    r"\b(?:unless (?:anybody|anyone|somebody|someone) objects|after|with) (?:within |a notice of )?"
    r"(\d+) (hours?|days?)\b"
)
_SAVERS = {"gpu_fleet": {"lever": "idle_gpu"}, "find_savings": {}}
"""Calls that "fix it" may refer to, and what is meant of them."""


def about_remediations(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """What proposes a change, or tells of those proposed; None for other questions."""
    text = POLITE.sub("", " ".join(clean(asked.question).lower().split())).rstrip(" ?!.")
    call = _decided(text) or _told(text) or _too_vague(asked, text) or _proposed(asked, text)
    return None if call is None else (call,)


def _decided(text: str) -> PlannedCall | None:
    """Deciding is not for a question: no text approves anything."""
    found = _DECIDE.match(text)
    if found is None or not (_ID.search(text) or re.search(r"\b(?:it|that|this|them|proposals?|plans?)$", text)):
        return None
    verb = {"accept": "approve", "sign off": "approve", "execute": "apply", "undo": "rollback", "revert": "rollback"}
    command = verb.get(found[1], found[1].replace(" ", ""))
    proposal = _ID.search(text)
    named = proposal[0] if proposal else "with its id, p-…"
    way = f"outlay proposals {command} {named}"
    reason = f"That takes a person whom the surface knows, with the plan before their eyes: {way}"
    return decline("refused", reason, ["What is waiting for approval?"])


def _told(text: str) -> PlannedCall | None:
    proposal = _ID.search(text)
    if proposal is not None and not _DECIDE.match(text):
        return PlannedCall(LIST, {"proposal": proposal[0]})
    if _WAITING.search(text):
        return PlannedCall(LIST)
    if _WHO.search(text) or (_WHAT_WAS.search(text) and "recommend" not in text):
        return PlannedCall(LIST, {"which": "all"})
    return None


def _too_vague(asked: Asked, text: str) -> PlannedCall | None:
    """Words that say which of the idle ones, and that the data don't know, are never passed over."""
    found = _STOP_IDLE.match(text)
    if found is None or _NOTICE.sub("", text[found.end() :]).strip(" ,.") == "" or _slice(asked):
        return None
    reason = "Which of them? Name a team or an environment as it stands in the data, or say: stop the idle ones."
    return decline("not_understood", reason, ["Which GPUs are idle?"])


def _proposed(asked: Asked, text: str) -> PlannedCall | None:
    arguments: dict[str, Any] | None = None
    if (named := _RECOMMENDATION.search(text)) and _PROPOSE.match(text):
        arguments = {"recommendation": named[0]}
    elif _STOP_IDLE.match(text):
        arguments = {"lever": "idle_gpu", **_slice(asked)}
    elif machines := _STOP_NAMED.match(text):
        arguments = {"action": "ec2_stop", "targets": re.findall(r"i-[0-9a-f]+", machines[1]), **_place(text)}
    elif resized := _RESIZE.match(text):
        change = {"instance_type": resized[2]}
        arguments = {"action": "ec2_resize", "targets": [resized[1]], "parameters": change, **_place(text)}
    elif _FIX.match(text) and asked.latest is not None and asked.latest.name in _SAVERS:
        said = {key: asked.latest.arguments[key] for key in ("lever", "owner") if asked.latest.arguments.get(key)}
        arguments = {**_SAVERS[asked.latest.name], **said}
    return None if arguments is None else PlannedCall(PROPOSE, arguments | _notice(text))


def _slice(asked: Asked) -> dict[str, str]:
    """The team and the environment that are named."""
    named = {
        one.dimension: one.values for one in asked.reading.filters if one.operator == "in" and len(one.values) == 1
    }
    keys = {"x_Team": "owner", "x_Environment": "environment"}
    return {key: named[dimension][0] for dimension, key in keys.items() if dimension in named}


def _place(text: str) -> dict[str, dict[str, str]]:
    region = _REGION.search(text)
    return {"place": {"region": region[1]}} if region else {}


def _notice(text: str) -> dict[str, int]:
    found = _NOTICE.search(text)
    if found is None:
        return {}
    return {"notice_hours": int(found[1]) * (24 if found[2].startswith("day") else 1)}
