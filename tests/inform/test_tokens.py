from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.query import CostQuery
from tools.inform.data import DescribeRequest, describe_data
from tools.inform.spend import query_costs
from tools.ingest.usage import load_usage
from tools.registry import ToolContext
from tools.store.store import Store

PRICES = """currency: USD
prices:
  - {model: m-large, input: 2, cached_input: 0.5, output: 10, from: 2026-01-01}
"""
USAGE = """time,model,requests,input_tokens,cached_input_tokens,output_tokens
2026-10-03T10:00:00Z,m-large,10,3000000,1000000,500000
2026-10-03T11:00:00Z,m-unknown,5,700,0,300
"""


@pytest.fixture
def used(tmp_path: Path) -> ToolContext:
    """Usage of one model that has a price, and of one that has none; input excludes what is cached."""
    (tmp_path / "prices.yaml").write_text(PRICES)
    (tmp_path / "usage.csv").write_text(USAGE)
    store = Store(tmp_path / "store")
    load_usage(store, [tmp_path / "usage.csv"], provider="our-gateway", prices=tmp_path / "prices.yaml")
    return ToolContext(store=store.snapshot(), as_of=date(2026, 10, 10))


def test_unpriced_usage_is_unknown_never_zero(used: ToolContext) -> None:
    result = query_costs.run(used, CostQuery(metrics=("EffectiveCost", "Tokens"), group_by=("x_Model",)))
    assert result.rows == (("m-large", Decimal("11.5"), Decimal(4_500_000)), ("m-unknown", None, Decimal(1000)))
    assert any("1,000 tokens of usage have no known price" in caveat for caveat in result.evidence.caveats)


def test_cost_per_million_tokens_divides_by_the_tokens_that_have_a_price(used: ToolContext) -> None:
    result = query_costs.run(used, CostQuery(metrics=("CostPerMillionTokens",)))
    assert result.rows == ((Decimal("2.555555555555555555555555556"),),)


def test_cache_hit_rate_is_cached_over_all_input(used: ToolContext) -> None:
    result = query_costs.run(used, CostQuery(metrics=("CacheHitRate", "CostPerRequest"), group_by=("x_Model",)))
    assert result.rows[0] == ("m-large", Decimal("0.25"), Decimal("1.15"))


def test_unpriced_models_are_listed(used: ToolContext) -> None:
    result = describe_data.run(used, DescribeRequest(about="unpriced"))
    assert [(row[0], row[-1]) for row in result.rows] == [("m-unknown", Decimal(1000))]
