"""Decisions on recommendations beside what the data say now: what is done should not be found any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.answer.display import money_text

if TYPE_CHECKING:
    from agent.state.recommendation_decisions import Decision
    from tools.domain.recommendation import Recommendation


@dataclass(frozen=True)
class Checked:
    """A decision, and what the same recommendation would save now; None: the data no longer show it."""

    decision: "Decision"
    saving_now: Decimal | None

    @property
    def verdict(self) -> str:
        """`expired`: open or accepted, but gone from the data; `done, still found`: it did not take effect."""
        found = self.saving_now is not None
        if self.decision.status == "done":
            return "done, still found" if found else "done"
        if self.decision.status == "dismissed":
            return "dismissed"
        return self.decision.status if found else "expired"

    def told(self) -> str:
        """One line for people."""
        one = self.decision
        then = money_text(one.saving, one.currency)
        now = "no longer found" if self.saving_now is None else f"{money_text(self.saving_now, one.currency)} now"
        why = f" ({one.reason})" if one.reason else ""
        return f"{one.recommendation}  {self.verdict}{why}: {one.description}; {then} a month then, {now}"

    def as_json(self) -> dict[str, str | None]:
        one = self.decision
        return {
            "recommendation": one.recommendation,
            "status": self.verdict,
            "reason": one.reason,
            "description": one.description,
            "saving": str(one.saving),
            "saving_now": None if self.saving_now is None else str(self.saving_now),
            "currency": one.currency,
            "decided_by": one.given_by,
            "decided_at": one.at,
        }


def checked(decisions: Mapping[str, "Decision"], found: Iterable["Recommendation"]) -> tuple[Checked, ...]:
    """Each decision beside today's finding of the same id, the newest decision first."""
    now = {one.id: one.saving for one in found}
    newest = sorted(decisions.values(), key=lambda one: one.at, reverse=True)
    return tuple(Checked(one, now.get(one.recommendation)) for one in newest)
