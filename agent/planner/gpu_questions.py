"""Questions on the GPU fleet as telemetry sees it: "which GPUs are idle", "utilisation by team last week"."""

import re

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.periods import periods, refused_time

_CARD = re.compile(r"\b(gb200|b200|h200|h100|a100|a10g|a10|l40s|l40|l4|v100|t4)s?\b")
_GPU = re.compile(
    r"\b(?:gpus?|graphics cards?|accelerators?|(?:gb200|b200|h200|h100|a100|a10g|l40s|l40|l4|v100|t4)s?)\b"
)
_IDLE = re.compile(
    r"\b(idle|idling|zombies?|unused|doing nothing|sit(?:ting)? around|not (?:being |in )?used?|without work|"
    r"(?:nobody|no one) (?:uses|touches|needs|works on|is using))\b"
)
_UTILIZATION = re.compile(r"\b(utili[sz]ation|utili[sz]ed|sm activity|sm active|how busy|busiest|busy)\b")
_MEMORY = re.compile(r"\b(memory|vram|hbm)\b")
_HELD = re.compile(r"\b(held|holds?|hold(?:ing)?|used|unused|taken|free|full|allocated|occupied|wasted|in use)\b")
_POWER = re.compile(r"\b(power|energy|watts?|kwh|electricity)\b")
_COST = re.compile(r"\b(costs?|cost us|spend|spent|pay(?:ing)?|paid|money|prices?|waste[ds]?|dollars?|bill(?:ed)?)\b")
_GROUPS = (
    ("team", r"teams?"),
    ("owner", r"owners?|users?|persons?|jobs?"),
    ("model", r"(?:gpu )?(?:models?|types?|kinds?)|cards?"),
    ("host", r"hosts?|nodes?|machines?|servers?"),
    ("gpu", r"gpus?"),
)
_ORDER = re.compile(
    r"\b(stop|kill|terminate|shut(?:ting)? ?down|turn(?:ing)? off|switch(?:ing)? off|delete|remove|buy|reserve|rent|"
    r"get rid|resize|scale|release|reclaim)\b"
)
_ADVICE = re.compile(
    r"^\s*(?:how (?:do|can|should|could|to|would|does)|why|should|shall|when (?:do|should)|explain|define|tips|"
    r"what (?:is|are) (?:an? )?(?:gpu|idle|zombie|sm|mfu)\b(?! utili[sz]ation (?:by|of|per|last|this|in))|is it)\b"
)
_ELSEWHERE = re.compile(
    r"\b(what if|forecast|will|would|next (?:week|month|quarter|year)|budget|commitments?|savings? plans?|"
    r"reservations?|reserved|tokens?|serving|coverage|more|fewer|throughput)\b"
)


def about_gpus(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The call that answers from telemetry; None for spend on GPUs, orders, advice and all else."""
    text = asked.question.lower()
    if _ORDER.search(text) or _ADVICE.search(text) or _ELSEWHERE.search(text):
        return None
    arguments = _measured(text)
    if arguments is None or refused_time(asked.reading) is not None:
        return None
    if card := _CARD.search(text):
        arguments["model"] = card[1].upper()
    teams = [value for one in asked.reading.names if one.dimension == "x_Team" for value in one.values]
    if len(teams) == 1:
        arguments["team"] = teams[0]
    when = periods(asked.reading, asked.as_of)
    if when.period is not None:
        arguments["period"] = when.period.model_dump(mode="json")
    return (PlannedCall("gpu_fleet", arguments),)


def _measured(text: str) -> dict[str, object] | None:
    """The measure and how it is grouped; None when the question asks for none of the fleet."""
    names_gpus, group = bool(_GPU.search(text)), _group(text)
    grouped = {"group_by": group} if group else {}
    if names_gpus and _IDLE.search(text) and _COST.search(text):
        return {"measure": "cost", **grouped}
    if _MEMORY.search(text) and _HELD.search(text) and (names_gpus or not _COST.search(text)):
        return {"measure": "memory", **grouped}
    if names_gpus and _IDLE.search(text):
        return {"measure": "activity", "states": ["idle", "zombie"]}
    if _COST.search(text):
        return None
    if _UTILIZATION.search(text) and (names_gpus or group):
        return {"measure": "utilization", "group_by": group or "fleet"}
    if _POWER.search(text) and (names_gpus or group):
        return {"measure": "power", **grouped}
    return None


def _group(text: str) -> str | None:
    """What the figures are asked by: "by team", "per node", "which team"."""
    for name, words in _GROUPS:
        if re.search(rf"\b(?:by|per|for each|each|every|which|what)\s+(?:{words})\b", text):
            return name
    return None
