"""Dates in words, on Monday 23 November 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.planner import Lexicon
from agent.planner.planner import plan
from agent.planner.text import tokenise
from agent.planner.times import TimeReader
from tests.planner.conftest import Ask
from tests.planner.world import AS_OF, World

PERIODS: dict[str, str] = {
    "today": "2026-11-23..2026-11-24",
    "yesterday": "2026-11-22..2026-11-23",
    "the day before yesterday": "2026-11-21..2026-11-22",
    "last week": "2026-11-16..2026-11-23",
    "the previous week": "2026-11-16..2026-11-23",
    "this week": "2026-11-23..2026-11-24",
    "wtd": "2026-11-23..2026-11-24",
    "last month": "2026-10-01..2026-11-01",
    "previous month": "2026-10-01..2026-11-01",
    "the last full month": "2026-10-01..2026-11-01",
    "the last calendar month": "2026-10-01..2026-11-01",
    "this month": "2026-11-01..2026-11-24",
    "the current month": "2026-11-01..2026-11-24",
    "month to date": "2026-11-01..2026-11-24",
    "month-to-date": "2026-11-01..2026-11-24",
    "MTD": "2026-11-01..2026-11-24",
    "so far this month": "2026-11-01..2026-11-24",
    "this month so far": "2026-11-01..2026-11-24",
    "since the beginning of the month": "2026-11-01..2026-11-24",
    "last quarter": "2026-07-01..2026-10-01",
    "this quarter": "2026-10-01..2026-11-24",
    "QTD": "2026-10-01..2026-11-24",
    "last year": "2025-01-01..2026-01-01",
    "this year": "2026-01-01..2026-11-24",
    "year to date": "2026-01-01..2026-11-24",
    "ytd": "2026-01-01..2026-11-24",
    "in 2026": "2026-01-01..2027-01-01",
    "the year 2025": "2025-01-01..2026-01-01",
    "last 7 days": "2026-11-16..2026-11-23",
    "the past seven days": "2026-11-16..2026-11-23",
    "trailing 30 days": "2026-10-24..2026-11-23",
    "past 3 months": "2026-08-01..2026-11-01",
    "the last twelve months": "2025-11-01..2026-11-01",
    "last 2 quarters": "2026-04-01..2026-10-01",
    "last two weeks": "2026-11-09..2026-11-23",
    "last weekend": "2026-11-21..2026-11-23",
    "last 24 hours": "2026-11-22..2026-11-23",
    "3 days ago": "2026-11-20..2026-11-21",
    "two weeks ago": "2026-11-09..2026-11-16",
    "two months ago": "2026-09-01..2026-10-01",
    "Q3": "2026-07-01..2026-10-01",
    "Q3 2026": "2026-07-01..2026-10-01",
    "2026 Q3": "2026-07-01..2026-10-01",
    "Q3'25": "2025-07-01..2025-10-01",
    "Q4": "2026-10-01..2027-01-01",
    "Q4 2025": "2025-10-01..2026-01-01",
    "Q1 last year": "2025-01-01..2025-04-01",
    "the third quarter of 2026": "2026-07-01..2026-10-01",
    "H1": "2026-01-01..2026-07-01",
    "H2 2025": "2025-07-01..2026-01-01",
    "the first half of 2026": "2026-01-01..2026-07-01",
    "the first half of the year": "2026-01-01..2026-07-01",
    "October": "2026-10-01..2026-11-01",
    "october": "2026-10-01..2026-11-01",
    "Oct 2025": "2025-10-01..2025-11-01",
    "October '25": "2025-10-01..2025-11-01",
    "October last year": "2025-10-01..2025-11-01",
    "last October": "2026-10-01..2026-11-01",
    "December": "2025-12-01..2026-01-01",
    "in may": "2026-05-01..2026-06-01",
    "in March": "2026-03-01..2026-04-01",
    "2026-10": "2026-10-01..2026-11-01",
    "on 2026-10-06": "2026-10-06..2026-10-07",
    "on 6 October": "2026-10-06..2026-10-07",
    "on the 6th of October 2026": "2026-10-06..2026-10-07",
    "on Oct 6th, 2026": "2026-10-06..2026-10-07",
    "on 13/10/2026": "2026-10-13..2026-10-14",
    "on 10/13/2026": "2026-10-13..2026-10-14",
    "on 6 December": "2025-12-06..2025-12-07",
    "on the 6th": "2026-11-06..2026-11-07",
    "on the 28th": "2026-10-28..2026-10-29",
    "on Friday": "2026-11-20..2026-11-21",
    "last Friday": "2026-11-20..2026-11-21",
    "on Monday": "2026-11-16..2026-11-17",
    "the first week of October": "2026-10-01..2026-10-08",
    "the second week of October": "2026-10-08..2026-10-15",
    "the last week of October": "2026-10-25..2026-11-01",
    "the first 10 days of October": "2026-10-01..2026-10-11",
    "the last three days of September": "2026-09-28..2026-10-01",
    "the first half of September": "2026-09-01..2026-09-16",
    "the second half of September": "2026-09-16..2026-10-01",
    "the last month of Q3": "2026-09-01..2026-10-01",
    "the week of 5 October": "2026-10-05..2026-10-12",
    "the week of 7 October": "2026-10-05..2026-10-12",
    "the week starting 7 October": "2026-10-07..2026-10-14",
    "the week ending 11 October": "2026-10-05..2026-10-12",
    "week 41": "2026-10-05..2026-10-12",
    "W41 2026": "2026-10-05..2026-10-12",
    "since 1 March": "2026-03-01..2026-11-24",
    "since the first of March": "2026-03-01..2026-11-24",
    "since March": "2026-03-01..2026-11-24",
    "from March onwards": "2026-03-01..2026-11-24",
    "starting 1 March": "2026-03-01..2026-11-24",
    "after 5 October": "2026-10-06..2026-11-24",
    "since last Monday": "2026-11-16..2026-11-24",
    "before October": "2025-10-23..2026-10-01",
    "until yesterday": "2026-11-01..2026-11-23",
    "until 15 October": "2025-10-23..2026-10-16",
    "from 3 to 9 October": "2026-10-03..2026-10-10",
    "October 3 to 9": "2026-10-03..2026-10-10",
    "3-9 October 2026": "2026-10-03..2026-10-10",
    "between 3 and 9 October": "2026-10-03..2026-10-10",
    "from October 1st through the 15th": "2026-10-01..2026-10-16",
    "between 2026-10-01 and 2026-10-15": "2026-10-01..2026-10-16",
    "2026-10-01 to 2026-10-15": "2026-10-01..2026-10-16",
    "between Sep 20 and Oct 5": "2026-09-20..2026-10-06",
    "from July to September": "2026-07-01..2026-10-01",
    "July - September": "2026-07-01..2026-10-01",
    "January to March 2025": "2025-01-01..2025-04-01",
    "from November to February": "2025-11-01..2026-03-01",
    "between 20 December and 5 January": "2025-12-20..2026-01-06",
    "all time": "2025-10-23..2026-11-24",
    "since the beginning": "2025-10-23..2026-11-24",
    "July, August and September": "2026-07-01..2026-10-01 per month",
    "Q1, Q2 and Q3": "2026-01-01..2026-10-01 per quarter",
    "this time last year": "2025-11-01..2025-11-24",
}


@pytest.mark.parametrize(("words", "period"), PERIODS.items())
def test_words_for_a_period_are_read(ask: Ask, words: str, period: str) -> None:
    assert ask(f"spend {words}") == f"EffectiveCost in {period}"


LEADING = [
    (words, period)
    for words, period in PERIODS.items()
    if " per " not in period and words.split()[0] not in ("in", "on", "starting")
]


@pytest.mark.parametrize(("words", "period"), LEADING)
def test_words_for_a_period_are_read_at_the_start_too(ask: Ask, words: str, period: str) -> None:
    assert ask(f"{words}: how much did we spend by team?") == f"EffectiveCost by x_Team in {period}"


@pytest.mark.parametrize(
    ("as_of", "words", "period"),
    [
        (date(2026, 11, 1), "this month", ("2026-11-01", "2026-11-02")),
        (date(2026, 11, 1), "November", ("2026-11-01", "2026-12-01")),
        (date(2026, 1, 15), "last month", ("2025-12-01", "2026-01-01")),
        (date(2026, 1, 15), "last quarter", ("2025-10-01", "2026-01-01")),
        (date(2026, 1, 15), "Q4", ("2025-10-01", "2026-01-01")),
        (date(2024, 3, 15), "last month", ("2024-02-01", "2024-03-01")),
        (date(2024, 2, 29), "on 29 February", ("2024-02-29", "2024-03-01")),
        (date(2026, 10, 11), "last 7 days", ("2026-10-04", "2026-10-11")),
        (date(2026, 10, 11), "last week", ("2026-09-28", "2026-10-05")),
    ],
)
def test_periods_follow_the_day_of_the_question(
    lexicon: Lexicon, as_of: date, words: str, period: tuple[str, str]
) -> None:
    (call,) = plan(f"spend {words}", lexicon=lexicon, as_of=as_of)
    assert call.arguments["period"] == {"start": period[0], "end": period[1]}


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("next month", "2026-12-01", "2027-01-01"),
        ("tomorrow", "2026-11-24", "2026-11-25"),
        ("next quarter", "2027-01-01", "2027-04-01"),
        ("the rest of the month", "2026-11-23", "2026-12-01"),
        ("by the end of the year", "2026-01-01", "2027-01-01"),
        ("the coming 3 months", "2026-12-01", "2027-03-01"),
    ],
)
def test_what_is_to_come_is_foreseen(lexicon: Lexicon, words: str, start: str, end: str) -> None:
    (call,) = plan(f"spend {words}", lexicon=lexicon, as_of=AS_OF)
    assert (call.name, call.arguments["period"]) == ("forecast_costs", {"start": start, "end": end})


@pytest.mark.parametrize("words", ["FY26", "fiscal Q3", "this fiscal year", "last fiscal quarter"])
def test_fiscal_terms_are_declined_with_what_to_say_instead(lexicon: Lexicon, words: str) -> None:
    (call,) = plan(f"spend {words}", lexicon=lexicon, as_of=AS_OF)
    assert (call.name, call.arguments["kind"]) == ("decline", "not_understood")
    assert "fiscal" in call.arguments["reason"]


@pytest.mark.parametrize("words", ["on 31 February", "on 2026-13-01", "in week 54 of 2026", "from 9 to 3 October"])
def test_days_that_do_not_exist_are_declined(ask: Ask, words: str) -> None:
    assert ask(f"spend {words}") == "decline not_understood"


def test_a_date_that_can_be_read_in_two_ways_is_asked_back(ask: Ask) -> None:
    assert ask("spend on 10/6/2026") == "ask: spend on 10 June 2026 | spend on 6 October 2026"


def test_last_period_is_asked_back_with_periods(ask: Ask) -> None:
    asked = ask("spend by team last period")
    assert asked == "ask: spend by team last month | spend by team last week | spend by team last quarter"


def test_may_as_a_verb_is_no_month(ask: Ask) -> None:
    assert ask("may I see spend by team") == "EffectiveCost by x_Team"


def test_a_number_that_counts_is_no_day(ask: Ask) -> None:
    assert ask("top 5 october models") == (
        "EffectiveCost by x_Model where x_Model is_not_null in 2026-10-01..2026-11-01 limit 5"
    )


DAYS = st.dates(min_value=date(2021, 1, 1), max_value=date(2035, 12, 31))


@given(as_of=DAYS, words=st.sampled_from([words for words in PERIODS if "2026" not in words and "2025" not in words]))
def test_every_period_is_ordered_and_has_begun(as_of: date, words: str) -> None:
    tokens = tokenise(words)
    for index in range(len(tokens)):
        found = TimeReader(tokens, as_of, World().loaded_from).at(index)
        if found is not None and found[1].kind == "period":
            period = found[1].period
            assert period is not None
            assert period.start < period.end
            assert period.start <= as_of


@given(day=DAYS)
def test_every_iso_date_is_read_back_as_that_day(day: date) -> None:
    found = TimeReader(tokenise(f"{day.isoformat()}"), date(2036, 1, 1), None).at(0)
    assert found is not None
    assert found[1].period is not None
    assert (found[1].period.start, found[1].period.days) == (day, 1)


@given(day=DAYS)
def test_every_date_in_words_is_read_back_as_that_day(day: date) -> None:
    for words in (
        f"{day.day} {day:%B} {day.year}",
        f"{day:%b} {day.day}, {day.year}",
        f"the {day.day} of {day:%B} {day.year}",
    ):
        found = TimeReader(tokenise(words), date(2036, 1, 1), None).at(0)
        assert found is not None
        assert found[1].period is not None
        assert (found[1].period.start, found[1].period.days) == (day, 1)


@given(start=DAYS, length=st.integers(min_value=1, max_value=400))
def test_a_range_holds_its_last_day(start: date, length: int) -> None:
    last = start + timedelta(days=length)
    found = TimeReader(tokenise(f"between {start} and {last}"), date(2040, 1, 1), None).at(0)
    assert found is not None
    assert found[1].period is not None
    assert (found[1].period.start, found[1].period.last_day) == (start, last)
