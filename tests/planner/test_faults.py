"""Questions that were once misread, each with the call that it must make."""

from pathlib import Path

import pytest

from tests.planner.conftest import Ask

FAULTS = Path(__file__).with_name("faults.txt")

THREADS = [
    (
        ("spend on OpenAI last month", "is that more than Anthropic"),
        "EffectiveCost by HostProviderName where HostProviderName=OpenAI|Anthropic in 2026-10-01..2026-11-01",
    ),
    (
        ("spend on OpenAI last month", "who spent it"),
        "EffectiveCost by x_Team where HostProviderName=OpenAI in 2026-10-01..2026-11-01",
    ),
    (
        ("spend on OpenAI last month", "how many tokens was that"),
        "Tokens where HostProviderName=OpenAI in 2026-10-01..2026-11-01",
    ),
    (("spend on OpenAI last month", "how many were there"), "decline not_understood"),
    (
        ("spend by model last month excluding taxes", "include taxes"),
        "EffectiveCost by x_Model in 2026-10-01..2026-11-01",
    ),
    (
        ("spend for team search last month", "drop the team filter"),
        "EffectiveCost in 2026-10-01..2026-11-01",
    ),
    (
        ("spend for team search last month", "for each team"),
        "EffectiveCost by x_Team in 2026-10-01..2026-11-01",
    ),
    (
        ("spend on OpenAI last month", "how much of it is production"),
        "EffectiveCost where HostProviderName=OpenAI where x_Environment=production in 2026-10-01..2026-11-01",
    ),
    (
        ("tokens by team last month", "sort by requests"),
        "Requests+Tokens by x_Team in 2026-10-01..2026-11-01",
    ),
    (("spend in September", "ok, and the month after?"), "EffectiveCost in 2026-10-01..2026-11-01"),
    (("spend in September", "and the next month"), "EffectiveCost in 2026-10-01..2026-11-01"),
    (("spend in Q2", "and the next quarter?"), "EffectiveCost in 2026-07-01..2026-10-01"),
    (("spend this month", "and the month after?"), "decline no_data"),
    (
        ("spend by team in October", "narrow it down to OpenAI"),
        "EffectiveCost by x_Team where HostProviderName=OpenAI in 2026-10-01..2026-11-01",
    ),
    (("the month after",), "decline not_understood"),
]


def _faults() -> list[tuple[str, str]]:
    lines = FAULTS.read_text("utf-8").splitlines()
    return [(question, call) for question, _, call in (line.partition(" => ") for line in lines)]


@pytest.mark.parametrize(("question", "call"), _faults())
def test_a_question_that_was_misread_makes_its_call(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


@pytest.mark.parametrize(("thread", "call"), THREADS)
def test_a_follow_up_that_was_misread_keeps_its_thread(ask: Ask, thread: tuple[str, ...], call: str) -> None:
    assert ask(*thread) == call
