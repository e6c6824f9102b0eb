"""The projection: weekday profile, outliers, intervals, and what it says when it knows too little."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tools.domain.period import Period
from tools.operate.run_rate import project

FIRST = date(2026, 8, 3)
"""A Monday."""


def series(days: int, weekday: str = "10", weekend: str = "10") -> dict[date, Decimal]:
    found = [FIRST + timedelta(days=n) for n in range(days)]
    return {day: Decimal(weekend if day.weekday() > 4 else weekday) for day in found}


def test_a_steady_rate_goes_on() -> None:
    daily = series(70)
    end = project(daily, Period(start=date(2026, 10, 1), end=date(2026, 11, 1)), max(daily))
    assert end is not None
    assert (end.mean, end.low, end.high, end.error) == (310, 310, 310, 0)


def test_weekends_are_projected_as_weekends() -> None:
    daily = series(70, weekday="10", weekend="2")
    end = project(daily, Period(start=date(2026, 10, 12), end=date(2026, 10, 19)), date(2026, 10, 11))
    assert end is not None
    assert [round(value, 6) for _, value in end.days] == [10, 10, 10, 10, 10, 2, 2]


def test_one_spike_does_not_become_the_rate() -> None:
    daily = {day: value + Decimal(number % 3) / 10 for number, (day, value) in enumerate(series(70).items())}
    daily[date(2026, 10, 8)] = Decimal(1000)
    end = project(daily, Period(start=date(2026, 10, 12), end=date(2026, 10, 13)), date(2026, 10, 11))
    assert end is not None
    assert end.mean < 12


def test_less_than_two_weeks_give_no_projection() -> None:
    daily = series(13)
    assert project(daily, Period(start=FIRST, end=FIRST + timedelta(days=30)), max(daily)) is None


def test_too_few_past_weeks_give_no_interval() -> None:
    daily = series(20)
    end = project(daily, Period(start=FIRST, end=FIRST + timedelta(days=30)), max(daily))
    assert end is not None
    assert (end.low, end.high) == (None, None)


@given(st.lists(st.integers(1, 10_000), min_size=60, max_size=90), st.integers(1, 40))
def test_the_interval_holds_the_mean_and_never_less_than_what_is_spent(costs: list[int], left: int) -> None:
    daily = {FIRST + timedelta(days=n): Decimal(cost) / 100 for n, cost in enumerate(costs)}
    through = max(daily)
    end = project(daily, Period(start=through - timedelta(days=9), end=through + timedelta(days=left + 1)), through)
    assert end is not None
    spent = sum(cost for day, cost in daily.items() if day >= through - timedelta(days=9))
    assert end.mean >= spent
    if end.low is not None and end.high is not None:
        assert spent <= end.low <= end.mean <= end.high
