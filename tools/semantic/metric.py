"""Metric: what can be measured, as knowledge/metrics.yaml declares it."""

from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

TimeBasis = Literal["charge", "billing"]
SPLITTING_UNITS = ("PricingCurrency", "ConsumedUnit", "PricingUnit")
"""Columns whose values name units; amounts are never summed across them."""

MONEY = frozenset({"BilledCost", "EffectiveCost", "ListCost", "ContractedCost"})
"""Columns in BillingCurrency."""


class Condition(BaseModel):
    """Which rows count; all parts are ANDed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    unless: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    virtual: str | None = None
    """A currency column that names no national currency (ISO 4217 codes are three capitals)."""

    @property
    def required(self) -> frozenset[str]:
        """Columns without which no row can be told to count; `unless` needs none."""
        names = {*self.when, *self.present, *self.absent}
        return frozenset(names | ({self.virtual} if self.virtual else set()))

    def __bool__(self) -> bool:
        return bool(self.required or self.unless)


class Term(Condition):
    """A sum over the rows of its condition; `count: rows` counts them instead."""

    sum: str | None = None
    count: Literal["rows"] | None = None
    times: str | None = None
    minus: bool = False

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.sum is None) == (self.count is None):
            raise ValueError("a term has either `sum` or `count`")
        return self


class Metric(Condition):
    """`numerator`, or `numerator` / `denominator` × `scale`, over the rows of its conditions."""

    name: str
    label: str
    unit: str
    description: str
    synonyms: tuple[str, ...] = ()
    numerator: tuple[Term, ...] = Field(min_length=1)
    denominator: tuple[Term, ...] = ()
    scale: int = 1
    any: tuple[Condition, ...] = ()
    time: TimeBasis = "charge"
    counts: Literal["cost", "usage"] = "cost"
    source: str | None = None
    """Where the formula comes from."""

    @property
    def additive(self) -> bool:
        """Whether parts sum to the whole; ratios do not."""
        return not self.denominator

    @cached_property
    def monetary(self) -> bool:
        """Whether it sums money in BillingCurrency, be it inside a ratio."""
        return sums_money(self.terms)

    @cached_property
    def unit_column(self) -> str | None:
        """The column whose values are its units, where it may not be summed across them."""
        return next((column for column in SPLITTING_UNITS if f"{{{column}}}" in self.unit), None)

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.numerator + self.denominator


def sums_money(terms: tuple[Term, ...]) -> bool:
    """Whether one of the terms is an amount in BillingCurrency."""
    return any(term.sum in MONEY for term in terms)
