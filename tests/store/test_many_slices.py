"""More slices than are worth a scan each are written in one pass."""

from datetime import date
from decimal import Decimal

from tests.store.staged import Charge, load, total
from tools.store import Store
from tools.store.segments import MOST_SCANS


def test_a_load_of_very_many_sources_and_months_keeps_every_row_in_its_slice(store: Store) -> None:
    months = [date(2026, month, 1) for month in (8, 9, 10)]
    rows = [Charge(month, "1", source=f"account-{number}") for number in range(MOST_SCANS // 2) for month in months]
    report = load(store, rows)
    assert len(store.snapshot().manifest.segments) == len(rows) > MOST_SCANS
    assert total(store) == total(store, table="daily") == Decimal(report.accepted) == len(rows)
    assert total(store, "\"x_Source\" = 'account-7' AND \"ChargeDay\" = DATE '2026-09-01'") == Decimal(1)
