"""What the planner answers with: calls of tools, and the two control calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

DeclineKind = Literal["not_understood", "refused", "no_data"]


@dataclass(frozen=True)
class PlannedCall:
    """A call by name, with arguments as plain JSON values."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


CONTROL_CALLS = frozenset({"ask_back", "decline"})
"""The calls that look nothing up."""
CONTINUED = frozenset(
    {
        "query_costs", "lookup_prices", "explain_change", "forecast_costs", "budget_status", "unit_economics",
        "allocate", "find_unowned", "simulate", "find_anomalies", "explain_anomaly", "commitments",
    }
)  # fmt: skip
"""The calls that a short question ("and by team?") goes on from."""


def ask_back(question: str, options: Sequence[str]) -> PlannedCall:
    """Two readings differ: `options` are full questions, each of which would be answered."""
    return PlannedCall("ask_back", {"question": question, "options": list(options)})


def decline(kind: DeclineKind, reason: str, suggestions: Sequence[str]) -> PlannedCall:
    """Nothing is looked up: `reason` says why, `suggestions` are questions that would be answered."""
    return PlannedCall("decline", {"kind": kind, "reason": reason, "suggestions": list(suggestions)})
