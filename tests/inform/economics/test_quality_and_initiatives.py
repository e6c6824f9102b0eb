"""What good answers cost and which initiatives pay, over usage that can be worked out by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tools.domain.errors import BadRequest
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.domain.scope import Filter
from tools.inform.economics.tool import UnitRequest, unit_economics
from tools.ingest.records import load_records
from tools.ingest.usage import load_usage
from tools.registry import ToolContext
from tools.store import Store

OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
USAGE = """time,model,input_tokens,requests,cost,x_UseCase,x_Project
2026-10-05T09:00:00Z,big,1000,100,40,extraction,reader
2026-10-06T09:00:00Z,big,1000,100,20,chat,helper
2026-10-05T09:00:00Z,small,1000,500,10,extraction,reader
2026-10-06T09:00:00Z,mute,1000,,7,extraction,reader
2026-10-07T09:00:00Z,unscored,1000,10,50,extraction,idle
"""
QUALITY = """date,model,use_case,success_rate,samples
2026-10-05,big,extraction,0.9,100
2026-10-12,big,extraction,0.7,300
2026-10-05,big,chat,0.5,10
2026-10-05,small,extraction,0.2,10
2026-10-05,mute,extraction,0.9,10
2026-09-05,small,extraction,1,10
"""
BENEFITS = """date,metric,value,x_Project
2026-10-05,benefit,100,reader
2026-10-06,benefit,70,reader
2026-10-06,benefit,15,helper
2026-10-06,benefit,5,unspent
2026-10-05,revenue,1000,
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("quality")
    store = Store(folder / "store")
    load_usage(store, [_file(folder, "usage.csv", USAGE)], provider="Acme")
    load_records(store, "quality", [_file(folder, "quality.csv", QUALITY)])
    load_records(store, "metrics", [_file(folder, "benefits.csv", BENEFITS)])
    return store


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def _ask(store: Store, **request: Any) -> ToolResult:
    ctx = ToolContext(store.snapshot(), date(2026, 11, 2))
    return unit_economics.run(ctx, UnitRequest(**{"period": OCTOBER, **request}))


def _by(result: ToolResult, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[result.column_index(one)] for one in columns) for row in result.rows]


def test_a_success_costs_what_was_spent_over_requests_times_score(store: Store) -> None:
    found = _by(_ask(store, about="quality"), "x_UseCase", "x_Model", "Score", "SuccessfulOutcomes", "CostPerSuccess")
    assert found == [
        ("chat", "big", Decimal("0.5"), 50, Decimal("0.4")),
        ("extraction", "small", Decimal("0.2"), 100, Decimal("0.1")),
        ("extraction", "big", Decimal("0.75"), 75, pytest.approx(Decimal(40) / 75)),
    ]


def test_by_model_scores_weigh_as_many_requests_as_they_stand_for(store: Store) -> None:
    found = _by(_ask(store, about="quality", by="x_Model"), "x_Model", "ModelUsageCost", "Score", "CostPerSuccess")
    assert found == [
        ("small", 10, Decimal("0.2"), Decimal("0.1")), ("big", 60, Decimal("0.625"), Decimal("0.48"))
    ]  # fmt: skip


def test_performance_to_cost_is_the_score_over_the_cost_of_a_request(store: Store) -> None:
    assert _by(_ask(store, about="quality", by="x_Model"), "x_Model", "PerformanceToCost")[0] == ("small", 10)


def test_what_was_scored_without_counted_requests_is_named_and_in_no_figure(store: Store) -> None:
    result = _ask(store, about="quality", by="x_Model")
    assert ("mute",) not in _by(result, "x_Model")
    assert any("without counted requests in the period: mute in extraction" in one for one in result.evidence.caveats)
    assert any(one.startswith("7.00 USD of cost comes without") for one in result.evidence.caveats)


def test_a_use_case_asked_for_leaves_the_others_out(store: Store) -> None:
    result = _ask(store, about="quality", filters=(Filter(dimension="x_UseCase", values=("chat",)),))
    assert _by(result, "x_UseCase") == [("chat",)]


def test_a_period_without_scores_says_when_there_are_some(store: Store) -> None:
    result = _ask(store, about="quality", period=Period(start=date(2026, 8, 1), end=date(2026, 9, 1)))
    assert result.no_data is not None
    assert "scores are from 2026-09-05 to 2026-10-12" in result.no_data


def test_scores_are_told_by_no_other_dimension(store: Store) -> None:
    with pytest.raises(BadRequest, match="use one of x_Model, x_UseCase"):
        _ask(store, about="quality", by="x_Team")


def test_initiatives_are_ranked_by_return_over_the_days_both_are_known(store: Store) -> None:
    result = _ask(store, about="initiatives")
    found = _by(result, "x_Project", "EffectiveCost", "Benefit", "ReturnOnInvestment", "PaybackDays")
    assert found == [
        ("reader", 57, 170, pytest.approx(Decimal(113) / 57), pytest.approx(Decimal(57) / 85)),
        ("helper", 20, 15, Decimal("-0.25"), pytest.approx(Decimal(20) / 15)),
        ("unspent", None, 5, None, None),
    ]
    assert any(one.startswith("1 with 50.00 USD of cost have no benefit loaded") for one in result.evidence.caveats)


def test_initiatives_by_what_no_benefit_is_loaded_for_say_how_to_load_it(store: Store) -> None:
    result = _ask(store, about="initiatives", by="x_UseCase")
    assert result.no_data is not None
    assert "column x_UseCase" in result.no_data


def test_the_return_of_a_project_takes_the_benefit_that_is_its_own(store: Store) -> None:
    result = _ask(store, about="return", filters=(Filter(dimension="x_Project", values=("helper",)),))
    assert _by(result, "EffectiveCost", "Benefit") == [(20, 15)]
