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
    "HostProviderName,ServiceName,x_Model,x_ModelDeveloper"
)


def _store(folder: Path, *charges: tuple[str, str, str]) -> Store:
    """Charges of one dollar: provider, model, developer."""
    days = "2026-10-01,2026-11-01,2026-10-05,2026-10-06"
    rows = [f"1,1,1,1,USD,{days},Usage,a-1,{p},{p},{p},{p} API,{model},{developer}" for p, model, developer in charges]
    bill = folder / "bill.csv"
    bill.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    store = Store(folder / "store")
    load_focus(store, [bill])
    return store


@pytest.mark.parametrize(
    ("other", "call"),
    [
        (("Anthropic", "claude", "Anthropic"), "EffectiveCost where HostProviderName=OpenAI"),
        (("AWS", "gpt", "OpenAI"), 'ask: spend on provider "OpenAI" | spend on model developer "OpenAI"'),
    ],
)
def test_a_provider_that_is_also_a_developer_is_asked_back_only_where_it_matters(
    tmp_path: Path, other: tuple[str, str, str], call: str
) -> None:
    lexicon = Lexicon.of(_store(tmp_path, ("OpenAI", "gpt", "OpenAI"), other).snapshot())
    assert shorthand(plan("spend on OpenAI", lexicon=lexicon, as_of=date(2026, 11, 23))[0]) == call


def test_the_lexicon_of_a_generation_is_built_once(tmp_path: Path) -> None:
    snapshot = _store(tmp_path, ("OpenAI", "gpt", "OpenAI")).snapshot()
    assert Lexicon.of(snapshot) is Lexicon.of(snapshot)
