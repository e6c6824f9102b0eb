"""What would be different, in people's words: taken out of a question, with the words that are left."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agent.planner.scenario_forms import (
    CHEAPER_FORM,
    COMMITMENT_FORM,
    GPU_FORM,
    MODEL,
    batch_forms,
    cache_forms,
    cheaper_factor,
    factors,
    share_of,
    switch_forms,
    words,
)
from agent.planner.scenario_launch import launch_in

_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10}
_DANGLING = re.compile(r"\b(?:of|with|on|for|in|at|the|a|an|its|their|through)\s*$", re.I)


ModelNamed = Callable[[str], str | None]
"""The model that a word names, as the data spells it; None for a word that is no model's name."""


@dataclass
class Said:
    """The levers that were found, as arguments of `simulate`, and what is left of the text."""

    left: str
    model: ModelNamed
    levers: dict[str, Any] = field(default_factory=dict)


def changes(text: str, model: ModelNamed) -> Said:
    """Take every change out of a question; each lever is found once."""
    said = Said(f" {text} ", model)
    for find in _FINDERS:
        find(said)
    return said


def supposes(text: str) -> bool:
    """Whether it asks what would be, rather than what was."""
    return re.search(rf"\b(?:{words('supposes')})\b", text, re.I) is not None


def without_leftovers(text: str) -> str:
    """What is left of a question when its changes and the words around them are gone: the slice and the period."""
    left = re.sub(rf"(?<![\w.-])(?:{words('leftover')})(?![\w-]|\.\d)", " ", text, flags=re.I)
    left = " ".join(re.sub(r"[?!,]|\.(?=\s|$)", " ", left).split())
    while (shorter := _DANGLING.sub("", left).strip()) != left:
        left = shorter
    return left


def _switch(said: Said) -> None:
    for form in switch_forms():
        for match in re.finditer(form, said.left, re.I):
            old, new = said.model(match["old"]), said.model(match["new"])
            if old and new:
                part = match.groupdict().get("share")
                of = {"share": _text(share_of(part))} if part else {}
                said.levers["switch"] = {"from_model": old, "to_model": new, **of}
                _take(said, match)
                return


def _share(lever: str, forms: Callable[[], tuple[str, ...]]) -> Callable[[Said], None]:
    def find(said: Said) -> None:
        for form in forms():
            if (match := re.search(form, said.left, re.I)) is not None:
                said.levers[lever] = _text(share_of(match["share"]))
                _take(said, match)
                return

    return find


def _launch(said: Said) -> None:
    if (found := launch_in(said.left, said.model)) is not None:
        said.levers["launch"], said.left = found


def _gpus(said: Said) -> None:
    if (match := re.search(GPU_FORM, said.left, re.I)) is not None:
        count = _COUNTS.get(match["count"].lower()) or int(match["count"])
        fewer = match["sign"].lower() in ("fewer", "less")
        said.levers["more_gpus"] = {"kind": match["kind"].upper(), "count": -count if fewer else count}
        _take(said, match)


def _commitment(said: Said) -> None:
    if (match := re.search(COMMITMENT_FORM, said.left, re.I)) is not None:
        discount = _text(Decimal(match["discount"]) / 100)
        said.levers["commitment"] = {"kind": match["kind"].upper(), "count": int(match["count"]), "discount": discount}
        _take(said, match)


def _prices(said: Said) -> None:
    named = rf"(?P<of>{MODEL})(?:'s)?\s+(?:list\s+|unit\s+)?(?:{words('price')})"
    for match, factor in factors(said.left, named):
        if (model := said.model(match["of"])) is not None:
            said.levers["price_change"] = {"factor": _text(factor), "model": model}
            _take(said, match)
            return
    for match, factor in factors(said.left, rf"(?:{words('price')})"):
        said.levers["price_change"] = {"factor": _text(factor)}
        _take(said, match)
        return
    cheaper = re.search(CHEAPER_FORM, said.left, re.I)
    if cheaper is not None and (model := said.model(cheaper["of"])) is not None:
        said.levers["price_change"] = {"factor": _text(cheaper_factor(cheaper)), "model": model}
        _take(said, cheaper)


def _scaled(lever: str, subject: str) -> Callable[[Said], None]:
    def find(said: Said) -> None:
        for match, factor in factors(said.left, rf"(?:{words(subject)})"):
            said.levers[lever] = _text(factor)
            _take(said, match)
            return

    return find


_FINDERS: tuple[Callable[[Said], None], ...] = (
    _launch, _switch, _share("cache_hit_rate", cache_forms), _share("batch_share", batch_forms), _commitment, _gpus,
    _prices,
    _scaled("prompt_length", "prompt"), _scaled("completion_length", "completion"), _scaled("traffic", "traffic"),
)  # fmt: skip
"""In this order: "half of the requests went through batch" is no half of the traffic."""


def _take(said: Said, match: re.Match[str]) -> None:
    """Take a change out, and leave the words inside it that may name the slice."""
    keep = match.groupdict().get("keep") or ""
    said.left = f"{said.left[: match.start()]} {keep} {said.left[match.end() :]}"


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")
