"""What people say around a question is passed over; what may change the question is not."""

import pytest

from tests.planner.conftest import Ask

PLAIN = "EffectiveCost where HostProviderName=AWS in 2026-10-01..2026-11-01"


@pytest.mark.parametrize(
    "question",
    [
        "Brace yourself, what did we spend on AWS in October?",
        "My boss is breathing down my neck. What did we spend on AWS in October?",
        "What did we spend on AWS in October? The CFO is getting antsy.",
        "For Thursday's board deck: what did we spend on AWS in October?",
        "spend on AWS in October, for the auditor who is sitting next to me",
        "Board deck is due Thursday. AWS spend in October",
        "Pub quiz question: how much did AWS run us in October?",
        "Dear colleague, I would need our AWS spend in October. Best regards, Jürgen",
    ],
)
def test_chatter_around_a_question_changes_nothing(ask: Ask, question: str) -> None:
    assert ask(question) == PLAIN


def test_what_the_chatter_names_is_kept_where_the_question_points_at_it(ask: Ask) -> None:
    question = "We have just taken over the platform team and fumble about. What did its projects cost in October?"
    assert ask(question) == "EffectiveCost by x_Project where x_Team=platform in 2026-10-01..2026-11-01"


def test_the_period_of_the_chatter_is_kept_where_the_question_has_none(ask: Ask) -> None:
    assert ask("For the October wrangle: spend on AWS") == PLAIN


@pytest.mark.parametrize(
    "question",
    [
        "If we had moved to Bedrock, what would we have spent on AWS in October?",
        "What did we spend on AWS in October? Only the Berlin office.",
        "Ever since the new flow went haywire, what did we spend on AWS?",
        "The gizmo went haywire. What did it cost in October?",
        "hi! first week here. how many holiday days do I have left this year?",
        "What did we spend on AWS in October? For the gizmo.",
    ],
)
def test_what_may_narrow_the_question_is_never_passed_over(ask: Ask, question: str) -> None:
    assert ask(question).startswith("decline")
