"""What usage costs: dates, cache time to live, batch, tiers, other meters, unpriced usage, a cost of the file's own."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.ingest.usage_loads import PRICES, Loaded, load_records, write_csv
from tools.domain.errors import BadInput
from tools.ingest.usage import load_usage
from tools.store.store import Store

M = 1_000_000


def test_every_kind_of_token_has_its_own_price(tmp_path: Path) -> None:
    record = {"input_tokens": 4 * M, "cached_input_tokens": M, "cache_write_tokens": M, "output_tokens": M}
    loaded = load_records(tmp_path, [record])
    rows = loaded.rows('"x_TokenType", "EffectiveCost", "ContractedUnitPrice", "SkuMeter"')
    assert rows == [
        ("cache_write", Decimal("2.5"), Decimal("0.0000025"), "Cache Write Input Tokens"),
        ("cached_input", Decimal("0.5"), Decimal("0.0000005"), "Cache Read Input Tokens"),
        ("input", Decimal(4), Decimal("0.000002"), "Input Tokens"),
        ("output", Decimal(8), Decimal("0.000008"), "Output Tokens"),
    ]


def test_an_hours_cache_write_costs_more_than_five_minutes(tmp_path: Path) -> None:
    record = {"cache_write_5m_tokens": M, "cache_write_1h_tokens": M, "output_tokens": 0}
    loaded = load_records(tmp_path, [record], provider="anthropic")
    assert loaded.rows('"SkuMeter", "EffectiveCost"') == [
        ("Cache Write Input Tokens (1h)", Decimal(4)),
        ("Cache Write Input Tokens (5m)", Decimal("2.5")),
    ]


@pytest.mark.parametrize(("ttl", "cost"), [("1h", 4), ("3600s", 4), ("5m", "2.5"), ("", "2.5")])
def test_the_cache_ttl_column_prices_the_records_writes(tmp_path: Path, ttl: str, cost: str) -> None:
    loaded = load_records(tmp_path, [{"cache_write_tokens": M, "cache_ttl": ttl}], provider="anthropic")
    assert loaded.cost() == Decimal(cost)


def test_a_missing_cached_price_is_the_input_price_and_says_so(tmp_path: Path) -> None:
    prices = "currency: USD\nprices: [{model: m-one, input: 2, output: 8, from: 2026-01-01}]"
    loaded = load_records(tmp_path, [{"input_tokens": M, "cached_input_tokens": M}], prices=prices)
    assert loaded.cost() == 2
    assert "prices.yaml has no cached_input price for m-one: priced as input" in loaded.notes


BY_DATE = """
currency: EUR
prices:
  - {model: m-one, input: 4, output: 1, from: 2026-01-01, to: 2026-04-01}
  - {model: m-one, input: 3, output: 1, from: 2026-03-05}
"""


@pytest.mark.parametrize(
    ("time", "cost"),
    [("2026-03-04T23:59:59Z", 4), ("2026-03-05", 3), ("2026-03-05T01:00:00+02:00", 4), ("2026-04-02", 3)],
)
def test_the_price_in_force_on_the_usages_utc_day_counts(tmp_path: Path, time: str, cost: int) -> None:
    loaded = load_records(tmp_path, [{"time": time, "input_tokens": M}], prices=BY_DATE)
    assert loaded.rows('"EffectiveCost", "BillingCurrency"') == [(cost, "EUR")]


def test_usage_before_the_first_price_is_unpriced(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"time": "2025-12-31", "input_tokens": M}], prices=BY_DATE)
    assert loaded.rows('"EffectiveCost", "ListCost", "x_PriceSource"') == [(None, None, "unpriced")]


def test_unpriced_usage_is_loaded_counted_and_named(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"model": "no-such-model", "input_tokens": 5, "output_tokens": 7}])
    assert loaded.cost() is None
    assert loaded.report.accepted == 1
    assert "unpriced, which is not zero: no price for no-such-model (12 Tokens)" in loaded.notes


def test_an_output_price_that_is_missing_leaves_output_unpriced(tmp_path: Path) -> None:
    prices = "currency: USD\nprices: [{model: m-one, input: 2, from: 2026-01-01}]"
    loaded = load_records(tmp_path, [{"input_tokens": M, "output_tokens": M}], prices=prices)
    assert loaded.rows('"x_TokenType", "EffectiveCost", "x_PriceSource"') == [
        ("input", 2, "prices.yaml"),
        ("output", None, "unpriced"),
    ]


TIERED = """
currency: USD
prices:
  - model: m-one
    input: 2
    output: 8
    from: 2026-01-01
    batch_discount: 0.5
    long_context: {over: 200000, input: 4, output: 12}
    service_tiers: {priority: {input: 3, output: 16}}
