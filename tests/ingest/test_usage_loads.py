"""Loads as a whole: the real data set's totals, idempotence, intervals, and exactness for any record."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.usage_loads import Loaded, load_records
from tests.paths import shared_data
from tools.ingest.usage import load_usage
from tools.store.store import Store


@pytest.mark.data
@pytest.mark.parametrize("provider", ["openai", "deepseek", "alibaba", "self-hosted", "servegen"])
def test_the_servegen_totals_come_out_to_the_last_digit(tmp_path: Path, provider: str) -> None:
    folder = shared_data("llm_usage_servegen")
    store = Store(tmp_path)
    report = load_usage(
        store,
        [folder / "usage_hourly.parquet"],
        provider=provider,
        columns={"client": "x_Customer"},
        prices=folder / "prices.yaml",
    )
    assert (report.read, report.accepted, report.quarantined) == (17482, 17482, 0)
    loaded = Loaded(report, store)
    assert loaded.rows('"x_Model", sum("EffectiveCost")', "true GROUP BY 1", "2 DESC") == [
        ("m-large", Decimal("269195.3201536")),
        ("m-mid", Decimal("157684.05020584")),
        ("deepseek-r1", Decimal("5593.60092317")),
    ]
    assert loaded.cost() == Decimal("432472.97128261")
    assert loaded.rows('"x_Customer", sum("EffectiveCost")', "true GROUP BY 1", "2 DESC LIMIT 3") == [
        ("client-language-61", Decimal("96685.9730336")),
        ("client-language-60", Decimal("79781.46069688")),
        ("client-language-116", Decimal("19646.0219616")),
    ]


@pytest.mark.data
def test_the_price_cut_of_a_servegen_model_counts_from_its_day(tmp_path: Path) -> None:
    folder = shared_data("llm_usage_servegen")
    store = Store(tmp_path)
    report = load_usage(store, [folder / "usage_hourly.parquet"], provider="alibaba", prices=folder / "prices.yaml")
    prices = Loaded(report, store).rows(
        'DISTINCT CAST("ChargePeriodStart" AS DATE) >= DATE \'2026-10-06\', "ContractedUnitPrice"',
        "\"x_Model\" = 'm-mid' AND \"x_TokenType\" = 'input'",
    )
    assert prices == [(False, Decimal("0.0000004")), (True, Decimal("0.00000032"))]


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    records = [{"time": f"2026-03-{day:02}", "input_tokens": day, "output_tokens": 1} for day in range(1, 29)]
    first = load_records(tmp_path, records)
    before = first.rows("*")
    again = load_records(tmp_path, records)
    assert again.rows("*") == before
    assert again.report.replaced == len(before)


def test_a_load_replaces_what_the_store_holds_for_the_interval_it_covers(tmp_path: Path) -> None:
    load_records(tmp_path, [{"time": f"2026-03-{day:02}", "input_tokens": 1} for day in (1, 2, 3, 4)])
    loaded = load_records(tmp_path, [{"time": f"2026-03-{day:02}", "input_tokens": 100} for day in (2, 3)])
    assert loaded.rows('day("ChargePeriodStart"), "ConsumedQuantity"') == [(1, 1), (2, 100), (3, 100), (4, 1)]


def test_another_source_is_kept_beside_it(tmp_path: Path) -> None:
    load_records(tmp_path, [{"input_tokens": 1}])
    loaded = load_records(tmp_path, [{"input_tokens": 10}], source="second account")
    assert loaded.rows('"x_Source", "ConsumedQuantity"') == [("OpenAI", 1), ("second account", 10)]


def test_a_load_of_nothing_but_faults_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    load_records(tmp_path, [{"input_tokens": 1}])
    loaded = load_records(tmp_path, [{"input_tokens": -1}])
    assert (loaded.report.accepted, loaded.tokens()) == (0, {"input": 1})


COUNT = st.integers(min_value=0, max_value=10**12)


@settings(max_examples=15)
@given(
    counts=st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT), min_size=1, max_size=20),
    provider=st.sampled_from(["openai", "anthropic", "google", "xai", "someone new"]),
)
def test_token_rows_sum_to_the_record_and_cost_quantity_times_price(
    counts: list[tuple[int, int, int, int, int]], provider: str
) -> None:
    inside_input, inside_output = provider in ("openai", "google", "xai"), provider in ("openai", "anthropic")
    writes_inside = provider in ("openai", "xai")
    records = []
    for plain, cached, written, out, reasoning in counts:
        total = plain + (cached if inside_input else 0) + (written if writes_inside else 0)
        record = {"input_tokens": total, "cached_input_tokens": cached, "cache_write_tokens": written}
        records.append(
            record | {"output_tokens": out + (reasoning if inside_output else 0), "reasoning_tokens": reasoning}
        )
    with TemporaryDirectory() as folder:
        loaded = load_records(Path(folder), records, provider=provider)
        expected = [sum(column) for column in zip(*counts, strict=True)]
        kinds = ("input", "cached_input", "cache_write", "output", "reasoning")
        tokens = loaded.tokens()
        assert loaded.report.quarantined == 0
        assert [tokens.get(kind, 0) for kind in kinds] == expected
        prices = [Decimal(2), Decimal("0.5"), Decimal("2.5"), Decimal(8), Decimal(8)]
        cost = sum((Decimal(n) * price / 1_000_000 for n, price in zip(expected, prices, strict=True)), Decimal(0))
        assert loaded.cost() == cost
        rows = loaded.rows('"ConsumedQuantity", "ContractedUnitPrice", "EffectiveCost"', '"EffectiveCost" > 0')
        assert all(quantity * price == total for quantity, price, total in rows)


@settings(max_examples=15)
@given(
    records=st.lists(
        st.tuples(COUNT, COUNT, st.decimals(min_value=-1000, max_value=10**6, places=12)), min_size=1, max_size=20
    )
)
def test_a_given_cost_is_kept_to_the_last_digit(records: list[tuple[int, int, Decimal]]) -> None:
    rows = [{"prompt_tokens": a, "completion_tokens": b, "cost": f"{cost:f}"} for a, b, cost in records]
    with TemporaryDirectory() as folder:
        loaded = load_records(Path(folder), rows, provider="litellm", prices=None)
        assert loaded.cost() == sum(cost for *_, cost in records)
