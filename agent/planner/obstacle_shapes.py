"""Obstacles in the shape of what is said: code and templates, orders in the words of a question, nothing pointed at."""

import re
from collections.abc import Sequence

from agent.planner.calls import PlannedCall, ask_back, decline
from agent.planner.reading import Reading
from agent.planner.senses import Span

_CODE = re.compile(
    r"\w\(\w+\(|\w\[[\"']\w+[\"']\]|^\s*(?:def|class)\s\w+\s*[(:]|^\s*from\s[\w.]+\simport\s|^\s*import\s\w+\s*$"
    r"|^\s*traceback \(most recent|\{\{.*\}\}|^\s*(?-i:SELECT\s.+\sFROM\s.+)",
    re.IGNORECASE | re.DOTALL,
)
"""Code, templates and SQL in capitals: "select the top models from October" is a question."""
_TAKE_AWAY = frozenset(["remove", "take"])
_THINGS = frozenset(["ResourceName", "ResourceId", "ResourceType"])
"""What can be taken away in the world, not only left out of a sum."""


def shape_obstacle(question: str, reading: Reading, ideas: Sequence[str]) -> PlannedCall | None:
    """Code, which is no question, and "the one from before" with nothing to point at."""
    if _CODE.search(question):
        reason = "That is code rather than a question; ask in words, or run a SELECT with /sql in outlay chat."
        return decline("not_understood", reason, ideas)
    if points_at_nothing(reading):
        return ask_back("Which one from before is meant? Ask for it in full, as in these.", ideas)
    return None


def points_at_nothing(reading: Reading) -> bool:
    """the one from before: no thing, no period, and nothing after "before"."""
    last = reading.spans[-1] if reading.spans else None
    says = reading.metrics or reading.filters or reading.groups or reading.times
    return last is not None and last.kind == "exclude" and not says and reading.text(last).lower() == "before"


def order_to_take_away(reading: Reading) -> Span | None:
    """remove the team's resources: an order, where "remove the credits" leaves a part out of the sum."""
    first = reading.spans[0] if reading.spans else None
    if first is None or first.kind != "exclude" or reading.tokens[first.start].low not in _TAKE_AWAY:
        return None
    things = any(span.kind == "dimension" and span.value in _THINGS for span in reading.spans)
    return first if things and not reading.metrics else None
