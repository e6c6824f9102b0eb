"""Parts sum to the whole, to the last of 24 decimals."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.inform.allocation.split import split

UNIT = Decimal("1e-24")
AMOUNTS = st.integers(-(10**37), 10**37).map(lambda units: Decimal(units).scaleb(-24))
WEIGHTS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=4),
    st.decimals(0, 10**12, places=6, allow_nan=False, allow_infinity=False),
    min_size=1,
    max_size=9,
).filter(lambda weights: any(weights.values()))


@given(AMOUNTS, WEIGHTS)
def test_parts_sum_to_the_amount_exactly(amount: Decimal, weights: dict[str, Decimal]) -> None:
    parts = split(amount, weights)
    assert sum(map(Fraction, parts.values())) == Fraction(amount)
    assert parts.keys() == weights.keys()


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_unit_away_from_its_exact_share(amount: Decimal, weights: dict[str, Decimal]) -> None:
    whole = sum(map(Fraction, weights.values()))
    for name, part in split(amount, weights).items():
        assert abs(Fraction(part) - Fraction(amount) * Fraction(weights[name]) / whole) < Fraction(UNIT)


@given(AMOUNTS, WEIGHTS)
def test_a_credit_is_split_as_the_charge_that_it_takes_back(amount: Decimal, weights: dict[str, Decimal]) -> None:
    back = split(amount.copy_negate(), weights)
    assert back == {name: part.copy_negate() for name, part in split(amount, weights).items()}


@given(AMOUNTS, WEIGHTS)
def test_the_order_of_payers_changes_nothing(amount: Decimal, weights: dict[str, Decimal]) -> None:
    turned = dict(reversed(list(weights.items())))
    assert split(amount, weights) == split(amount, turned)


def test_the_unit_that_is_left_goes_to_the_part_that_lost_most_and_then_by_name() -> None:
    assert split(UNIT, {"b": Decimal(1), "a": Decimal(1)}) == {"b": Decimal(0), "a": UNIT}
    assert split(UNIT, {"a": Decimal(1), "b": Decimal(2)}) == {"a": Decimal(0), "b": UNIT}


def test_nothing_is_split_over_nobody() -> None:
    with pytest.raises(ValueError, match="no weight"):
        split(Decimal(1), {"a": Decimal(0)})
