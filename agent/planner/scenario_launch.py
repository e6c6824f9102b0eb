"""A launch in people's words: "launch a bot with 20,000 requests a day on gpt-5.5-mini, ramping up over 30 days"."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from agent.planner.scenario_forms import MODEL

_NUMBER = r"(?P<count>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>k|m|thousand|million)?"
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_WITH = r"(?:\b(?:with|of|at|doing|making|serving|handling|getting|for|and|that\s+(?:makes|does|gets|serves))\s+)?"
_ABOUT = r"(?:(?:about|around|some|roughly|an?)\s+)?"
_ACT = re.compile(
    r"\b(?:launch(?:es|ed|ing)?|roll(?:s|ed|ing)?\s+out|introduc(?:e|es|ed|ing)|ship(?:s|ped|ping)?|"
    r"go(?:es|ing)?\s+live\s+with)\s+(?:(?!(?:with|on|for|of|at|doing|making|that|using|in|and|handling|serving)\b)"
    r"[\w'-]+\s*){1,4}",
    re.I,
)
_TRAFFIC = re.compile(
    rf"{_WITH}{_ABOUT}{_NUMBER}\s+(?:requests?|calls|api\s+calls|messages|queries)\s+(?:a|per|each|every|/)\s*day\b",
    re.I,
)
_RAMP = re.compile(
    rf"{_WITH}{_ABOUT}(?:\bramp(?:ing|ed|s)?(?:\s+(?:it|them|up))*\s+(?:over|in|within|during)\s+(?:the\s+first\s+)?"
    r"(?P<days>\d+)\s*(?P<unit>days?|weeks?)|\b(?P<days2>\d+)[\s-]+(?P<unit2>days?|weeks?)[\s-]+ramp(?:[\s-]?up)?)\b",
    re.I,
)
_TOKENS = re.compile(rf"{_WITH}{_ABOUT}{_NUMBER}\s+(?P<kind>input|prompt|output|completion)\s+tokens"
                     r"(?:\s+(?:each|per\s+request|a\s+request))?", re.I)  # fmt: skip
_ON = re.compile(rf"\b(?:on|with|using|calling|for)\s+(?!(?:on|with|using|for)\b)(?P<model>{MODEL})", re.I)


def launch_in(text: str, model: Callable[[str], str | None]) -> tuple[dict[str, Any], str] | None:
    """The launch that a text tells of, as the tool takes it, and the text without it; None without traffic or model.

    `model` gives the model that a word names.
    """
    if (act := _ACT.search(text)) is None:
        return None
    left = _without(text, act)
    if (traffic := _TRAFFIC.search(left)) is None:
        return None
    left, found = _without(left, traffic), {"requests_a_day": _count(traffic)}
    if (ramp := _RAMP.search(left)) is not None:
        weeks = (ramp["unit"] or ramp["unit2"]).lower().startswith("week")
        found["ramp_days"] = int(ramp["days"] or ramp["days2"]) * (7 if weeks else 1)
        left = _without(left, ramp)
    while (tokens := _TOKENS.search(left)) is not None:
        kind = "input" if tokens["kind"].lower() in ("input", "prompt") else "output"
        found[f"{kind}_tokens"] = _count(tokens)
        left = _without(left, tokens)
    for on in _ON.finditer(left):
        named = model(on["model"])
        if named is not None and re.search(r"[a-z]", named, re.I):
            return {"model": named, **found}, _without(left, on)
    return None


def _count(match: re.Match[str]) -> int:
    return int(Decimal(match["count"].replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1))


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
