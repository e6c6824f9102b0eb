"""Two accounts of the same usage: every cent of their difference falls under one cause."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.errors import UnknownName
from tools.domain.period import Period
from tools.inform.reconciliation.request import ReconcileRequest
from tools.inform.reconciliation.tool import reconcile
from tools.ingest.focus import load_focus
from tools.registry import ToolContext
from tools.store.store import Store

HEADER = (
    "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
    "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,BillingAccountId,InvoiceIssuerName,"
    "ServiceProviderName,HostProviderName,ServiceName,PricingQuantity,PricingUnit,x_Model,x_Team,x_ServiceTier"
)
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))


def _line(
    day: int, cost: str, tokens: str, *, model: str = "m", tier: str = "standard", kind: str = "Usage", what: str = "",
    month: int = 10,
) -> str:  # fmt: skip
    period = f"2026-{month:02}-01,2026-{month + 1:02}-01,2026-{month:02}-{day:02},2026-{month:02}-{day + 1:02}"
    unit = "1M Tokens" if tokens else ""
    return (
        f"{cost},{cost},{cost},{cost},USD,{period},{kind},{what},a-1,Acme,Acme,Acme,Acme API,{tokens},{unit},"
        f"{model if tokens else ''},search,{tier if tokens else ''}"
    )


def _reconciled(
    folder: Path, invoice: Iterable[str], records: Iterable[str], period: Period = OCTOBER
) -> dict[str, Decimal]:
    """Step → amount; the first step is the records, the last the invoice."""
    store = Store(folder / "store")
    for basis, lines in (("invoice", invoice), ("provider_usage", records)):
        path = folder / f"{basis}.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        load_focus(store, [path], source=basis, basis=basis)  # type: ignore[arg-type]
    context = ToolContext(store=store.snapshot(), as_of=date(2026, 11, 23))
    result = reconcile.run(context, ReconcileRequest(provider="acme", period=period))
    assert result.no_data is None
    steps = {str(step): amount for step, amount in result.rows if isinstance(amount, Decimal)}
    amounts = list(steps.values())
    assert sum(amounts[:-1]) == amounts[-1], "records and causes add up to the invoice, to the last digit"
    return {step: amount for step, amount in list(steps.items())[1:-1] if amount}


def test_equal_accounts_have_no_difference(tmp_path: Path) -> None:
    lines = [_line(day, "1.50", "3") for day in range(1, 29)]
    assert _reconciled(tmp_path, lines, lines) == {}


def test_what_stands_on_the_invoice_alone_is_told_by_its_kind(tmp_path: Path) -> None:
    usage = [_line(2, "10", "3")]
    besides = [
        _line(1, "0.88", "", kind="Tax"),
        _line(1, "-2", "", kind="Credit"),
        _line(1, "-0.5", "", what="Correction"),
        _line(1, "7", "", kind="Purchase"),
        _line(1, "4", ""),
    ]
    assert _reconciled(tmp_path, [*usage, *besides], usage) == {
        "taxes": Decimal("0.88"),
        "credits": Decimal(-2),
        "refunds and corrections": Decimal("-0.5"),
        "purchases and fees": Decimal(7),
        "charges that are not for tokens": Decimal(4),
    }


def test_rounding_is_told_from_another_price(tmp_path: Path) -> None:
    invoice = [_line(2, "10.01", "3"), _line(3, "11", "3")]
    records = [_line(2, "10.0075", "3"), _line(3, "10", "3")]
    assert _reconciled(tmp_path, invoice, records) == {
        "rounding of lines to cents": Decimal("0.0025"),
        "unexplained: other prices": Decimal(1),
    }


def test_a_day_without_records_a_tier_without_records_and_an_open_month(tmp_path: Path) -> None:
    both = [_line(day, "10", "3") for day in (2, 4)]
    invoice = [*both, _line(3, "10", "3"), _line(2, "5", "1", tier="priority")]
    records = [*both, _line(5, "8", "2", month=11)]
    period = Period(start=date(2026, 10, 1), end=date(2026, 12, 1))
    assert _reconciled(tmp_path, invoice, records, period) == {
        "days without any records": Decimal(10),
        "usage that the records lack altogether": Decimal(5),
        "months that are not billed yet": Decimal(-8),
    }


def test_batch_that_was_priced_as_standard(tmp_path: Path) -> None:
    invoice = [_line(2, "5", "3", tier="batch")]
    records = [_line(2, "10", "3")]
    assert _reconciled(tmp_path, invoice, records) == {"batch usage priced as standard": Decimal(-5)}


def test_days_cut_at_another_hour_move_no_tokens_of_the_month(tmp_path: Path) -> None:
    invoice = [_line(2, "10", "4"), _line(3, "10", "4"), _line(4, "10", "4")]
    records = [_line(2, "9", "3.6"), _line(3, "11", "4.4"), _line(4, "9.99", "3.996")]
    assert _reconciled(tmp_path, invoice, records) == {"days cut at another hour": Decimal("0.01")}


def test_other_quantities_stay_unexplained(tmp_path: Path) -> None:
    invoice = [_line(2, "10", "4"), _line(3, "10", "4")]
    records = [_line(2, "10", "4"), _line(3, "5", "2")]
    assert _reconciled(tmp_path, invoice, records) == {"unexplained: other quantities": Decimal(5)}


def test_one_account_is_no_reconciliation_and_an_unknown_provider_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    path = tmp_path / "bill.csv"
    path.write_text("\n".join([HEADER, _line(2, "10", "3")]) + "\n", encoding="utf-8")
    load_focus(store, [path])
    context = ToolContext(store=store.snapshot(), as_of=date(2026, 11, 23))
    alone = reconcile.run(context, ReconcileRequest(provider="Acme", period=OCTOBER))
    assert alone.no_data is not None
    assert "only the invoice is loaded" in alone.no_data
    with pytest.raises(UnknownName, match="Acme"):
        reconcile.run(context, ReconcileRequest(provider="Acmee", period=OCTOBER))
