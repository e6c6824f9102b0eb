"""Periods are half-open spans of UTC days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.domain.period import Period

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
PERIODS = st.builds(lambda start, length: Period(start=start, end=start + timedelta(length)), DAYS, st.integers(1, 800))


@given(PERIODS)
def test_the_previous_period_has_the_same_length_and_ends_where_this_starts(period: Period) -> None:
    assert period.previous().days == period.days
    assert period.previous().end == period.start


@given(DAYS, st.integers(1, 18))
def test_the_period_before_whole_months_is_as_many_whole_months(day: date, months: int) -> None:
    period = Period.month_of(day)
    for _ in range(months - 1):
        period = Period(start=period.start, end=Period.month_of(period.end).end)
    assert period.whole_months == months
    assert period.preceding().whole_months == months
    assert period.preceding().end == period.start


@given(PERIODS, PERIODS)
def test_an_overlap_has_exactly_the_days_of_both(one: Period, two: Period) -> None:
    overlap = one.overlap(two)
    for day in (one.start, one.last_day, two.start, two.last_day):
        assert (overlap is not None and overlap.contains(day)) == (one.contains(day) and two.contains(day))


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValidationError, match="ends after it starts"):
        Period(start=date(2026, 10, 2), end=date(2026, 10, 1))
