"""Questions about commitments as promises; their figures stay metrics of costs."""

import pytest

from tests.planner.conftest import Ask

OCTOBER = "period={'start': '2026-10-01', 'end': '2026-11-01'}"


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("which commitments expire soon", "commitments about=expiring within_days=90"),
        ("when do our commitments end", "commitments about=expiring"),
        ("which reservations run out in the next 6 months", "commitments about=expiring within_days=180"),
        ("do any savings plans end within 30 days?", "commitments about=expiring within_days=30"),
        ("how much should we commit", "commitments about=plan"),
        ("How much should we commit to AWS for three years?", "commitments about=plan years=3 provider=AWS"),
        ("how many nodes should we reserve for 1 year", "commitments about=plan years=1"),
        ("what should we commit to", "commitments about=plan"),
        ("how much of our spend agreement is left", "commitments about=agreements"),
        ("will we meet our EDP", "commitments about=agreements"),
        ("when do our prepaid credits run out", "commitments about=agreements"),
        ("are our commitments worth it", "commitments about=coverage"),
        ("break-even of our commitments in October", f"commitments about=coverage {OCTOBER}"),
    ],
)
def test_a_question_about_commitments_makes_its_call(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


@pytest.mark.parametrize(
    ("thread", "call"),
    [
        (("how much should we commit", "and for 3 years?"), "commitments about=plan years=3"),
        (("how much should we commit", "what about AWS?"), "commitments about=plan provider=AWS"),
        (("when do our commitments end", "only the next 30 days"), "commitments about=expiring within_days=30"),
    ],
)
def test_a_short_question_narrows_the_one_before(ask: Ask, thread: tuple[str, ...], call: str) -> None:
    assert ask(*thread) == call


@pytest.mark.parametrize(
    ("question", "tool"),
    [
        ("what is our commitment coverage", "CommitmentCoverage"),
        ("how much commitment do we waste", "UnusedCommitmentCost"),
        ("commitment utilization by month", "CommitmentUtilization"),
        ("what if we committed to 16 H100s at 30 % off", "simulate"),
        ("should we buy savings plans", "search_playbooks"),
        ("what is break-even utilisation", "search_playbooks"),
        ("buy a savings plan", "decline"),
        ("credits in October", "Credits"),
    ],
)
def test_figures_advice_and_orders_stay_where_they_are(ask: Ask, question: str, tool: str) -> None:
    assert ask(question).split()[0] == tool
