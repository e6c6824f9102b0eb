"""Batch, flex and priority: who can wait, and what that saves."""

from decimal import Decimal
from pathlib import Path

from tests.optimize.llm.store import loaded, only, request
from tools.optimize.llm.batch import Batch
from tools.optimize.llm.tier import Tier
from tools.optimize.portfolio import combine


def test_work_that_can_wait_costs_half_through_batch_and_other_work_stays(tmp_path: Path) -> None:
    asked = [request("05T10:00:00", use_case="extraction"), request("05T11:00:00")]
    one = only(loaded(tmp_path, asked).found(Batch()))
    assert one.saving == 1
    assert one.low == 0
    assert "extraction" in one.description


def test_a_model_without_a_batch_price_is_not_sent_through_batch(tmp_path: Path) -> None:
    asked = [request("05T10:00:00", use_case="extraction", model="gpt-4.1-mini")]
    assert loaded(tmp_path, asked).found(Batch()) == ()


def test_what_went_through_batch_already_saves_nothing(tmp_path: Path) -> None:
    asked = [request("05T10:00:00", use_case="extraction", service_tier="batch"), request("05T11:00:00")]
    assert loaded(tmp_path, asked).found(Batch()) == ()


def test_batch_asks_for_what_usage_is_for(tmp_path: Path) -> None:
    missing = loaded(tmp_path, [request("05T10:00:00", use_case="", workload="")]).missing(Batch())
    assert missing is not None
    assert "x_UseCase" in missing


def test_priority_is_left_for_standard_surely_outside_production_and_less_surely_in_it(tmp_path: Path) -> None:
    asked = [
        request("05T10:00:00", service_tier="priority", environment="staging"),
        request("05T10:00:00", service_tier="priority"),
    ]
    found = {one.target.split("/")[-2]: one for one in loaded(tmp_path, asked).found(Tier())}
    assert [found[name].saving for name in ("staging", "production")] == [2, 2]
    assert found["staging"].confidence > found["production"].confidence


def test_of_batch_and_flex_for_the_same_requests_one_is_taken(tmp_path: Path) -> None:
    store = loaded(tmp_path, [request("05T10:00:00", use_case="extraction")])
    found = (*store.found(Batch()), *store.found(Tier()))
    assert [one.lever for one in found] == ["batch", "tier"]
    portfolio = combine(store.ledger, found)
    assert portfolio.saving == Decimal(1)
    assert len(portfolio.alternatives) == 1
