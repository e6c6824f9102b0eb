"""The SQL of a fixed set of queries; regenerate with OUTLAY_REGENERATE_GOLDEN=1 and read the diff."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.period import Period
from tools.domain.query import CostQuery, Threshold
from tools.domain.scope import Filter
from tools.inform.spend import query_costs
from tools.registry import ToolContext

GOLDEN = Path(__file__).parent / "golden"
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
PROD = Filter(dimension="tag:env", values=("prod",))
SHAPES = {
    "total": CostQuery(period=OCTOBER),
    "by_one_dimension": CostQuery(group_by=("x_Model",), period=OCTOBER),
    "top_with_other": CostQuery(group_by=("x_Model",), period=OCTOBER, limit=2),
    "by_provider": CostQuery(group_by=("HostProviderName",), period=OCTOBER),
    "by_tag": CostQuery(group_by=("tag:env",), period=OCTOBER, filters=(PROD,)),
    "by_day": CostQuery(granularity="day", period=OCTOBER),
    "groups_by_week": CostQuery(group_by=("x_Team",), granularity="week", period=OCTOBER, limit=1),
    "compared": CostQuery(group_by=("x_Team",), period=OCTOBER, compare_to="previous", order_by="absolute_change"),
    "billed": CostQuery(metrics=("BilledCost", "EffectiveCost"), period=OCTOBER),
    "ratio": CostQuery(metrics=("CacheHitRate",), group_by=("x_Model",), period=OCTOBER, limit=2),
    "threshold": CostQuery(
        group_by=("x_Team",), period=OCTOBER, threshold=Threshold(operator="over", value=Decimal("0.3"), column="share")
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_query_compiles_as_the_golden_file_says(billed: ToolContext, shape: str, regenerate: bool) -> None:
    evidence = query_costs.run(billed, SHAPES[shape]).evidence
    values = "\n".join(f"-- {value!r}" for value in evidence.parameters)
    path = GOLDEN / f"{shape}.sql"
    written = f"{evidence.sql}\n{values}\n"
    if regenerate:
        path.write_text(written, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written


def test_values_never_stand_in_the_text(billed: ToolContext) -> None:
    attack = Filter(dimension="ServiceName", operator="contains", values=("x' OR 1=1 --",))
    evidence = query_costs.run(billed, CostQuery(period=OCTOBER, filters=(attack,))).evidence
    assert "OR 1=1" not in evidence.sql
    assert "x' or 1=1 --" in evidence.parameters
