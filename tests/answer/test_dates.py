from datetime import date

import pytest

from agent.answer.dates import bucket_text, period_text
from tools.domain.period import Period


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2026-10-01", "2026-11-01", "October 2026"),
        ("2026-11-01", "2026-11-23", "1–22 November 2026 (month to date)"),
        ("2026-11-02", "2026-11-23", "2–22 November 2026"),
        ("2026-11-01", "2026-11-21", "1–20 November 2026"),
        ("2026-07-01", "2026-10-01", "Q3 2026"),
        ("2026-08-01", "2026-11-01", "August to October 2026"),
        ("2025-11-01", "2026-02-01", "November 2025 to January 2026"),
        ("2026-01-01", "2026-07-01", "H1 2026"),
        ("2026-01-01", "2027-01-01", "2026"),
        ("2026-10-06", "2026-10-07", "6 October 2026"),
        ("2026-09-28", "2026-10-05", "28 September to 4 October 2026"),
        ("2025-12-29", "2026-01-05", "29 December 2025 to 4 January 2026"),
        ("2026-01-01", "2026-11-23", "1 January to 22 November 2026 (year to date)"),
        ("2026-10-01", "2026-11-23", "1 October to 22 November 2026 (quarter to date)"),
    ],
)
def test_periods_read_as_people_write_them(start: str, end: str, text: str) -> None:
    period = Period(start=date.fromisoformat(start), end=date.fromisoformat(end))
    assert period_text(period, as_of=date(2026, 11, 22)) == text


@pytest.mark.parametrize(
    ("cell", "granularity", "text"),
    [
        ("2026-10-06", "day", "6 October 2026"),
        ("2026-10-05", "week", "week of 5 October 2026"),
        ("2026-10-01", "month", "October 2026"),
        ("2026-10-01", "quarter", "Q4 2026"),
        ("2026-01-01", "year", "2026"),
        ("2026-10-06T13:00:00", "hour", "6 October 2026 13:00 UTC"),
        ("Monday", "weekday", "Monday"),
    ],
)
def test_time_buckets_read_by_their_granularity(cell: str, granularity: str, text: str) -> None:
    assert bucket_text(cell, granularity) == text  # type: ignore[arg-type]
