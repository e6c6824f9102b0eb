"""lookup_prices: the unit prices in force for a model on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import UnknownName
from tools.domain.period import Period
from tools.domain.result import Evidence, ToolResult
from tools.inform.listing import Listing, amount, listed, name
from tools.registry import ToolContext, tool

TOOL = "lookup_prices"


class PriceRequest(BaseModel):
    """Whose price, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1, description="the model as people or bills call it, such as gpt-5.5-mini")
    provider: str | None = Field(default=None, description="who sells it, when that matters")
    on: date | None = Field(default=None, description="the day; none: today")


@tool(PriceRequest)
def lookup_prices(ctx: ToolContext, request: PriceRequest) -> ToolResult:
    """Unit prices of one model on a day: input, cached input, output and other meters, by service tier.

    Use it for "what does gpt-5.5 cost per million tokens" in the sense of a price list: the user's own lists
    first, then genai-prices. For what was actually paid per million tokens use query_costs with CostPerMillionTokens.
    Each row is one meter: UnitPrice for PricingQuantity units of PricingUnit. A model without a price is no_data: its
    price is unknown, not zero.
    """
    day = request.on or ctx.as_of
    if ctx.prices is None:
        return _nothing(ctx, request, "no price list is at hand", ())
    try:
        quotes = ctx.prices.quote(request.model, day, request.provider)
    except UnknownName as unknown:
        return _nothing(ctx, request, f"no price is known for {request.model!r} on {day}", unknown.near)
    result = listed(ctx, TOOL, request.model_copy(update={"on": day}), _listing(quotes))
    sources = tuple(dict.fromkeys(str(quote["PriceSource"]) for quote in quotes))
    period = Period.day_of(day)
    evidence = result.evidence.model_copy(
        update={"sources": sources, "period": period, "caveats": _notes(quotes), "loaded_through": None}
    )
    return result.model_copy(update={"evidence": evidence})


def _listing(quotes: Sequence[Mapping[str, Any]]) -> Listing:
    units = {(quote["BillingCurrency"], quote["PricingQuantity"], quote["PricingUnit"]) for quote in quotes}
    unit = _unit(*next(iter(units))) if len(units) == 1 else None
    columns = (
        name("Model", "model", "models"),
        name("Provider", "provider", "providers"),
        name("Meter", "meter", "meters"),
        name("ServiceTier", "service tier", "service tiers"),
        name("OverInputTokens", "above input tokens"),
        amount("UnitPrice", "unit price", unit),
        name("PricedPer", "priced per"),
        name("ValidFrom", "valid from"),
    )
    rows = [
        (
            quote["Model"],
            quote["Provider"],
            quote["Meter"],
            quote["ServiceTier"],
            None if quote["OverInputTokens"] is None else str(quote["OverInputTokens"]),
            quote["UnitPrice"],
            _unit(quote["BillingCurrency"], quote["PricingQuantity"], quote["PricingUnit"]),
            quote["ValidFrom"],
        )
        for quote in quotes
    ]
    return Listing(columns, rows)


def _unit(currency: str, quantity: int, unit: str) -> str:
    """`USD/1M tokens`, as the metrics spell it."""
    words = unit.lower() if unit == "Tokens" else unit
    return f"{currency}/1M {words}" if quantity == 1_000_000 else f"{currency}/{quantity} {words}"


def _notes(quotes: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(quote["Note"]) for quote in quotes if quote.get("Note")))


def _nothing(ctx: ToolContext, request: PriceRequest, message: str, near: Sequence[str]) -> ToolResult:
    evidence = Evidence(
        sql="", arguments=request.model_dump(mode="json"), generation=ctx.store.generation, sources=ctx.store.sources
    )
    suggestions = tuple(f"price of {one}" for one in near[:3])
    return ToolResult(tool=TOOL, evidence=evidence, no_data=message, no_data_reason="absent", suggestions=suggestions)
