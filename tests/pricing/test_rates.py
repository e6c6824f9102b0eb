"""Unit prices and payloads: exact products, tiers, disjoint counts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.domain.errors import BadInput
from tools.pricing.meters import Meter
from tools.pricing.payloads import disjoint
from tools.pricing.rates import Rate, RateCard, fits_store, per_unit, worth

PRICE = st.decimals(min_value=0, max_value=10**6, places=6)


@given(price=PRICE, quantity=st.integers(min_value=0, max_value=10**15))
def test_a_cost_is_quantity_times_unit_price_to_the_last_digit(price: Decimal, quantity: int) -> None:
    assert worth(quantity, per_unit(price, 1_000_000)) * 1_000_000 == price * quantity


def test_a_tier_holds_for_all_tokens_of_a_longer_request() -> None:
    rate = Rate(Decimal(2), tiers=((500_000, Decimal(8)), (200_000, Decimal(4))))
    assert [rate.price_at(tokens) for tokens in (200_000, 200_001, 500_000, 500_001)] == [2, 4, 4, 8]


def test_the_nearest_price_stands_in_for_a_missing_one() -> None:
    rates = {
        Meter("input"): Rate(Decimal(1)),
        Meter("input", "audio"): Rate(Decimal(9)),
        Meter("output"): Rate(Decimal(3)),
    }
    card = RateCard("m", "USD", "a list", rates)
    asked = [Meter("input", "audio", "tool"), Meter("cached_input", "audio"), Meter("cached_input"), Meter("reasoning")]
    found = [card.unit_price(meter) for meter in asked]
    assert [price.priced_as for price in found if price] == [
        Meter("input", "audio"),
        Meter("input", "audio"),
        Meter("input"),
        Meter("output"),
    ]


def test_another_meter_has_no_stand_in() -> None:
    assert RateCard("m", "USD", "a list", {Meter("input"): Rate(Decimal(1))}).unit_price(Meter("images")) is None


def test_a_price_that_one_token_cannot_hold_is_found() -> None:
    assert fits_store(Decimal("0.30"), 1_000_000)
    assert not fits_store(Decimal(1), 3)


TOKENS = st.integers(min_value=0, max_value=10**9)


@given(plain=TOKENS, cached=TOKENS, short=TOKENS, long=TOKENS, output=TOKENS, reasoning=TOKENS)
def test_disjoint_counts_sum_to_the_totals(
    plain: int, cached: int, short: int, long: int, output: int, reasoning: int
) -> None:
    reported = {
        "input_tokens": plain + cached + short + long,
        "cache_read_tokens": cached,
        "cache_write_tokens": short + long,
        "cache_write_5m_tokens": short,
        "cache_write_1h_tokens": long,
        "output_tokens": output + reasoning,
        "output_reasoning_tokens": reasoning,
    }
    found = disjoint({key: Decimal(value) for key, value in reported.items()})
    assert found == {
        Meter("input"): plain,
        Meter("cached_input"): cached,
        Meter("cache_write"): 0,
        Meter("cache_write", variant="5m"): short,
        Meter("cache_write", variant="1h"): long,
        Meter("output"): output,
        Meter("reasoning"): reasoning,
    }


def test_a_part_that_exceeds_its_whole_is_refused() -> None:
    with pytest.raises(BadInput, match="input_tokens=1 is less than its parts"):
        disjoint({"input_tokens": Decimal(1), "cache_read_tokens": Decimal(2)})
