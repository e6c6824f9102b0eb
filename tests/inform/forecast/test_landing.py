"""Where a span of days ends: what it says when it knows much, little, and too little."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.domain.period import Period
from tools.inform.forecast.future_prices import PriceChange
from tools.inform.forecast.landing import land

FIRST = date(2026, 8, 3)
"""A Monday."""
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))


def amounts(days: int, weekday: str = "10", weekend: str = "10") -> list[Decimal]:
    found = [FIRST + timedelta(days=n) for n in range(days)]
    return [Decimal(weekend if day.weekday() > 4 else weekday) for day in found]


def test_a_steady_rate_goes_on() -> None:
    end = land(FIRST, amounts(70), OCTOBER)
    assert end is not None
    assert (end.mean, end.low, end.high, end.error) == (310, 310, 310, 0)
    assert [day for day, _ in end.days] == [date(2026, 10, 12) + timedelta(days=n) for n in range(20)]


def test_weekends_are_projected_as_weekends() -> None:
    end = land(FIRST, amounts(70, "10", "2"), Period(start=date(2026, 10, 12), end=date(2026, 10, 19)))
    assert end is not None
    assert [float(value) for _, value in end.days] == pytest.approx([10, 10, 10, 10, 10, 2, 2])


def test_one_spike_does_not_become_the_rate() -> None:
    daily = [value + Decimal(number % 3) / 10 for number, value in enumerate(amounts(70))]
    daily[66] = Decimal(1000)
    end = land(FIRST, daily, Period(start=date(2026, 10, 12), end=date(2026, 10, 13)))
    assert end is not None
    assert end.mean < 12


def test_a_price_that_halves_halves_the_days_from_then_on() -> None:
    change = PriceChange((), "m-large", "input", date(2026, 10, 22), 1.0, 0.5)
    end = land(FIRST, amounts(70), OCTOBER, [change])
    assert end is not None
    assert end.mean == 110 + 10 * 10 + 10 * 5


def test_less_than_a_week_gives_no_end() -> None:
    assert land(FIRST, amounts(6), Period(start=FIRST, end=FIRST + timedelta(days=7))) is None


def test_a_month_of_days_does_not_carry_a_year() -> None:
    assert land(FIRST, amounts(30), Period(start=FIRST, end=FIRST + timedelta(days=365))) is None


def test_under_four_weeks_the_last_week_goes_on_without_an_interval() -> None:
    end = land(FIRST, amounts(20, "10", "2"), Period(start=FIRST, end=FIRST + timedelta(days=28)))
    assert end is not None
    assert (end.mean, end.low, end.high, end.error) == (4 * 54, None, None, None)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 10_000), min_size=80, max_size=90), st.integers(1, 40))
def test_the_interval_holds_the_mean_and_never_less_than_what_is_spent(costs: list[int], left: int) -> None:
    daily = [Decimal(cost) / 100 for cost in costs]
    last = FIRST + timedelta(days=len(daily) - 1)
    end = land(FIRST, daily, Period(start=last - timedelta(days=9), end=last + timedelta(days=left + 1)))
    assert end is not None
    assert end.low is not None
    assert end.high is not None
    assert sum(daily[-10:]) <= end.low <= end.mean <= end.high
    assert len(end.days) == left