"""


def load_tiered(folder: Path, record: dict[str, object]) -> Loaded:
    return load_records(folder, [record], prices=TIERED)


@pytest.mark.parametrize("record", [{"batch": "true"}, {"service_tier": "batch"}, {"batch": "1"}])
def test_batch_takes_its_discount(tmp_path: Path, record: dict[str, object]) -> None:
    loaded = load_tiered(tmp_path, {"input_tokens": M, "output_tokens": M, "requests": 100, **record})
    assert loaded.rows('"EffectiveCost", "x_ServiceTier"') == [(1, "batch"), (4, "batch")]


def test_a_service_tier_has_its_own_prices(tmp_path: Path) -> None:
    loaded = load_tiered(tmp_path, {"input_tokens": M, "output_tokens": M, "requests": 9, "service_tier": "priority"})
    assert loaded.cost() == 19


def test_a_service_tier_without_prices_costs_what_standard_costs_and_says_so(tmp_path: Path) -> None:
    loaded = load_tiered(tmp_path, {"input_tokens": M, "requests": 9, "service_tier": "flex"})
    assert loaded.cost() == 2
    assert "no flex price for m-one: priced as standard" in loaded.notes


@pytest.mark.parametrize(("tokens", "cost"), [(200_000, "0.4"), (200_001, "0.800004")])
def test_a_long_request_costs_its_tier_for_all_of_its_tokens(tmp_path: Path, tokens: int, cost: str) -> None:
    loaded = load_tiered(tmp_path, {"input_tokens": tokens, "requests": 1})
    assert loaded.cost() == Decimal(cost)
    assert "can't tell" not in loaded.notes


def test_aggregates_that_cannot_tell_are_priced_at_the_base_tier_and_say_so(tmp_path: Path) -> None:
    loaded = load_tiered(tmp_path, {"input_tokens": 300_000, "requests": 2})
    assert loaded.cost() == Decimal("0.6")
    assert "these aggregates can't tell" in loaded.notes


def test_aggregates_below_the_threshold_need_no_caveat(tmp_path: Path) -> None:
    assert "can't tell" not in load_tiered(tmp_path, {"input_tokens": 200_000, "requests": 2}).notes


def test_an_export_that_names_the_context_window_is_priced_by_it(tmp_path: Path) -> None:
    loaded = load_tiered(tmp_path, {"input_tokens": M, "requests": 50, "context_window": "200k-1M"})
    assert loaded.cost() == 4


METERS = """
currency: USD
prices:
  - {model: m-one, input: 2, output: 8, from: 2026-01-01}
  - {meter: web_searches, unit: Searches, price: 10, per: 1000, from: 2026-01-01}
  - {meter: PTU hours, unit: Hours, price: 1.02, from: 2026-01-01}
  - {meter: images, unit: Images, price: 0.04, from: 2026-01-01}
  - {meter: images, unit: Images, price: 0.08, model: m-one, from: 2026-01-01}
