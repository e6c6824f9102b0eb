"""The commitments tool: what each of its answers holds."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.optimize.commitments.company import AS_OF, company, context, with_agreements
from tools.domain.result import ToolResult
from tools.optimize.commitments.request import CommitmentsRequest
from tools.optimize.commitments.tool import commitments
from tools.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return company(tmp_path_factory.mktemp("company"))


def told(store: Store, offers: Path | None = None, **request: Any) -> ToolResult:
    return commitments.run(context(store, AS_OF, offers), CommitmentsRequest(**request))


def first(result: ToolResult) -> dict[str, Any]:
    return dict(zip((column.name for column in result.columns), result.rows[0], strict=True))


@pytest.mark.parametrize("by", ["commitment", "machine", "account"])
def test_coverage_tells_the_kpis_of_the_library(store: Store, by: str) -> None:
    one = first(told(store, about="coverage", by=by))
    # A day: 36 reserved hours used and 12 idle at 6; 36 hours on demand at 10.
    assert (one["Utilization"], one["Coverage"], one["BreakEven"]) == (Decimal("0.75"), Decimal("0.5"), Decimal("0.6"))
    assert one["SavingsRate"] == Decimal("0.2")
    assert one["Unused"] == 31 * 12 * 6
    assert one["Saved"] == 31 * (36 * 10 - 48 * 6)


def test_the_plan_tells_the_saving_a_month_and_its_range(store: Store) -> None:
    one = first(told(store, about="plan"))
    assert one["Buy"] == "1 × g9.large (2 machines, 1 year)"
    assert one["Saving"] == 730 * 4
    assert one["SavingLow"] <= one["Saving"] <= one["SavingHigh"]
    assert one["BreakEven"] == Decimal("0.6")


def test_an_offer_of_ones_own_is_planned_with(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "commitment_offers.yaml"
    path.write_text(
        "offers: [{provider: Cloud, kind: savings_plan, name: plan, machines: [g9.large], term_years: 1, rate: 4, "
        "currency: USD, source: contract 9, checked: 2026-10-01}]"
    )
    result = told(store, path, about="plan")
    # By day a second machine runs: 12 of 24 hours at 10 are worth more than 24 at 4.
    assert first(result)["Buy"] == "8.00 USD an hour of plan"
    assert first(result)["Saving"] == 730 * (15 - 8)
    assert any("contract 9" in caveat for caveat in result.evidence.caveats)


def test_what_can_be_interrupted_runs_on_spot(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "commitment_offers.yaml"
    path.write_text(
        "offers: [{provider: Cloud, kind: spot, name: spot, machines: [g9.large], rate: 2, interruptible: 1, "
        "currency: USD, source: spot history, checked: 2026-10-01}]"
    )
    one = first(told(store, path, about="plan", years=1))
    # Half a machine more by day than by night: 1.5 on average, at 2 instead of 10.
    assert one["Buy"] == "1,095 machine-hours a month of g9.large on spot"
    assert one["Saving"] == Decimal(1095) * 8


def test_a_commitment_of_no_known_end_is_told_with_the_reason(store: Store) -> None:
    result = told(store, about="expiring")
    assert first(result)["Ends"] == "unknown"
    assert any("began before the data does" in caveat for caveat in result.evidence.caveats)


def test_none_that_ends_in_time_is_an_answer_too(store: Store) -> None:
    result = told(store, about="expiring", within_days=90)
    assert result.no_data_reason == "absent"
    assert "within 90 days" in (result.no_data or "")


def test_prepaid_credits_are_drawn_down_by_what_usage_costs(tmp_path: Path) -> None:
    text = "c-3,credits,Cloud,2026-10-01,2027-01-01,100000,USD,Prepaid credit,GPU credits\n"
    one = first(told(with_agreements(company(tmp_path), text), about="agreements"))
    # A day costs 36 hours at 10 and 48 at 6.
    assert one["Spent"] == 31 * 648
    assert one["Balance"] == 100000 - 31 * 648
    assert (one["BurnRate"], one["Status"]) == (648, "some will expire")
    assert one["Projected"] == 648 * 92


def test_a_store_without_agreements_says_how_to_load_them(store: Store) -> None:
    result = told(store, about="agreements")
    assert result.no_data_reason == "not_loaded"
    assert "outlay ingest focus" in (result.no_data or "")
