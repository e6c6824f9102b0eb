"""What a lever is: one way of saving, with what it needs to know and what it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.ledger import Ledger
from tools.registry import ToolContext


@dataclass(frozen=True)
class Preflight:
    """Whether a lever can judge this store at all; `missing` says what would let it, for people."""

    missing: str | None = None

    @property
    def can_judge(self) -> bool:
        return self.missing is None


READY = Preflight()


class Lever(Protocol):
    """One file a lever. It reads; it changes nothing."""

    @property
    def name(self) -> str:
        """Its identifier, as in `batch` or `idle_gpu`."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def phase(self) -> Phase: ...

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        """What is missing for a judgement; quick."""
        ...

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        """What it would change. A `rate` lever gets a ledger from which usage savings are already taken."""
        ...
