"""What brute force works on: the rows of a month and of the days before it, prices, facts, quality scores."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import yaml

import knowledge
from evals.savings.rows import Row, by_slice, other_rows, read_rows, token_rows
from tools.domain.records import QualityScore
from tools.pricing.book import PriceBook
from tools.pricing.meters import Meter
from tools.registry import ToolContext

WHOLE = {"cached_input": "input", "cache_write": "input", "reasoning": "output"}
"""A token type without a price costs what its whole costs."""
Slices = Mapping[tuple[str | None, ...], list[Row]]


@dataclass(frozen=True)
class World:
    """One month, from `start` up to, but not including, `end`; amounts are a month's."""

    rows: tuple[Row, ...]
    before: tuple[Row, ...]
    """Of the 90 days before `start`."""
    book: PriceBook
    quality: tuple[QualityScore, ...]
    start: date
    end: date
    today: date

    @cached_property
    def tokens(self) -> list[Row]:
        return token_rows(self.rows)

    @cached_property
    def others(self) -> list[Row]:
        return other_rows(self.rows)

    @cached_property
    def slices(self) -> Slices:
        return by_slice(self.tokens)

    @cached_property
    def on_demand(self) -> Slices:
        """Without what went through batch."""
        return by_slice(row for row in self.tokens if row["x_ServiceTier"] != "batch")

    @cached_property
    def machines(self) -> Mapping[str, list[Row]]:
        """Machine hours by the model that they serve; what a seller of tokens hosts is none."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.others:
            is_hosting = "hosting" in (row["ChargeDescription"] or "").lower()
            if row["x_Model"] and "hour" in (row["ConsumedUnit"] or "").lower() and not is_hosting:
                found[row["x_Model"]].append(row)
        return found

    def price(self, provider: str, model: str, tier: str | None, kind: str) -> Decimal | None:
        """Of one token: as paid on average in the month, else by list on its last day, else that of its whole."""
        found = self.own_price(provider, model, tier, kind)
        if found is None and kind in WHOLE:
            return self.price(provider, model, tier, WHOLE[kind])
        return found

    def own_price(self, provider: str, model: str, tier: str | None, kind: str) -> Decimal | None:
        paid = self._paid.get((provider, model, tier or "standard", kind))
        return paid if paid is not None else self._listed(model, tier or "standard", kind)

    @cached_property
    def _paid(self) -> Mapping[tuple[str, str, str, str], Decimal]:
        sums: dict[tuple[str, str, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for row in self.tokens:
            key = (row["HostProviderName"] or "", row["x_Model"] or "", row["x_ServiceTier"] or "standard",
                   row["x_TokenType"] or "")  # fmt: skip
            sums[key][0] += row.priced
            sums[key][1] += row.quantity
        return {key: cost / tokens for key, (cost, tokens) in sums.items() if tokens}

    def _listed(self, model: str, tier: str, kind: str) -> Decimal | None:
        noon = datetime.combine(self.end - timedelta(days=1), time(12), UTC)
        batch = tier == "batch"
        card = self.book.card(model, None, noon, service_tier="standard" if batch else tier, batch=batch)
        if card is None or (tier != "standard" and card.notes):
            return None
        rate = card.rates.get(Meter(kind))
        return None if rate is None else rate.price / rate.per


def read_world(ctx: ToolContext, book: PriceBook, start: date, end: date) -> World:
    return World(
        rows=read_rows(ctx, start, end),
        before=read_rows(ctx, start - timedelta(days=90), start),
        book=book,
        quality=ctx.store.records("quality"),
        start=start,
        end=end,
        today=ctx.as_of,
    )


def facts(name: str) -> Any:
    """A file of knowledge, as it is written."""
    return yaml.safe_load(knowledge.read(name))


def mean(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0)) / len(amounts)
