"""In a scope, every query and every fault is that of a store which was loaded with only the permitted rows."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.store.scopes import load_bill, mixed_bill, permitted, random_scope
from tools.domain.errors import OutlayError
from tools.domain.period import Period
from tools.domain.query import CostQuery, Threshold
from tools.domain.scope import Filter
from tools.inform.change.request import ChangeRequest
from tools.inform.change.tool import explain_change
from tools.inform.data import DescribeRequest, describe_data
from tools.inform.spend import query_costs
from tools.registry import ToolContext
from tools.store import Store

DIMENSIONS = (
    "x_Team",
    "x_Model",
    "ServiceName",
    "HostProviderName",
    "SubAccountId",
    "tag:env",
    "x_Secret",
    "x_CostBasis",
)
METRICS = ("EffectiveCost", "BilledCost", "Tokens", "Rows", "CostPerMillionTokens", "ListCost", "Credits")
COSTS = ("EffectiveCost", "BilledCost", "ListCost", "ContractedCost")
NAMES = (
    "search",
    "ads",
    "risk",
    "serch",
    "plan-0",
    "plan-1",
    "m-large",
    "r1",
    "Machines",
    "Other Cloud",
    "nothing",
    "003",
)
PERIODS = (
    Period(start=date(2026, 10, 1), end=date(2026, 11, 1)),
    Period(start=date(2026, 9, 1), end=date(2026, 11, 1)),
    Period(start=date(2026, 10, 10), end=date(2026, 10, 17)),
    Period(start=date(2025, 1, 1), end=date(2025, 2, 1)),
)


def queries(seed: int, count: int) -> Iterator[CostQuery]:
    chance = random.Random(seed)
    for _ in range(count):
        groups = tuple(chance.sample(DIMENSIONS, chance.randrange(0, 3)))
        metrics = tuple(chance.sample(METRICS, chance.randrange(1, 3)))
        yield CostQuery(
            metrics=metrics,
            group_by=groups,
            filters=tuple(
                Filter(
                    dimension=chance.choice(DIMENSIONS),
                    operator=chance.choice(["in", "in", "not_in", "contains"]),
                    values=tuple(chance.sample(NAMES, chance.randrange(1, 3))),
                )
                for _ in range(chance.choice([0, 0, 1, 1, 2]))
            ),
            period=chance.choice(PERIODS),
            granularity=chance.choice([None, None, "day", "week", "month"]),
            limit=chance.choice([None, 1, 2]) if groups else None,
            compare_to=chance.choice([None, None, "previous"]),
            with_share=chance.random() < 0.2,
            threshold=Threshold(operator="over", value=chance.randrange(20))
            if groups and chance.random() < 0.2
            else None,
        )


def both(tmp_path: Path, seed: int) -> tuple[ToolContext, ToolContext]:
    """The same question's contexts: within a scope, and over only the permitted rows."""
    bill, scope = mixed_bill(seed), random_scope(seed)
    whole = load_bill(tmp_path / "whole", bill, bill)
    alone = load_bill(tmp_path / "alone", permitted(bill, scope), bill)
    within = Store(whole.path, scope=scope)
    as_of = date(2026, 10, 31)
    return ToolContext(store=within.snapshot(), as_of=as_of), ToolContext(store=alone.snapshot(), as_of=as_of)


def told(tool: Any, context: ToolContext, request: Any) -> Any:
    try:
        result = tool.run(context, request)
    except OutlayError as fault:
        return f"{type(fault).__name__}: {fault}"
    return result.model_dump(exclude={"evidence": {"generation", "scope"}})


@pytest.mark.parametrize("seed", range(6))
def test_a_query_in_a_scope_is_that_query_over_only_its_rows(tmp_path: Path, seed: int) -> None:
    within, alone = both(tmp_path, seed)
    for query in queries(seed, 60):
        assert told(query_costs, within, query) == told(query_costs, alone, query), query


@pytest.mark.parametrize("seed", range(6))
def test_what_is_described_in_a_scope_is_what_a_store_of_only_its_rows_holds(tmp_path: Path, seed: int) -> None:
    within, alone = both(tmp_path, seed)
    asked = [{"about": about} for about in ("overview", "sources", "periods", "metrics", "dimensions", "tags")]
    asked += [{"about": "unpriced"}, {"about": "quarantine"}]
    asked += [{"about": "values", "dimension": name} for name in (*DIMENSIONS, "tag:none", "x_None", "x_Customer")]
    for one in asked:
        request = DescribeRequest.model_validate(one)
        assert told(describe_data, within, request) == told(describe_data, alone, request), one


@pytest.mark.parametrize("seed", range(4))
def test_a_change_in_a_scope_is_explained_as_over_only_its_rows_and_leaves_nothing(tmp_path: Path, seed: int) -> None:
    within, alone = both(tmp_path, seed)
    for number, query in enumerate(queries(seed, 14)):
        by = {"group_by": query.group_by, "metric": COSTS[number % len(COSTS)]}
        request = ChangeRequest(period=query.period, filters=query.filters, **by)
        found = told(explain_change, within, request)
        assert found == told(explain_change, alone, request), request
        if isinstance(found, dict) and found["totals"]:
            assert found["totals"]["Contribution"] == found["totals"][f"{request.metric}_change"]
