"""FOCUS's InvoiceDetail and ContractCommitment: known by their columns, kept beside the charges, set beside them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.errors import BadInput
from tools.domain.period import Period
from tools.inform.reconciliation.request import ReconcileRequest
from tools.inform.reconciliation.tool import reconcile
from tools.ingest.focus import load_focus
from tools.ingest.focus_datasets import other_dataset
from tools.ingest.records import load_records
from tools.registry import ToolContext
from tools.store.store import Store

CHARGES = (
    "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
    "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BillingAccountId,InvoiceIssuerName,HostProviderName,ServiceName,"
    "InvoiceId,InvoiceDetailId"
)
DETAILS = (
    "InvoiceIssuerName,InvoiceId,InvoiceDetailId,BillingAccountId,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,"
    "BilledCost,BillingCurrency,InvoiceIssueStatus,InvoiceIssueDate,PaymentDueDate,PaymentTerms,ReferenceInvoiceId"
)
COMMITMENTS = (
    "ServiceProviderName,InvoiceIssuerName,ContractId,ContractCommitmentId,ContractCommitmentPeriodStart,"
    "ContractCommitmentPeriodEnd,ContractCommitmentCost,BillingCurrency,ContractCommitmentCategory"
)
MONTH = "2026-10-01T00:00:00Z,2026-11-01T00:00:00Z"
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))


def _file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _charge(cost: str, category: str, invoice: str) -> str:
    days = "2026-10-05T00:00:00Z,2026-10-06T00:00:00Z"
    return f"{cost},{cost},{cost},{cost},USD,{MONTH},{days},{category},a-1,Acme,Acme,API,{invoice},d-1"


def _detail(cost: str, category: str, invoice: str, number: str) -> str:
    issued = "Issued,2026-11-02T00:00:00Z,2026-12-02T00:00:00Z,NET30,"
    return f"Acme,{invoice},{number},a-1,{MONTH},{category},{cost},USD,{issued}"


def test_datasets_are_known_by_their_columns(tmp_path: Path) -> None:
    charges = _file(tmp_path, "charges.csv", CHARGES, _charge("1", "Usage", "i-1"))
    details = _file(tmp_path, "details.csv", DETAILS, _detail("1", "Usage", "i-1", "d-1"))
    commitments = _file(
        tmp_path, "commitments.csv", COMMITMENTS, "Acme,Acme,c-1,cc-1,2026-01-01,2027-01-01,1000,USD,Spend"
    )
    assert [other_dataset([path]) for path in (charges, details, commitments)] == [None, "invoices", "commitments"]
    with pytest.raises(BadInput, match="one dataset at a time"):
        other_dataset([charges, details])
    store = Store(tmp_path / "store")
    load_records(store, "commitments", [commitments])
    (found,) = store.snapshot().records("commitments")
    assert (found.commitment_id, found.cost, found.end) == ("cc-1", Decimal(1000), date(2027, 1, 1))


def test_invoices_as_issued_are_set_beside_the_charges(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    charges = (_charge("10", "Usage", "i-1"), _charge("0.88", "Tax", "i-1"), _charge("3", "Usage", "i-2"))
    load_focus(store, [_file(tmp_path, "charges.csv", CHARGES, *charges)])
    details = (_detail("10", "Usage", "i-1", "d-1"), _detail("0.90", "Tax", "i-1", "d-2"))
    load_records(store, "invoices", [_file(tmp_path, "details.csv", DETAILS, *details)])
    context = ToolContext(store=store.snapshot(), as_of=date(2026, 11, 23))
    result = reconcile.run(context, ReconcileRequest(period=OCTOBER, reference="invoice_detail"))
    assert result.rows == (
        ("i-2", "Usage", Decimal(0), Decimal(3), Decimal(-3)),
        ("i-1", "Tax", Decimal("0.9"), Decimal("0.88"), Decimal("0.02")),
        ("i-1", "Usage", Decimal(10), Decimal(10), Decimal(0)),
    )


def test_without_invoice_details_the_way_to_load_them_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    load_focus(store, [_file(tmp_path, "charges.csv", CHARGES, _charge("10", "Usage", "i-1"))])
    context = ToolContext(store=store.snapshot(), as_of=date(2026, 11, 23))
    result = reconcile.run(context, ReconcileRequest(period=OCTOBER, reference="invoice_detail"))
    assert result.no_data is not None
    assert "InvoiceDetail" in result.no_data
