"""The price book: own lists before genai-prices, quotes for people, names that are not known."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.errors import UnknownName
from tools.pricing.book import PriceBook
from tools.pricing.catalogue import Catalogue
from tools.pricing.meters import Meter
from tools.pricing.providers import developer_of, load_providers, provider_rule

DAY = date(2026, 11, 1)


def own(folder: Path, rows: str) -> PriceBook:
    path = folder / "prices.yaml"
    path.write_text(f"currency: EUR\nprices:\n  - {rows}", "utf-8")
    return PriceBook([path])


def test_a_persons_own_price_comes_first(tmp_path: Path) -> None:
    rows = own(tmp_path, "{model: gpt-4o, input: 1, output: 2, from: 2026-01-01}").quote("gpt-4o-2024-08-06", DAY)
    assert {(row["PriceSource"], row["BillingCurrency"]) for row in rows} == {("prices.yaml", "EUR")}


def test_genai_prices_comes_second(tmp_path: Path) -> None:
    rows = own(tmp_path, "{model: m, input: 1, from: 2026-01-01}").quote("gpt-4o", DAY)
    standard = {row["Meter"]: row["UnitPrice"] for row in rows if row["ServiceTier"] == "standard"}
    assert standard["Input Tokens"] == Decimal("2.5")
    assert standard["Output Tokens"] == 10
    assert standard["Cache Read Input Tokens"] == Decimal("1.25")
    assert {row["BillingCurrency"] for row in rows} == {"USD"}


def test_a_quote_lists_batch_and_long_context_prices() -> None:
    rows = PriceBook().quote("claude-sonnet-4-5", DAY, "anthropic")
    assert {"standard", "batch"} <= {row["ServiceTier"] for row in rows}
    assert 200_000 in {row["OverInputTokens"] for row in rows}
    assert {"Cache Write Input Tokens", "Cache Write Input Tokens (1h)"} <= {row["Meter"] for row in rows}


def test_an_unknown_model_is_answered_with_near_names() -> None:
    with pytest.raises(UnknownName, match="gpt-4o-mini"):
        PriceBook().quote("gtp-4o-mini", DAY)


def test_the_price_of_the_day_counts() -> None:
    book = PriceBook()
    prices = [book.card("o3", provider_rule("openai"), datetime(2025, month, 20, tzinfo=UTC)) for month in (5, 7)]
    units = [card.unit_price(Meter("input")) for card in prices if card]
    assert [unit.amount * 1_000_000 for unit in units if unit] == [10, 2]


def test_an_azure_deployment_is_priced_as_openais_model() -> None:
    card = PriceBook().card("gpt-4o-2024-08-06", provider_rule("azure"), datetime(2026, 11, 1, tzinfo=UTC))
    assert card is not None
    assert card.provider == "azure"


def test_off_peak_hours_have_their_own_price() -> None:
    book, rule = PriceBook(), provider_rule("deepseek")
    assert book.varies_within_day("deepseek-chat", rule)
    assert not book.varies_within_day("gpt-4o", provider_rule("openai"))


def test_a_model_that_is_listed_without_prices_is_unpriced_and_a_free_one_is_free() -> None:
    book, at = PriceBook(), datetime(2026, 11, 1, tzinfo=UTC)
    free = book.card("google/gemini-2.0-flash-exp:free", provider_rule("openrouter"), at)
    assert free is not None
    price = free.unit_price(Meter("output"))
    assert price is not None
    assert price.amount == 0
    catalogue = Catalogue()
    listed = catalogue.card("qwen-3-coder-480b", "cerebras", at)
    assert listed is not None
    assert not listed.rates


@pytest.mark.parametrize(
    ("model", "developer"),
    [
        ("gpt-4o", "OpenAI"),
        ("us.anthropic.claude-sonnet-4-5-v1:0", "Anthropic"),
        ("vertex_ai/gemini-2.5-pro", "Google"),
        ("meta-llama/Llama-3.3-70B-Instruct", "Meta"),
        ("deepseek-r1-distill-llama-70b", "DeepSeek"),
        ("m-large", None),
    ],
)
def test_a_models_name_tells_its_developer(model: str, developer: str | None) -> None:
    assert developer_of(model) == developer


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("OpenAI", "openai"),
        ("azure.ai.openai", "azure"),
        ("Amazon Bedrock", "bedrock"),
        ("x.ai", "xai"),
        ("AWS", "bedrock"),
    ],
)
def test_providers_go_by_many_names(name: str, id: str) -> None:
    assert provider_rule(name).id == id


def test_no_two_providers_share_a_name() -> None:
    rules = load_providers().providers
    for rule in rules:
        for name in (rule.id, rule.name, *rule.aliases):
            assert provider_rule(name).id == rule.id
