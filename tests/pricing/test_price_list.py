"""A person's own price list: what it may say, and what is refused with the line and the way out."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.errors import BadInput
from tools.pricing.meters import Meter
from tools.pricing.own_prices import OwnPrices
from tools.pricing.price_list import PriceList, load_price_list
from tools.pricing.rates import RateCard

DAY = date(2026, 3, 5)


def read(folder: Path, text: str, name: str = "prices.yaml") -> PriceList:
    path = folder / name
    path.write_text(text, "utf-8")
    return load_price_list(path)


def card(
    folder: Path, row: str, model: str = "m", day: date = DAY, tier: str = "standard", batch: bool = False
) -> RateCard:
    prices = OwnPrices(read(folder, f"currency: USD\nprices:\n  - {row}"))
    found = prices.card(model, "openai", day, tier, batch)
    assert found is not None
    return found


def test_a_price_keeps_every_digit_that_is_written(tmp_path: Path) -> None:
    rates = card(tmp_path, "{model: m, input: 0.100000000000000001, from: 2026-01-01}")
    price = rates.unit_price(Meter("input"))
    assert price is not None
    assert price.amount == Decimal("0.000000100000000000000001")


def test_json_is_read_as_exactly_as_yaml(tmp_path: Path) -> None:
    text = '{"currency": "usd", "prices": [{"model": "m", "input": 0.1, "from": "2026-01-01"}]}'
    prices = read(tmp_path, text, "prices.json")
    assert (prices.currency, prices.models[0].input) == ("USD", Decimal("0.1"))


def test_prices_are_per_million_unless_per_says_otherwise(tmp_path: Path) -> None:
    rates = card(tmp_path, "{model: m, input: 0.002, per: 1000, from: 2026-01-01}")
    price = rates.unit_price(Meter("input"))
    assert price is not None
    assert price.amount == Decimal("0.000002")


def test_reasoning_costs_what_output_costs_unless_it_has_its_own_price(tmp_path: Path) -> None:
    plain = card(tmp_path, "{model: m, input: 1, output: 8, from: 2026-01-01}")
    own = card(tmp_path, "{model: m, input: 1, output: 8, reasoning: 6, from: 2026-01-01}")
    prices = [rates.unit_price(Meter("reasoning")) for rates in (plain, own)]
    assert [price.amount * 1_000_000 for price in prices if price] == [8, 6]


def test_a_price_that_is_nothing_is_free_and_one_that_is_missing_is_not(tmp_path: Path) -> None:
    rates = card(tmp_path, "{model: m, input: 2, cached_input: 0, from: 2026-01-01}")
    prices = [rates.unit_price(Meter(kind)) for kind in ("cached_input", "cache_write", "output")]
    assert [price and price.amount for price in prices] == [0, Decimal("0.000002"), None]


def test_the_newest_price_not_after_the_day_wins_whatever_the_order(tmp_path: Path) -> None:
    rows = (
        "{model: m, input: 3, from: 2026-02-01}\n  - {model: m, input: 1, from: 2026-01-01}\n"
        "  - {model: m, input: 9, from: 2026-03-06}"
    )
    assert card(tmp_path, rows).valid_from == date(2026, 2, 1)


def test_to_is_exclusive(tmp_path: Path) -> None:
    prices = OwnPrices(
        read(tmp_path, "currency: USD\nprices: [{model: m, input: 1, from: 2026-01-01, to: 2026-03-05}]")
    )
    assert prices.card("m", None, date(2026, 3, 4), "standard", False) is not None
    assert prices.card("m", None, DAY, "standard", False) is None


@pytest.mark.parametrize(
    "model", ["GPT-X", "gpt-x-2026-01-31", "openai/gpt-x", "gpt-x-20260131", "eu.openai.gpt-x-v1:0"]
)
def test_snapshots_and_deployments_are_the_listed_model(tmp_path: Path, model: str) -> None:
    assert card(tmp_path, "{model: gpt-x, input: 1, from: 2026-01-01}", model).model == "gpt-x"


@pytest.mark.parametrize("model", ["gpt-x-mini", "gpt", "my-gpt-x2"])
def test_another_model_is_not_the_listed_one(tmp_path: Path, model: str) -> None:
    prices = OwnPrices(read(tmp_path, "currency: USD\nprices: [{model: gpt-x, input: 1, from: 2026-01-01}]"))
    assert prices.card(model, None, DAY, "standard", False) is None


def test_a_row_for_the_provider_wins_over_one_for_any(tmp_path: Path) -> None:
    rows = "{model: m, input: 5, from: 2026-03-01}\n  - {model: m, provider: OpenAI, input: 4, from: 2026-01-01}"
    assert card(tmp_path, rows).provider == "OpenAI"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prices: []", "a price list has `currency: USD` and `prices:`"),
        ("currency: USD\nprices: []", "prices is a list of rows such as"),
        ("currency: dollars\nprices: [{model: m, input: 1, from: 2026-01-01}]", "use a three-letter code such as USD"),
        ("currency: USD\nprices:\n  - {model: m, input: 1}", r"line 3, model 'm': from is missing"),
        ("currency: USD\nprices:\n  - {model: m, input: -1, from: 2026-01-01}", "line 3, model 'm': input='-1'"),
        ("currency: USD\nprices:\n  - {model: m, input: cheap, from: 2026-01-01}", "input='cheap'"),
        ("currency: USD\nprices:\n  - {model: m, input: NaN, from: 2026-01-01}", "input='NaN'"),
        ("currency: USD\nprices:\n  - {model: m, input: 1, from: soon}", "from='soon'"),
        (
            "currency: USD\nprices:\n  - {model: m, input: 1, batch_discount: 50, from: 2026-01-01}",
            "batch_discount='50'",
        ),
        ("currency: USD\nprices:\n  - {model: m, input: 1, from: 2026-01-01, to: 2026-01-01}", "`to` .* is exclusive"),
        ("currency: USD\nprices:\n  - {meter: seats, price: 1, from: 2026-01-01}", "meter 'seats': unit is missing"),
        ("currency: USD\nprices:\n  - {model: m, input: 1, input: 2, from: 2026-01-01}", "input stands there twice"),
        ("currency: USD\nprices:\n  - {model: m, input: 1, per: 7, from: 2026-01-01}", "needs more than 24 digits"),
        (
            "currency: USD\nprices:\n  - {meter: seats, unit: Seats, price: 1, per: 1024, from: 2026-01-01}\n"
            "  - {meter: pages, unit: Pages, price: 1, per: 131072, from: 2026-01-01}",
            "line 4, meter 'pages': price: 1 per 131072 needs more than 15 digits",
        ),
        ("currency: USD\nprices: [", "not YAML or JSON"),
        (
            "currency: USD\nprices:\n  - {model: m, input: 1, from: 2026-01-01}\n"
            "  - {model: M, input: 2, from: 2026-01-01}",
            "lines 3 and 4: M has two prices from the same day",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_the_way_out(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read(tmp_path, text)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        load_price_list(tmp_path / "none.yaml")
