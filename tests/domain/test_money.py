"""Money adds up exactly, within one currency."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.domain.errors import MixedCurrencies
from tools.domain.money import Money

AMOUNTS = st.integers(-(10**38), 10**38).map(lambda units: Decimal(units).scaleb(-24))


@given(AMOUNTS, AMOUNTS)
def test_sums_and_differences_keep_every_digit(one: Decimal, two: Decimal) -> None:
    a, b = Money(amount=one, currency="USD"), Money(amount=two, currency="USD")
    assert Fraction((a + b).amount) == Fraction(one) + Fraction(two)
    assert Fraction((a - b).amount) == Fraction(one) - Fraction(two)
    assert Fraction((-a).amount) == -Fraction(one)


def test_currencies_never_add_up_silently() -> None:
    with pytest.raises(MixedCurrencies, match="EUR, USD"):
        Money(amount=Decimal(1), currency="USD") + Money(amount=Decimal(1), currency="EUR")
