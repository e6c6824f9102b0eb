"""Serving cost of a self-hosted model against what its tokens would cost to buy, worked out by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.inform.serving import ServingRequest, serving_costs
from tools.ingest.focus import load_focus
from tools.registry import ToolContext
from tools.store.store import Store

HEADER = (
    "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
    "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BillingAccountId,InvoiceIssuerName,ServiceProviderName,"
    "HostProviderName,ServiceName,ConsumedQuantity,ConsumedUnit,x_Model,x_TokenType"
)
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))


def _row(day: str, hour: int, cost: str, quantity: str, unit: str, kind: str = "") -> str:
    start, end = f"{day}T{hour:02}:00:00Z", f"{day}T{hour + 1:02}:00:00Z"
    period = "2026-10-01T00:00:00Z,2026-11-01T00:00:00Z"
    return (
        f"{cost},{cost},{cost or 0},{cost or 0},USD,{period},{start},{end},Usage,a-1,Acme,Acme,Acme,GPU Cloud,"
        f"{quantity},{unit},qwen,{kind}"
    )


def _served(folder: Path, usage: list[str], request: ServingRequest = ServingRequest(period=OCTOBER)) -> ToolResult:  # noqa: B008
    store = Store(folder / "store")
    machines = [_row("2026-10-01", hour, "50", "1", "Hours") for hour in range(20)]
    for basis, rows in (("invoice", machines), ("estimate", usage)):
        if rows:
            path = folder / f"{basis}.csv"
            path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
            load_focus(store, [path], source=basis, basis=basis)  # type: ignore[arg-type]
    return serving_costs.run(ToolContext(store=store.snapshot(), as_of=date(2026, 11, 23)), request)


def test_allocated_used_bought_and_break_even(tmp_path: Path) -> None:
    usage = [
        _row("2026-10-01", 1, "100", "60000000", "Tokens", "input"),
        _row("2026-10-01", 1, "100", "40000000", "Tokens", "output"),
        _row("2026-10-02", 5, "50", "20000000", "Tokens", "output"),
    ]
    (row,) = _served(tmp_path, usage).rows
    hours = 31 * 24
    capacity = Decimal(100_000_000 * hours)
    expected = (
        Decimal(1000),
        Decimal(120_000_000),
        Decimal(1000) / 120,
        Decimal(120_000_000) / capacity,
        Decimal(1000) * 1_000_000 / capacity,
        Decimal(250) / 120,
        Decimal(250),
        Decimal(1000) * 120_000_000 / (250 * capacity),
    )
    assert row[0] == "qwen"
    assert [f"{Decimal(cell or 0):.15f}" for cell in row[1:]] == [f"{value:.15f}" for value in expected]


def test_without_usage_records_or_machines_there_is_nothing_to_set_side_by_side(tmp_path: Path) -> None:
    nothing = _served(tmp_path, [])
    assert nothing.no_data is not None
    assert "usage records" in nothing.no_data
    other = ServingRequest(model="gpt-5.5", period=OCTOBER)
    unknown = _served(tmp_path, [_row("2026-10-01", 1, "100", "60000000", "Tokens", "input")], other)
    assert unknown.no_data is not None
    assert "gpt-5.5" in unknown.no_data


@pytest.mark.parametrize("column", ["BuyPerMillion", "BuyCost", "BreakEvenUtilisation"])
def test_an_unknown_price_is_no_price_of_zero(tmp_path: Path, column: str) -> None:
    result = _served(tmp_path, [_row("2026-10-01", 1, "", "60000000", "Tokens", "input")])
    assert result.rows[0][result.column_index(column)] is None
    assert any("no price list" in caveat for caveat in result.evidence.caveats)
