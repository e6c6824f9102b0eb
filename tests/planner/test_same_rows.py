"""A name with two readings is asked back only where they are different charges."""

from datetime import date
from pathlib import Path

import pytest

from agent.planner import Lexicon
from agent.planner.planner import plan
from tests.planner.shorthand import shorthand
from tools.ingest.focus import load_focus
from tools.store.store import Store

HEADER = (
    "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
    "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BillingAccountId,InvoiceIssuerName,ServiceProviderName,"
    "HostProviderName,ServiceName,x_Team,x_Project"
)


def _store(folder: Path, *charges: tuple[str, str, str]) -> Store:
    """Charges of one dollar: provider, team, project."""
    days = "2026-10-01,2026-11-01,2026-10-05,2026-10-06"
    rows = [f"1,1,1,1,USD,{days},Usage,a-1,{p},{p},{p},{p} API,{team},{project}" for p, team, project in charges]
    bill = folder / "bill.csv"
    bill.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    store = Store(folder / "store")
    load_focus(store, [bill])
    return store


@pytest.mark.parametrize(
    ("other", "call"),
    [
        (("AWS", "assist", "copilot"), "EffectiveCost where x_Team=search"),
        (("AWS", "search", "copilot"), 'ask: spend on team "search" | spend on project "search"'),
    ],
)
def test_a_team_and_project_of_one_name_are_asked_back_only_where_they_differ(
    tmp_path: Path, other: tuple[str, str, str], call: str
) -> None:
    lexicon = Lexicon.of(_store(tmp_path, ("OpenAI", "search", "search"), other).snapshot())
    assert shorthand(plan("spend on search", lexicon=lexicon, as_of=date(2026, 11, 23))[0]) == call


def test_the_lexicon_of_a_generation_is_built_once(tmp_path: Path) -> None:
    snapshot = _store(tmp_path, ("OpenAI", "search", "search")).snapshot()
    assert Lexicon.of(snapshot) is Lexicon.of(snapshot)
