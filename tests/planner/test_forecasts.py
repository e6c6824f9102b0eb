"""Questions about what is to come become forecasts, of the days that were meant."""

from typing import Any

import pytest

from agent.planner import Lexicon
from agent.planner.calls import PlannedCall
from agent.planner.planner import plan
from tests.planner.world import AS_OF

DECEMBER = ("2026-12-01", "2027-01-01")
NOVEMBER = ("2026-11-01", "2026-12-01")


def foreseen(lexicon: Lexicon, *questions: str) -> dict[str, Any]:
    """The arguments of a thread's last forecast, with its period as two dates."""
    previous: PlannedCall | None = None
    for question in questions:
        (call,) = plan(question, lexicon=lexicon, as_of=AS_OF, previous=previous)
        previous = call
    assert previous is not None
    assert previous.name == "forecast_costs"
    period = previous.arguments.get("period")
    return {**previous.arguments, "period": (period["start"], period["end"]) if period else None}


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("forecast next month", DECEMBER),
        ("what will we spend in December?", DECEMBER),
        ("Predict our December spend", DECEMBER),
        ("where will November end?", NOVEMBER),
        ("are we on track this month?", NOVEMBER),
        ("are we on track", None),
        ("expected OpenAI cost this quarter", ("2026-10-01", "2027-01-01")),
        ("Forecast Q1 2027 spend for Aldgate Bank", ("2027-01-01", "2027-04-01")),
        ("forecast by team", ("2026-11-01", "2027-02-01")),
        ("forecast AWS spend for the next 3 months by month", ("2026-12-01", "2027-03-01")),
        ("Where are we going to land on total spend by the end of December 2026?", DECEMBER),
        ("next December's spend", DECEMBER),
    ],
)
def test_the_days_that_are_meant_are_foreseen(lexicon: Lexicon, question: str, period: tuple[str, str] | None) -> None:
    assert foreseen(lexicon, question)["period"] == period


def test_slice_breakdown_and_steps_are_kept(lexicon: Lexicon) -> None:
    call = foreseen(lexicon, "forecast AWS tokens by team and model for the next 8 weeks")
    assert call["metric"] == "Tokens"
    assert call["group_by"] == ["x_Team", "x_Model"]
    assert call["granularity"] == "week"
    assert call["filters"][0]["values"] == ["AWS"]


def test_a_short_question_changes_the_forecast_before(lexicon: Lexicon) -> None:
    call = foreseen(lexicon, "forecast next month", "only AWS", "and by team?", "and in January?")
    assert call["period"] == ("2027-01-01", "2027-02-01")
    assert call["group_by"] == ["x_Team"]
    assert call["filters"][0]["values"] == ["AWS"]


def test_what_was_spoken_of_is_foreseen(lexicon: Lexicon) -> None:
    call = foreseen(lexicon, "spend by team last month", "and next month?")
    assert (call["group_by"], call["period"]) == (["x_Team"], DECEMBER)


@pytest.mark.parametrize(
    "question",
    ["what will October cost us", "will we spend more than $500k in December?", "forecast next month by hour"],
)
def test_what_no_forecast_can_tell_is_declined(lexicon: Lexicon, question: str) -> None:
    (call,) = plan(question, lexicon=lexicon, as_of=AS_OF)
    assert (call.name, call.arguments["kind"]) == ("decline", "not_understood")


def test_what_was_spent_in_a_month_to_come_is_no_data(lexicon: Lexicon) -> None:
    (call,) = plan("What did we spend in January 2027?", lexicon=lexicon, as_of=AS_OF)
    assert (call.name, call.arguments["kind"]) == ("decline", "no_data")
