"""Follow-ups: what is not mentioned stays; a full question starts afresh."""

import pytest

from tests.planner.conftest import Ask

OCTOBER = "in 2026-10-01..2026-11-01"
BY_SERVICE = f"EffectiveCost by ServiceName {OCTOBER}"
WHICH_ONE = (
    "ask: How much did we spend last month? | Top 5 costly models | Spend by team this month | What data do you have?"
)

THREADS: list[tuple[tuple[str, ...], str]] = [
    (("spend by team last month", "and by model?"), f"EffectiveCost by x_Model {OCTOBER}"),
    (("spend last month", "by team"), f"EffectiveCost by x_Team {OCTOBER}"),
    (("spend last month", "per provider please"), f"EffectiveCost by HostProviderName {OCTOBER}"),
    (("spend by team last month", "also by environment"), f"EffectiveCost by x_Team,x_Environment {OCTOBER}"),
    (
        ("spend by team last month", "only production"),
        f"EffectiveCost by x_Team where x_Environment=production {OCTOBER}",
    ),
    (("spend by team last month", "just AWS"), f"EffectiveCost by x_Team where HostProviderName=AWS {OCTOBER}"),
    (("spend on AWS last month", "what about Azure?"), f"EffectiveCost where HostProviderName=Microsoft {OCTOBER}"),
    (("spend on AWS last month", "and GCP?"), f"EffectiveCost where HostProviderName=Google Cloud {OCTOBER}"),
    (
        ("spend by team last month", "without credits"),
        f"EffectiveCost by x_Team where ChargeCategory!=Credit {OCTOBER}",
    ),
    (("spend by team last month", "drop credits"), f"EffectiveCost by x_Team where ChargeCategory!=Credit {OCTOBER}"),
    (
        ("spend by team last month", "not production"),
        f"EffectiveCost by x_Team where x_Environment!=production {OCTOBER}",
    ),
    (("spend by team", "and last month?"), f"EffectiveCost by x_Team {OCTOBER}"),
    (("spend by team last month", "same for September"), "EffectiveCost by x_Team in 2026-09-01..2026-10-01"),
    (("spend by team last month", "and in Q3?"), "EffectiveCost by x_Team in 2026-07-01..2026-10-01"),
    (("spend by team last month", "and the month before?"), "EffectiveCost by x_Team in 2026-09-01..2026-10-01"),
    (("spend by team last month", "yesterday"), "EffectiveCost by x_Team in 2026-11-22..2026-11-23"),
    (("spend by team last month", "in tokens"), f"Tokens by x_Team {OCTOBER}"),
    (("spend by team last month", "what about requests?"), f"Requests by x_Team {OCTOBER}"),
    (("spend by team last month", "how about cost per request?"), f"CostPerRequest by x_Team {OCTOBER}"),
    (("spend by team last month", "top 3"), f"EffectiveCost by x_Team where x_Team is_not_null {OCTOBER} limit 3"),
    (
        ("spend by team last month", "bottom 2"),
        f"EffectiveCost by x_Team where x_Team is_not_null {OCTOBER} ascending limit 2",
    ),
    (
        ("spend by model last month", "show the top three"),
        f"EffectiveCost by x_Model where x_Model is_not_null {OCTOBER} limit 3",
    ),
    (("spend by model last month", "just the top 3", "and by team?"), f"EffectiveCost by x_Team {OCTOBER}"),
    (
        ("spend by customer last month", "who spends the most"),
        f"EffectiveCost by x_Customer where x_Customer is_not_null {OCTOBER} limit 1",
    ),
    (
        ("spend by customer last month", "who spent the least in September"),
        "EffectiveCost by x_Customer where x_Customer is_not_null in 2026-09-01..2026-10-01 ascending limit 1",
    ),
    (
        ("spend by customer last month", "which team spends the most"),
        "EffectiveCost by x_Team where x_Team is_not_null limit 1",
    ),
    (("top 5 services last month", "show 10"), f"{BY_SERVICE} limit 10"),
    (("top 5 services last month", "and by provider?"), f"EffectiveCost by HostProviderName {OCTOBER}"),
    (("top 5 models last month", "and by team?"), f"EffectiveCost by x_Team {OCTOBER}"),
    (("spend by team last month", "as a trend"), f"EffectiveCost by x_Team {OCTOBER} per day"),
    (("spend by team last month", "daily"), f"EffectiveCost by x_Team {OCTOBER} per day"),
    (("spend by team this year", "by month"), "EffectiveCost by x_Team in 2026-01-01..2026-11-24 per month"),
    (("spend by team last month", "as a percentage"), f"EffectiveCost by x_Team {OCTOBER} share"),
    (("spend by team last month", "and in total?"), f"EffectiveCost {OCTOBER}"),
    (("spend last month", "compared to September"), f"EffectiveCost {OCTOBER} vs 2026-09-01..2026-10-01"),
    (("spend last month", "compare with the previous month"), f"EffectiveCost {OCTOBER} vs previous"),
    (("spend last month", "year over year"), f"EffectiveCost {OCTOBER} vs 2025-10-01..2025-11-01"),
    (("spend by service last month", "why?"), f"why {OCTOBER} + {BY_SERVICE} vs previous order absolute_change"),
    (("spend last month", "why?"), f"why {OCTOBER} + {BY_SERVICE} vs previous order absolute_change"),
    (("spend last month", "why did it go up?"), f"why {OCTOBER} + {BY_SERVICE} vs previous order absolute_change"),
    (
        ("spend last month", "why?", "and by team?"),
        f"EffectiveCost by x_Team {OCTOBER} vs previous order absolute_change",
    ),
    (("spend by service last month", "sorted by growth"), f"{BY_SERVICE} vs previous order change"),
    (("spend by service last month", "cheapest first"), f"{BY_SERVICE} ascending"),
    (("spend by service last month", "above $100"), f"{BY_SERVICE} over 100 metric"),
    (("spend by service last month", "in EUR"), f"{BY_SERVICE} EUR"),
    (
        ("spend by service last month", "for AWS and Azure"),
        f"EffectiveCost by ServiceName where HostProviderName=AWS|Microsoft {OCTOBER}",
    ),
    (
        ("spend by service last month", "for the search team", "and for platform?"),
        f"EffectiveCost by ServiceName where x_Team=platform {OCTOBER}",
    ),
    (("spend by model for search last month", "all teams"), f"EffectiveCost by x_Model {OCTOBER}"),
    (("spend on AWS last month", "exclude it"), f"EffectiveCost where HostProviderName!=AWS {OCTOBER}"),
    (("spend by team last month", "How many tokens did we use yesterday?"), "Tokens in 2026-11-22..2026-11-23"),
    (("spend by team last month", "top 5 costly models"), "EffectiveCost by x_Model where x_Model is_not_null limit 5"),
    (("spend by team last month", "which teams are there?"), "describe_data about=values dimension=x_Team"),
    (
        ("top 5 costly models", "and by team?", "only production", "why?", "same for September"),
        "EffectiveCost by x_Team where x_Environment=production in 2026-09-01..2026-10-01 vs previous "
        "order absolute_change",
    ),
    (("price of gpt-5.5", "and gpt-5.5-mini?"), "lookup_prices model=gpt-5.5-mini"),
    (("price of gpt-5.5", "and on 1 May?"), "lookup_prices model=gpt-5.5 on=2026-05-01"),
    (
        ("compare spend by model in October with September", "and which fell the most?"),
        f"EffectiveCost by x_Model where x_Model is_not_null {OCTOBER} vs previous order change ascending limit 5",
    ),
    (
        ("which project cost most last month", "and among teams?"),
        f"EffectiveCost by x_Team where x_Team is_not_null {OCTOBER} limit 1",
    ),
    (
        ("spend by project last month", "how many projects is that?"),
        f"EffectiveCost by x_Project where x_Project is_not_null {OCTOBER}",
    ),
    (("spend last month excluding AWS", "with AWS again"), f"EffectiveCost {OCTOBER}"),
    (
        ("spend by team last month excluding AWS and Azure", "with AWS again"),
        f"EffectiveCost by x_Team where HostProviderName!=Microsoft {OCTOBER}",
    ),
    (
        ("input tokens by model last month", "and output?"),
        f"Tokens by x_Model where x_TokenType=output|reasoning {OCTOBER}",
    ),
    (
        ("spend by team since July", "until the end of September"),
        "EffectiveCost by x_Team in 2026-07-01..2026-10-01",
    ),
    (
        ("spend by team last month", "no, by model", "top 3 models"),
        f"EffectiveCost by x_Model where x_Model is_not_null {OCTOBER} limit 3",
    ),
    (("spend by month this year", "by model"), "EffectiveCost by x_Model in 2026-01-01..2026-11-24"),
    (
        ("top five models in September", "and which five in October?"),
        f"EffectiveCost by x_Model where x_Model is_not_null {OCTOBER} limit 5",
    ),
    (("which five in October?",), "decline not_understood"),
    (("spend by team last month", "the one from before"), WHICH_ONE),
    (("the one from before",), WHICH_ONE),
    (("spend last month", "thanks"), "decline not_understood"),
    (("spend last month", "what is the weather"), "decline not_understood"),
    (("spend last month", "delete it"), "decline refused"),
    (("spend last month", "exclude it"), "decline not_understood"),
]


@pytest.mark.parametrize(("thread", "call"), THREADS, ids=[" → ".join(thread) for thread, _ in THREADS])
def test_a_follow_up_changes_what_it_mentions_and_keeps_the_rest(ask: Ask, thread: tuple[str, ...], call: str) -> None:
    assert ask(*thread) == call


@pytest.mark.parametrize("question", ["and by team?", "top 3", "only production", "why?"])
def test_a_short_question_without_a_thread_still_makes_a_query(ask: Ask, question: str) -> None:
    assert ask(question).split(" + ")[-1].startswith("EffectiveCost")
