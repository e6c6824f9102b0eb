"""Questions for the reasons of a change, and what follows them."""

import pytest

from tests.planner.conftest import Ask

OCTOBER = "in 2026-10-01..2026-11-01"
WHERE_IT_MOVED = f"EffectiveCost by ServiceName {OCTOBER} vs previous order absolute_change"
CASES = {
    f"why {OCTOBER} + {WHERE_IT_MOVED}": (
        "why did the cost go up in October",
        "what caused the spike in October?",
        "What lies behind the increase in October?",
    ),
    "why where HostProviderName=Anthropic in 2026-07-01..2026-10-01 vs 2026-04-01..2026-07-01 + EffectiveCost by "
    "ServiceName where HostProviderName=Anthropic in 2026-07-01..2026-10-01 vs 2026-04-01..2026-07-01 "
    "order absolute_change": ("explain the change in Anthropic spend between Q2 and Q3",),
    f"why where x_Team=docflow {OCTOBER} + EffectiveCost by ServiceName where x_Team=docflow {OCTOBER} vs previous "
    "order change": ("what drove the increase for docflow last month",),
    f"why by kind by HostProviderName {OCTOBER}": (
        "how much of the increase in October is price versus volume by provider?",
    ),
    f"why by HostProviderName {OCTOBER} + EffectiveCost by HostProviderName {OCTOBER} vs previous "
    "order absolute_change": ("show the reasons for the change in October by provider",),
    f"why by kind {OCTOBER}": (
        "how much of the increase in October is price versus volume?",
        "how much of the increase in October is price and how much volume",
        "was the increase in October due to price or volume?",
    ),
    "why where x_Project=assistant + EffectiveCost by ServiceName where x_Project=assistant vs previous "
    "order absolute_change": ("why is assistant more expensive than last month?",),
    "why where x_Project=extractor against x_Project=assistant + EffectiveCost by x_Project "
    "where x_Project=extractor|assistant": ("compare extractor and assistant: why is one dearer",),
    "why where x_Model=m-large in 2026-09-01..2026-10-01 vs 2026-08-01..2026-09-01": (
        "why did m-large cost more in September than in August",
    ),
    f"CostPerRequest by ServiceName {OCTOBER} vs previous order absolute_change": (
        "why did cost per request go up last month",
    ),
    f"EffectiveCost by ServiceName {OCTOBER} vs previous order change": (
        "which services drove the increase last month",
    ),
}


@pytest.mark.parametrize(
    ("question", "call"), [(question, call) for call, questions in CASES.items() for question in questions]
)
def test_a_question_for_reasons_makes_its_calls(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


def test_reasons_alone_are_narrowed_and_broken_down_by_short_questions(ask: Ask) -> None:
    thread = ("how much of the increase in October is price versus volume?", "and by provider?", "only production")
    assert ask(*thread[:2]) == f"why by kind by HostProviderName {OCTOBER}"
    assert ask(*thread) == f"why by kind by HostProviderName where x_Environment=production {OCTOBER}"
    assert ask(thread[0], "by reason") == f"why {OCTOBER}"


def test_why_after_an_amount_asks_for_its_reasons(ask: Ask) -> None:
    assert ask("spend on AWS last month", "why?").startswith(f"why where HostProviderName=AWS {OCTOBER} + ")
