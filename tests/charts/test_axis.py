from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.charts.axis import axis_label, date_mark, mark_text, marks, thinned


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "USD", "$0"),
        (20_000, "USD", "$20K"),
        (-1_500_000, "USD", "-$1.5M"),
        (0.002, "USD", "$0.002"),
        (2.5, "CHF", "CHF 2.5"),
        (1_500_000_000, "tokens", "1.5B"),
        (0.4, "ratio", "40 %"),
        (3.25, "USD/1M tokens", "$3.25"),
    ],
)
def test_a_mark_is_short_and_has_its_currency(value: float, unit: str, text: str) -> None:
    assert mark_text(value, unit) == text


def test_an_axis_says_what_and_in_which_unit() -> None:
    assert axis_label("effective cost", "USD") == "effective cost (USD)"
    assert axis_label("tokens", "tokens") == "tokens"
    assert axis_label("unit price", "USD/1M tokens") == "unit price (USD per million tokens)"


@given(st.floats(-1e15, 1e15), st.floats(0, 1e15), st.integers(2, 8))
def test_marks_are_few_and_lie_around_all_values(low: float, size: float, most: int) -> None:
    at = marks(low, low + size, most)
    assert at[0] <= low + 1e-6 * max(1, abs(low), size)
    assert at[-1] >= low + size - 1e-6 * max(1, abs(low), size)
    assert 2 <= len(at) <= most + 3


def test_a_date_is_as_fine_as_its_buckets() -> None:
    moment = datetime(2026, 10, 6, 14, tzinfo=UTC)
    assert [date_mark(moment, unit) for unit in ("hour", "day", "week", "month", "quarter", "year")] == [
        "14:00", "6 Oct", "6 Oct", "Oct 2026", "Q4 2026", "2026",
    ]  # fmt: skip


def test_too_many_marks_are_thinned_evenly() -> None:
    assert list(thinned(31, 7)) == [0, 5, 10, 15, 20, 25, 30]
