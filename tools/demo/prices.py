"""The demo price list, and what the providers really charge; the two differ where a list lags behind."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from tools.demo.calendar import Calendar, Ints
from tools.demo.lines import UNITS
from tools.domain.focus import TOKEN_TYPES

PREVIEW_MODEL = "gpt-6-preview"


@dataclass(frozen=True)
class Price:
    """USD per million tokens from a day on; `batch_discount` is the part taken off a batch request's price."""

    model: str
    input: str
    output: str
    cached_input: str | None = None
    cache_write: str | None = None
    reasoning: str | None = None
    batch_discount: str | None = None
    day: int = 0

    def units_per_token(self, token_type: str) -> int:
        """In 10⁻¹⁰ USD; what has no price of its own costs what input or output costs."""
        own: str | None = getattr(self, token_type)
        price = own or (self.output if token_type == "reasoning" else self.input)
        units = Decimal(price) * UNITS / 1_000_000
        if units != int(units) or int(units) % 2:
            raise ValueError(f"{self.model}: {price} per million is no even number of 10⁻¹⁰ a token")
        return int(units)


def price_list(calendar: Calendar) -> tuple[Price, ...]:
    """What the company's price list says. The preview model gets its price twelve days before today."""
    return (*_settled(calendar), Price(PREVIEW_MODEL, "4.00", "16.00", "0.40", day=calendar.ago(12)))


def charged(calendar: Calendar) -> tuple[Price, ...]:
    """What the providers charge: the preview model from its first day, and one rise that the list learns of late."""
    preview = Price(PREVIEW_MODEL, "4.00", "16.00", "0.40")
    rise = Price("claude-haiku-4-5", "1.30", "6.50", "0.13", "1.625", batch_discount="0.5", day=haiku_rise(calendar)[0])
    return (*_settled(calendar), preview, rise)


def haiku_rise(calendar: Calendar) -> tuple[int, int]:
    """The day on which haiku's price rises, and the day on which the price list follows."""
    first = calendar.index(calendar.month(9)) + 10
    return first, first + 24


def _settled(calendar: Calendar) -> tuple[Price, ...]:
    learned = haiku_rise(calendar)[1]
    cut = calendar.index(calendar.month(5)) + 14
    sonnet_cut = calendar.index(calendar.month(10)) + 5
    return (
        Price("gpt-5.5", "2.50", "20.00", "0.25", batch_discount="0.5"),
        Price("gpt-5.5", "2.00", "16.00", "0.20", batch_discount="0.5", day=cut),
        Price("gpt-5.5-mini", "0.40", "3.20", "0.04", batch_discount="0.5"),
        Price("gpt-5.5-mini", "0.30", "2.40", "0.03", batch_discount="0.5", day=sonnet_cut),
        Price("gpt-4.1", "2.00", "8.00", "0.50", batch_discount="0.5"),
        Price("o4-mini", "1.10", "4.40", "0.275", batch_discount="0.5"),
        Price("text-embedding-3-large", "0.13", "0.00", batch_discount="0.5"),
        Price("ft:gpt-4.1-mini:fernhill:redact-v3", "0.80", "3.20", "0.20", batch_discount="0.5"),
        Price("claude-opus-4-5", "5.00", "25.00", "0.50", "6.25", batch_discount="0.5"),
        Price("claude-sonnet-4-5", "3.00", "15.00", "0.30", "3.75", batch_discount="0.5"),
        Price("claude-sonnet-4-5", "2.40", "12.00", "0.24", "3.00", batch_discount="0.5", day=sonnet_cut),
        Price("claude-haiku-4-5", "1.00", "5.00", "0.10", "1.25", batch_discount="0.5"),
        Price("claude-haiku-4-5", "1.30", "6.50", "0.13", "1.625", batch_discount="0.5", day=learned),
        Price("llama-4-maverick", "0.24", "0.96"),
        Price("gemini-2.5-pro", "1.25", "10.00", "0.125"),
        Price("gemini-2.5-flash", "0.30", "2.50", "0.03"),
        Price("gemini-2.5-flash", "0.24", "2.00", "0.024", day=cut + 40),
        Price("qwen3-235b", "0.22", "0.88"),
        Price("deepseek-v3.2", "0.28", "1.10"),
    )


class PriceTable:
    """Prices by model, token type and day."""

    def __init__(self, prices: tuple[Price, ...], calendar: Calendar) -> None:
        self._days: dict[str, Ints] = {}
        for price in sorted(prices, key=lambda price: price.day):
            known = self._days.setdefault(price.model, np.zeros((len(TOKEN_TYPES), calendar.days), dtype=np.int64))
            known[:, price.day :] = np.array([[price.units_per_token(kind)] for kind in TOKEN_TYPES])

    def units(self, model: str, token_type: str, *, batch: bool = False) -> Ints:
        """10⁻¹⁰ USD per token on each day; 0 before the first price."""
        days: Ints = self._days[model][TOKEN_TYPES.index(token_type)]
        return np.asarray(days // 2 if batch else days)


def write_price_list(path: Path, calendar: Calendar) -> None:
    """The list as a YAML file, as `outlay ingest usage --prices` reads it."""
    rows = sorted(price_list(calendar), key=lambda price: (price.model, price.day))
    text = ["# The demo company's price list: made up for the demo world, not a vendor's.", "currency: USD", "prices:"]
    path.write_text("\n".join([*text, *(_row(price, calendar.day(price.day)) for price in rows), ""]))


def _row(price: Price, first: date) -> str:
    named = {kind: getattr(price, kind) for kind in ("input", "cached_input", "cache_write", "output", "reasoning")}
    parts = [f"{name}: {value}" for name, value in named.items() if value is not None]
    if price.batch_discount:
        parts.append(f"batch_discount: {price.batch_discount}")
    return f'  - {{model: "{price.model}", {", ".join(parts)}, per: 1000000, from: {first}}}'
