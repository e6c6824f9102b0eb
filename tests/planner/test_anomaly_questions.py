import pytest

from tests.planner.conftest import Ask


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("any anomalies last week?", "find_anomalies period={'start': '2026-11-16', 'end': '2026-11-23'}"),
        ("are there cost spikes", "find_anomalies"),
        ("why did cost spike on 6 October", "find_anomalies period={'start': '2026-10-06', 'end': '2026-10-07'}"),
        ("explain anomaly A-12ab3c", "explain_anomaly anomaly=A-12ab3c"),
        ("mark A-12ab3c as planned", "decline refused"),
        ("is anything running away right now?", "find_runaway_spend"),
        ("any runaway keys in the last hours?", "find_runaway_spend"),
        ("any runaway agents in the last 12 hours", "find_runaway_spend hours=12"),
    ],
)
def test_a_question_about_what_is_unusual_makes_its_call(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


def test_what_is_unusual_can_be_asked_of_a_provider(ask: Ask) -> None:
    assert "within=" in ask("is anything unusual with AWS spend?")


def test_what_ran_away_at_another_time_is_not_asked_of_the_newest_hours(ask: Ask) -> None:
    assert "find_runaway_spend" not in ask("did any runaway keys show in March 2026?")


def test_a_spike_over_a_month_is_explained_as_a_change(ask: Ask) -> None:
    calls = ask("Why did costs spike in October?")
    assert calls.startswith("why in 2026-10-01..2026-11-01 + EffectiveCost by ServiceName")
    assert "anomal" not in calls
