"""Allocation rules: who pays for a charge, and how shared cost is split; see tools.inform.allocation.

Dates are UTC days, `from` inclusive and `until` exclusive, and are compared with the day of the charge.
"""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.domain.scope import Filter

Split = Literal["even", "proportional", "weighted"]
Part = Literal["direct", "shared", "fallback", "unallocated", "adjustment"]
"""`direct`: a charge's own name, its owner, or a rule that names one payer. `shared`: a split. `fallback`: either, for
charges that nothing else gave a payer. `adjustment`: a restatement of an earlier, issued period."""


class Rule(BaseModel):
    """The charges that all of `where` fit, and who pays for them: one `target`, the name in `take`, or a split."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = Field(min_length=1, max_length=100)
    where: tuple[Filter, ...] = ()
    start: date | None = Field(default=None, alias="from")
    until: date | None = None
    target: str | None = Field(default=None, min_length=1)
    take: str | None = None
    """A dimension whose value names the payer, such as tag:cost-center; charges without one do not fit."""
    names: dict[str, str] = Field(default_factory=dict)
    """For `take`: value → payer; values that are not listed name themselves."""
    split: Split | None = None
    among: tuple[str, ...] = ()
    """For a split: the payers; none: all with direct cost in that month."""
    metric: str = "EffectiveCost"
    """For a proportional split: of which metric of the payers in that month."""
    metric_where: tuple[Filter, ...] = ()
    weights: dict[str, Decimal] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_who_pays(self) -> Self:
        said = [name for name in ("target", "take", "split") if getattr(self, name) is not None]
        if len(said) != 1:
            raise ValueError(f"needs exactly one of target, take and split; it has {' and '.join(said) or 'none'}")
        if self.start and self.until and self.until <= self.start:
            raise ValueError(f"until ({self.until}, exclusive) has to come after from ({self.start})")
        if self.names and self.take is None:
            raise ValueError("names belongs to take: it says which payer a value stands for")
        self._check_split()
        return self

    def _check_split(self) -> None:
        if self.split == "weighted" and not self.weights:
            raise ValueError("a weighted split needs weights: {payer: number}")
        if self.weights and (self.split != "weighted" or self.among):
            raise ValueError("weights name the payers of split: weighted; they go with no other split and no among")
        if any(weight < 0 or not weight.is_finite() for weight in self.weights.values()):
            raise ValueError("weights are numbers from 0")
        if self.weights and not any(self.weights.values()):
            raise ValueError("at least one weight has to be more than 0")
        if (self.among or self.metric_where) and self.split is None:
            raise ValueError("among and metric_where belong to a split")
        if len(set(self.among)) != len(self.among):
            raise ValueError("among names a payer twice")

    @property
    def payers(self) -> tuple[str, ...]:
        """The payers that the rule itself names."""
        return (*((self.target,) if self.target else ()), *self.among, *self.weights, *self.names.values())


class DimensionRules(BaseModel):
    """How one dimension's values, such as teams, pay for charges.

    The first of `rules` that fits a charge decides; then its own value of the dimension; then its owner; then the
    first of `fallback` that fits. What is left is unallocated.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...] = ()
    owners: bool = True
    fallback: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _are_told_apart(self) -> Self:
        names = [rule.name for rule in (*self.rules, *self.fallback)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two rules are called {twice[0]!r}; each needs a name of its own")
        return self


class AllocationRules(BaseModel):
    """Rules by dimension, such as x_Team, x_Project, x_UseCase, tag:cost-center."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allocate: dict[str, DimensionRules] = Field(default_factory=dict)

    def of(self, dimension: str) -> DimensionRules:
        return self.allocate.get(dimension, DimensionRules())

    @property
    def digest(self) -> str:
        """The same for rules that say the same, however the file is laid out."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()[:12]


NO_RULES = AllocationRules()
