from dataclasses import replace
from datetime import date
from decimal import Decimal

from tools.inform.prices import PriceRequest, lookup_prices
from tools.pricing.book import PriceBook
from tools.registry import ToolContext


def test_a_known_model_has_its_meters_with_prices(billed: ToolContext) -> None:
    context = replace(billed, prices=PriceBook())
    result = lookup_prices.run(context, PriceRequest(model="gpt-5-mini", on=date(2026, 10, 1)))
    prices = {row[2]: row[5] for row in result.rows}
    assert prices["Input Tokens"] == Decimal("0.25")
    assert result.evidence.sources


def test_a_model_without_a_price_is_unknown_not_free(billed: ToolContext) -> None:
    result = lookup_prices.run(replace(billed, prices=PriceBook()), PriceRequest(model="no-such-model-9"))
    assert result.no_data_reason == "absent"
    assert result.rows == ()