"""


@pytest.mark.parametrize(
    ("meter", "quantity", "cost", "unit"),
    [
        ("Web Searches", "5", "0.05", "Searches"),
        ("ptu_hours", "12.5", "12.75", "Hours"),
        ("images", "3", "0.24", "Images"),
    ],
)
def test_other_meters_price_the_same_way(tmp_path: Path, meter: str, quantity: str, cost: str, unit: str) -> None:
    loaded = load_records(tmp_path, [{"meter": meter, "quantity": quantity}], prices=METERS)
    rows = loaded.rows('"EffectiveCost", "ConsumedQuantity", "ConsumedUnit", "x_TokenType"')
    assert rows == [(Decimal(cost), Decimal(quantity), unit, None)]


def test_a_meter_beside_tokens_is_a_row_of_its_own(tmp_path: Path) -> None:
    record = {"input_tokens": M, "server_tool_use.web_search_requests": 10}
    loaded = load_records(tmp_path, [record], prices=METERS, provider="anthropic")
    assert loaded.rows('"SkuMeter", "EffectiveCost"') == [("Input Tokens", 2), ("Web searches", Decimal("0.1"))]


def test_a_meter_without_a_price_is_unpriced(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"meter": "seats", "quantity": 20}], prices=METERS)
    assert loaded.rows('"EffectiveCost", "x_PriceSource", "ConsumedQuantity"') == [(None, "unpriced", 20)]


def test_without_a_list_the_catalogue_prices_by_model_and_day(tmp_path: Path) -> None:
    records = [{"model": "gpt-4o-2024-08-06", "input_tokens": M, "cached_input_tokens": 0, "output_tokens": M}]
    loaded = load_records(tmp_path, records, prices=None)
    rows = loaded.rows('"x_TokenType", "EffectiveCost", "x_ModelDeveloper", "HostProviderName"')
    assert rows == [("input", Decimal("2.5"), "OpenAI", "OpenAI"), ("output", 10, "OpenAI", "OpenAI")]
    assert loaded.rows('DISTINCT left("x_PriceSource", 12)') == [("genai-prices",)]


def test_self_hosted_models_are_never_priced_at_a_vendors_rate(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"model": "gpt-4o", "input_tokens": M}], prices=None, provider="self-hosted")
    assert loaded.cost() is None


def test_a_gateways_own_cost_is_kept_to_the_last_digit_over_the_token_rows(tmp_path: Path) -> None:
    records = [
        {"input_tokens": 7, "output_tokens": 3, "spend": "0.00001234567890123456789"},
        {"model": "gpt-4o", "input_tokens": 1000, "output_tokens": 500, "spend": "0.01"},
        {"input_tokens": 0, "output_tokens": 0, "spend": "0.5"},
    ]
    loaded = load_records(tmp_path, records, prices=None, provider="litellm")
    assert loaded.cost() == Decimal("0.51001234567890123456789")
    assert loaded.rows('DISTINCT "x_CostBasis", "x_PriceSource"') == [("estimate", "given")]
    assert "BilledCost" not in loaded.store.snapshot().columns


def test_a_given_cost_is_spread_by_what_the_rows_would_cost(tmp_path: Path) -> None:
    record = {"model": "gpt-4o", "input_tokens": 1000, "output_tokens": 500, "cost": "0.015"}
    loaded = load_records(tmp_path, [record], prices=None, provider="litellm")
    assert loaded.rows('"x_TokenType", "EffectiveCost"') == [("input", Decimal("0.005")), ("output", Decimal("0.01"))]


def test_a_price_list_wins_over_a_given_cost(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"input_tokens": M, "cost": "99"}], provider="litellm")
    assert loaded.rows('"EffectiveCost", "x_PriceSource"') == [(2, "prices.yaml")]


def test_a_gateways_records_name_the_provider_behind_it(tmp_path: Path) -> None:
    record = {"model": "claude-sonnet-4-5", "custom_llm_provider": "anthropic", "input_tokens": 1000}
    loaded = load_records(tmp_path, [record], prices=None, provider="litellm")
    assert loaded.rows('"ServiceProviderName", "x_Source", "EffectiveCost"') == [
        ("Anthropic", "LiteLLM", Decimal("0.003"))
    ]


def test_a_bad_price_list_loads_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        BadInput, match=r"prices\.yaml line 3, model 'm-one': input is missing; inptu is not known; use input"
    ):
        load_records(
            tmp_path, [{"input_tokens": 1}], prices=PRICES.replace("input: 2,", "inptu: 2,").replace("\n", "", 1)
        )
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(("hour", "cost"), [(12, "0.27"), (20, "0.135")])
def test_off_peak_hours_have_the_catalogues_price_of_the_hour(tmp_path: Path, hour: int, cost: str) -> None:
    record = {"model": "deepseek-chat", "time": f"2025-06-01T{hour}:15:00Z", "input_tokens": M, "requests": 9}
    assert load_records(tmp_path, [record], provider="deepseek", prices=None).cost() == Decimal(cost)


def test_litellms_spend_logs_map_themselves(tmp_path: Path) -> None:
    record = {
        "request_id": "r-1",
        "startTime": "2026-03-05T10:00:00.123Z",
        "endTime": "2026-03-05T10:00:02Z",
        "model_group": "fast",
        "custom_llm_provider": "openai",
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 15,
        "spend": 0.00042,
        "team_id": "t-1",
        "messages": "[]",
    }
    path = write_csv(tmp_path / "spend.csv", [{**record, "model": "gpt-4o"}])
    store = Store(tmp_path / "store")
    loaded = Loaded(load_usage(store, [path], provider="litellm"), store)
    rows = loaded.rows('sum("EffectiveCost"), max("x_team_id"), max("HostProviderName"), sum("x_Requests")')
    assert rows == [(Decimal("0.00042"), "t-1", "OpenAI", 1)]
