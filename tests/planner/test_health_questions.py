"""Who asks how the spend is in hand gets the health check."""

import pytest

from tests.planner.conftest import Ask


@pytest.mark.parametrize("question", ["health check", "How healthy is our spend?", "what is our FinOps maturity"])
def test_a_question_for_the_health_of_the_spend_is_the_health_check(ask: Ask, question: str) -> None:
    assert ask(question) == "health_check"


def test_an_unhealthy_service_is_none_of_its_business(ask: Ask) -> None:
    assert "health_check" not in ask("what did Health Data Services cost last month")
