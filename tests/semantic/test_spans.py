from datetime import date

import pytest

from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.semantic.spans import default_period, previous_period, span_of


def days(start: str, end: str) -> Period:
    return Period(start=date.fromisoformat(start), end=date.fromisoformat(end))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-11-23", days("2026-11-01", "2026-11-24")),
        ("2026-11-01", days("2026-10-01", "2026-11-01")),
        ("2026-11-02", days("2026-10-01", "2026-11-01")),
        ("2026-01-02", days("2025-12-01", "2026-01-01")),
        ("2026-11-03", days("2026-11-01", "2026-11-04")),
    ],
)
def test_no_period_means_the_month_to_date(as_of: str, expected: Period) -> None:
    assert default_period(date.fromisoformat(as_of)) == expected


@pytest.mark.parametrize(
    ("period", "as_of", "expected"),
    [
        (days("2026-11-01", "2026-11-24"), "2026-11-23", days("2026-10-01", "2026-10-24")),
        (days("2026-03-01", "2026-03-31"), "2026-03-30", days("2026-02-01", "2026-03-01")),
        (days("2026-10-01", "2026-11-01"), "2026-10-31", days("2026-09-01", "2026-10-01")),
        (days("2026-07-01", "2026-10-01"), "2026-11-23", days("2026-04-01", "2026-07-01")),
        (days("2026-10-05", "2026-10-12"), "2026-11-23", days("2026-09-28", "2026-10-05")),
    ],
)
def test_previous_is_the_same_kind_of_period_before(period: Period, as_of: str, expected: Period) -> None:
    assert previous_period(period, date.fromisoformat(as_of)) == expected


def test_a_comparison_clips_both_sides_to_the_loaded_days() -> None:
    query = CostQuery(period=days("2026-11-01", "2026-11-24"), compare_to="previous")
    span = span_of(query, date(2026, 11, 23), date(2026, 1, 1), date(2026, 11, 20))
    assert span.asked == days("2026-11-01", "2026-11-24")
    assert span.current == days("2026-11-01", "2026-11-21")
    assert span.previous == days("2026-10-01", "2026-10-21")
    assert any("data ends on 2026-11-20" in caveat for caveat in span.caveats)
