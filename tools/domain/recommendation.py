"""Recommendation: what to change, what it would save, how sure that is, and what would prove it wrong.

`tools.optimize.focus_rows` tells it in the columns of the FOCUS 1.5 working draft.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.period import Period

Level = Literal["Very Low", "Low", "Medium", "High", "Very High"]
"""The draft's levels of ImplementationEffort and ImplementationRisk."""
Phase = Literal["usage", "rate"]
"""FinOps' own order: usage optimization first, then rates on the usage that is left."""
Cash = Literal["cash", "capacity", "power", "avoidance"]
"""What a saving is: `cash` lowers the next bill; `capacity` frees what a commitment pays for anyway, so that nothing
is saved until that is used for something else or ends; `power` is what an owned machine draws; `avoidance` keeps a
later bill from rising."""
Status = Literal["open", "accepted", "dismissed", "done"]
"""What a person decided; `open` before that, and when it is taken back."""


class Edit(BaseModel):
    """Multiplies the cost of the ledger's lines that match by `remaining`.

    A line matches when each column of `where` has one of the values given (None: no value).
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    where: Mapping[str, tuple[str | None, ...]]
    remaining: Fraction
    """What is left of the cost, and of the quantity: 0 stops it, 1/2 halves it; above 1 it costs more."""


class Recommendation(BaseModel):
    """One thing to do. Money is of one month, at the rates that are paid."""

    model_config = ConfigDict(frozen=True)

    lever: str
    """The lever's name, and the draft's RecommendationSubcategory: `batch`, `idle_gpu`."""
    phase: Phase = "usage"
    target: str
    """What is changed: a resource, a model, a team; with the lever it identifies the recommendation."""
    description: str
    edits: tuple[Edit, ...] = ()
    added_cost: Decimal = Decimal(0)
    """What the change itself costs a month: a cache, a smaller model's machine, a commitment's fee."""
    saving: Decimal = Decimal(0)
    """A month's saving by itself; set by joint recomputation of the edits, never by the lever."""
    low: Decimal | None = None
    high: Decimal | None = None
    """The range of the saving, where the evidence gives one."""
    currency: str
    cash: Cash = "cash"
    confidence: Decimal = Field(ge=0, le=1)
    effort: Level
    risk: Level
    evidence: tuple[str, ...]
    """What in the data says so, each with its figure."""
    steps: tuple[str, ...] = ()
    parameters: Mapping[str, str] = Field(default_factory=dict)
    """What an action would need to do it: {"instance": "g6e.xlarge"}."""
    proved_wrong_by: str
    """What would show that it does not hold."""
    exclusive: frozenset[str] = frozenset()
    """Targets that only one recommendation can act on: of two about one machine, one is done."""
    owner: str | None = None
    provider: str | None = None
    service: str | None = None
    resource_id: str | None = None
    region: str | None = None
    account: str | None = None
    period: Period
    """What the evidence is of."""
    created: date
    status: Status = "open"

    @property
    def id(self) -> str:
        """The same for the same lever and target, whenever it is found."""
        import hashlib

        return "r-" + hashlib.sha256(f"{self.lever}\0{self.target}".encode()).hexdigest()[:10]
