"""Provisioned throughput is sized on the hourly curve."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.optimize.commitments.offers import ProvisionedOffer
from tools.optimize.commitments.throughput import size


def offer(minimum: int = 1, increment: int = 1, rate: str = "5") -> ProvisionedOffer:
    return ProvisionedOffer(
        provider="p", models=("m",), unit="unit", tokens_per_minute=Decimal(1), output_weight=Decimal(4),
        minimum=minimum, increment=increment, rate=Decimal(rate), term="hourly", currency="USD", source="s",
        checked=date(2026, 11, 1),
    )  # fmt: skip


@given(tokens=st.lists(st.integers(0, 600), min_size=1, max_size=30), minimum=st.integers(1, 3), step=st.integers(1, 3))
def test_no_number_of_units_that_can_be_bought_saves_more(tokens: list[int], minimum: int, step: int) -> None:
    cost = Fraction(sum(tokens), 10)
    found = size(np.array(tokens, dtype=float), cost, offer(minimum, step))
    savings = [Fraction(0)]
    for units in range(minimum, 40, step):
        inside = Fraction(sum(min(one, units * 60) for one in tokens), sum(tokens) or 1)
        savings.append(cost * inside - 5 * units * len(tokens))
    assert abs(found.saving - max(savings)) < Fraction(1, 10**6)


def test_nothing_is_bought_for_a_single_peak() -> None:
    assert size(np.array([600.0] + [0.0] * 100), Fraction(60), offer()).units == 0
