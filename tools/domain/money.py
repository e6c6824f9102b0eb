"""Money: an exact amount in one currency."""

from decimal import Context, Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict

from tools.domain.errors import MixedCurrencies

UNKNOWN_CURRENCY = "XXX"
"""ISO 4217's code for "no currency": what a file that names none is loaded with."""


_EXACT = Context(prec=90)
"""The store holds 38 digits; Python's default of 28 would round their sum."""


class Money(BaseModel):
    """An amount with its currency; no float ever holds it."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal
    currency: str

    def __add__(self, other: Self) -> Self:
        return self._with(_EXACT.add(self.amount, self._same(other)))

    def __sub__(self, other: Self) -> Self:
        return self._with(_EXACT.subtract(self.amount, self._same(other)))

    def __neg__(self) -> Self:
        return self._with(self.amount.copy_negate())

    def _with(self, amount: Decimal) -> Self:
        return self.model_copy(update={"amount": amount})

    def _same(self, other: Self) -> Decimal:
        if other.currency != self.currency:
            raise MixedCurrencies([self.currency, other.currency])
        return other.amount
