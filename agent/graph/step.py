"""Step: what the agent is doing, told to whoever waits for the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

StepKind = Literal["plan", "tool", "write", "check", "answer"]
LONGEST_DETAIL = 160
_UNSET: tuple[object, ...] = (None, False, [], (), {})


@dataclass(frozen=True)
class Step:
    """Begun, not done. `detail` may hold what a model wrote: show it as data. At `answer` the answer is certain."""

    kind: StepKind
    detail: str = ""


Progress = Callable[[Step], None]


def call_text(name: str, arguments: Mapping[str, Any]) -> str:
    """`query_costs group_by=x_Model limit=5`: a call with the arguments that are set, cut when it is long."""
    said = " ".join(f"{key}={_value(value)}" for key, value in arguments.items() if value not in _UNSET)
    text = f"{name} {said}".strip()
    return text if len(text) <= LONGEST_DETAIL else text[: LONGEST_DETAIL - 1] + "…"


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(_value(one) for one in value)
    if isinstance(value, Mapping):
        return "/".join(_value(one) for one in value.values() if one not in _UNSET)
    return str(value)
