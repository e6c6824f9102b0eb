"""The story's independent side: hours × price by hand, and a bill of nothing but what ran."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evals.story.__main__ import PRICE, Days, by_hand
from evals.story.bills import write_bill
from evals.story.cloud import Hour

FRIDAY = date(2026, 10, 30)


def lived(first: date, days: int, *running: str) -> list[Hour]:
    began = datetime.combine(first, time(), UTC)
    office = [began + timedelta(hours=n) for n in range(days * 24)]
    return [Hour(one, frozenset(running if one.weekday() < 5 and 8 <= one.hour < 18 else ())) for one in office]


def test_what_was_saved_is_the_office_hours_in_which_an_idle_machine_stood_still() -> None:
    """From the day after: Saturday to Tuesday, two working days of ten hours."""
    hours = lived(FRIDAY, 5, "i-busy")
    assert by_hand(hours, ["i-a", "i-b"], Days(FRIDAY)) == 2 * 20 * PRICE
    assert by_hand(lived(FRIDAY, 5, "i-a", "i-b"), ["i-a", "i-b"], Days(FRIDAY)) == 0


def row(resource: str, start: datetime, length: timedelta) -> dict[str, object]:
    return {
        "ResourceId": resource, "ChargeCategory": "Usage", "EffectiveCost": Decimal("2.50"),
        "ChargePeriodStart": start, "ChargePeriodEnd": start + length,
        "BillingPeriodStart": datetime(2026, 10, 1), "BillingPeriodEnd": datetime(2026, 11, 1),
    }  # fmt: skip


def test_a_bill_charges_a_machine_for_the_hours_it_ran_and_carries_the_rest_on(tmp_path: Path) -> None:
    october = tmp_path / "BILLING_PERIOD=2026-10" / "fernhill-focus-00001.snappy.parquet"
    october.parent.mkdir()
    week = [datetime(2026, 10, 23) + timedelta(days=n) for n in range(7)]
    rows = [row("i-a", week[0] + timedelta(hours=9), timedelta(hours=1)), row("i-b", week[0], timedelta(hours=1))]
    pq.write_table(pa.Table.from_pylist([*rows, *(row("disk", day, timedelta(days=1)) for day in week)]), october)

    written = write_bill(tmp_path, ["i-a", "i-b"], lived(FRIDAY, 4, "i-a"))

    assert [path.parent.name for path in written] == ["BILLING_PERIOD=2026-10", "BILLING_PERIOD=2026-11"]
    new = [one for path in written for one in pq.read_table(path, partitioning=None).to_pylist()]
    new = [one for one in new if one["ChargePeriodStart"] >= datetime(2026, 10, 30)]
    assert [one["ResourceId"] for one in new].count("i-a") == 20  # Friday and Monday
    assert [one["ResourceId"] for one in new].count("i-b") == 0
    assert [one["ResourceId"] for one in new].count("disk") == 4
    november = [one for one in new if one["ChargePeriodStart"] >= datetime(2026, 11, 1)]
    assert {one["BillingPeriodStart"] for one in november} == {datetime(2026, 11, 1)}
