"""Closing: what was charged back for a month, as it was issued; it never changes afterwards."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from tools.domain.allocation import AllocationRules, Part
from tools.domain.period import Period


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Fact):
    """What a payer bears of one service's cost, and why. `payer` None: nobody, it is unallocated."""

    currency: str | None
    provider: str | None
    service: str | None
    part: Part
    rule: str | None
    payer: str | None
    cost: Decimal


class Adjustment(_Fact):
    """What a payer was charged too little (+) or too much (-) for an earlier month, by data that came later."""

    month: date
    currency: str | None
    payer: str | None
    cost: Decimal


class Statement(_Fact):
    """The month's charges by the payers of one dimension, and adjustments of months issued before."""

    dimension: str
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...] = ()


class Accrual(_Fact):
    """Cost of usage that is in the month's statement before its invoice: by the provider's usage, or an estimate."""

    provider: str | None
    basis: str
    currency: str | None
    first_day: date
    last_day: date
    cost: Decimal


class Closing(_Fact):
    """A closed month. `rules` are those it was issued under; restatements are measured by them."""

    month: date
    generation: int
    """The store's generation that it was read from."""
    loaded_through: date
    rules: AllocationRules
    statements: tuple[Statement, ...]
    accruals: tuple[Accrual, ...] = ()
    closed_at: datetime
    closed_by: str

    @property
    def period(self) -> Period:
        return Period.month_of(self.month)

    def statement(self, dimension: str) -> Statement | None:
        """The statement of a dimension; None where none was issued."""
        return next((one for one in self.statements if one.dimension == dimension), None)
