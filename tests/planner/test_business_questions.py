"""Questions about budgets, unit costs, returns and training runs."""

from dataclasses import replace

import pytest

from agent.planner import Lexicon
from agent.planner.calls import PlannedCall
from agent.planner.planner import plan
from tests.planner.shorthand import shorthand
from tests.planner.world import AS_OF

METRICS = ("active_customers", "documents_processed", "requests_served", "revenue")
OCTOBER = "period={'start': '2026-10-01', 'end': '2026-11-01'}"
Q3 = "period={'start': '2026-07-01', 'end': '2026-10-01'}"
DOCFLOW = "filters=[{'dimension': 'x_Team', 'operator': 'in', 'values': ['docflow']}]"


@pytest.fixture(scope="module")
def words(lexicon: Lexicon) -> Lexicon:
    return replace(lexicon, metric_names=lambda: METRICS)


def said(words: Lexicon, *questions: str) -> str:
    previous: PlannedCall | None = None
    for question in questions:
        (previous,) = plan(question, lexicon=words, as_of=AS_OF, previous=previous)
    assert previous is not None
    return shorthand(previous)


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("are we within budget", "budget_status"),
        ("which teams are over budget in Q3", f"budget_status {Q3} of=x_Team which=over"),
        ("how much budget is left for docflow", f"budget_status {DOCFLOW}"),
        ("when will the docflow budget run out", f"budget_status {DOCFLOW}"),
        ("budget variance for October", f"budget_status {OCTOBER}"),
        ("is docflow over budget", f"budget_status {DOCFLOW}"),
        ("what is our burn rate", "budget_status"),
    ],
)
def test_a_question_about_budgets_asks_how_they_stand(words: Lexicon, question: str, call: str) -> None:
    assert said(words, question) == call


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("cost per active customer in October", f"unit_economics per=active_customers {OCTOBER}"),
        ("what is our unit cost per document", "unit_economics per=documents_processed"),
        ("what does one document cost us", "unit_economics per=documents_processed"),
        ("marginal cost per request", "unit_economics per=requests"),
        ("cost per document by month in Q3", f"unit_economics per=documents_processed {Q3} granularity=month"),
        ("cost per transaction in October", f"unit_economics per=transaction {OCTOBER}"),
        ("which customers are unprofitable", "unit_economics about=customers loss_only=True"),
        ("ROI in Q3", f"unit_economics about=return {Q3}"),
        ("cost per epoch", "unit_economics about=run_cost"),
        ("cost per successful outcome by model", "unit_economics about=quality by=x_Model"),
        (
            "which model gives the best quality for its cost on extraction",
            "unit_economics about=quality by=x_Model "
            "filters=[{'dimension': 'x_UseCase', 'operator': 'in', 'values': ['extraction']}]",
        ),
        ("price per good answer for docflow", f"unit_economics about=quality {DOCFLOW}"),
        ("rank our AI initiatives by return", "unit_economics about=initiatives"),
        ("ROI by project in Q3", f"unit_economics about=initiatives by=x_Project {Q3}"),
        ("which use cases have the best return", "unit_economics about=initiatives by=x_UseCase"),
        ("which KPIs can you tell", "unit_economics about=kpis"),
        ("cost visibility delay", "unit_economics about=kpis kpi=cost visibility delay"),
    ],
)
def test_a_question_about_the_business_asks_for_its_economics(words: Lexicon, question: str, call: str) -> None:
    assert said(words, question) == call


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("cost per request", "CostPerRequest"),
        ("cost per customer in October", "EffectiveCost by x_Customer in 2026-10-01..2026-11-01"),
        ("spend for each team", "EffectiveCost by x_Team"),
        ("cost per million tokens", "CostPerMillionTokens"),
        ("unit cost", "CostPerConsumedUnit"),
    ],
)
def test_a_breakdown_or_a_rate_of_the_charges_stays_one(words: Lexicon, question: str, call: str) -> None:
    assert said(words, question).startswith(call)


@pytest.mark.parametrize("question", ["how much budget is left for nosuchteam", "cost per foo", "ROI of nosuchthing"])
def test_a_name_that_is_not_known_is_never_passed_over(words: Lexicon, question: str) -> None:
    assert said(words, question).startswith("decline")


def test_a_unit_cost_by_team_is_declined_rather_than_given_without_the_teams(words: Lexicon) -> None:
    assert said(words, "cost per document by team") == "decline not_understood"


def test_short_follow_ups_keep_what_was_asked(words: Lexicon) -> None:
    assert said(words, "is docflow over budget", "and in October?") == f"budget_status {DOCFLOW} {OCTOBER}"
    assert said(words, "cost per document", "and for docflow?") == f"unit_economics per=documents_processed {DOCFLOW}"
