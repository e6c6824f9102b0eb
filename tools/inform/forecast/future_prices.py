"""Prices that are known to change in the days foreseen: own price lists with a `from` date to come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from tools.domain.errors import ToolFault
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import Cell
from tools.inform.forecast.history import History
from tools.inform.forecast.request import ForecastRequest
from tools.inform.forecast.series import Floats
from tools.inform.spend import query_costs
from tools.pricing.meters import LABELS
from tools.registry import PriceBook, ToolContext
from tools.semantic.model import load_model

RECENT_DAYS = 28
"""The mix of models and token types that a price change is weighed with."""
_TOLD_APART = ("x_Model", "HostProviderName", "x_TokenType")
MOST_CHANGES = 12
"""Of one model, in the days foreseen."""


@dataclass(frozen=True)
class PriceChange:
    """From `day` on a share of a group's amount costs `ratio` times what it does now."""

    group: tuple[Cell, ...]
    model: str
    token_type: str
    day: date
    share: float
    ratio: float


def known_price_changes(
    ctx: ToolContext, request: ForecastRequest, history: History, end: date, groups: Sequence[str]
) -> list[PriceChange]:
    """Changes after the last actual day and before `end`, weighed within each of `groups` (dimensions; () for all).

    [] for what is not an amount of money, and where models are not told apart.
    """
    metric = load_model().metrics[history.metric.name]
    if ctx.prices is None or not (metric.monetary and metric.additive) or not set(_TOLD_APART) <= ctx.store.columns:
        return []
    last = history.last
    query = CostQuery(
        metrics=(request.metric,),
        group_by=(*groups, *(name for name in _TOLD_APART if name not in groups)),
        filters=request.filters,
        period=Period(start=max(history.first, last - timedelta(days=RECENT_DAYS - 1)), end=last + timedelta(days=1)),
        limit=1000,
        currency=request.currency,
    )
    result = query_costs.run(ctx, query)
    names = [column.name for column in result.columns]
    mix = [_part(dict(zip(names, row, strict=True)), groups, history.metric.name) for row in result.rows]
    return list(_changes(ctx.prices, [part for part in mix if part is not None], last, end))


@dataclass(frozen=True)
class _Part:
    """What a group spends on one kind of token of a model."""

    group: tuple[Cell, ...]
    model: str
    provider: str | None
    token_type: str
    amount: Decimal


def _part(row: Mapping[str, Cell], groups: Sequence[str], metric: str) -> _Part | None:
    amount, provider = row[metric], row["HostProviderName"]
    if not isinstance(amount, Decimal):
        return None
    group = tuple(row[name] for name in groups)
    seller = str(provider) if provider is not None else None
    return _Part(group, str(row["x_Model"] or ""), seller, str(row["x_TokenType"] or ""), amount)


def _changes(prices: PriceBook, mix: Sequence[_Part], last: date, end: date) -> Iterator[PriceChange]:
    whole: dict[tuple[Cell, ...], Decimal] = {}
    for part in mix:
        whole[part.group] = whole.get(part.group, Decimal(0)) + part.amount
    dated: dict[tuple[str, str | None], list[_Dated]] = {}
    for part in mix:
        if not part.model or part.token_type not in LABELS or not whole[part.group]:
            continue
        seller = (part.model, part.provider)
        if seller not in dated:
            dated[seller] = _prices_ahead(prices, *seller, last, end)
        for day, then in dated[seller][1:]:
            if (ratio := _ratio(dated[seller][0][1], then, part.token_type)) is not None:
                share = float(part.amount / whole[part.group])
                yield PriceChange(part.group, part.model, part.token_type, day, share, ratio)


_Dated = tuple[date, Mapping[str, Decimal]]
"""A day, and the price of a token by meter that holds from then on."""


def _prices_ahead(prices: PriceBook, model: str, provider: str | None, last: date, end: date) -> list[_Dated]:
    """The prices now and from each day on which they change, in order."""
    found: list[_Dated] = []
    day = end - timedelta(days=1)
    while len(found) < MOST_CHANGES:
        quotes = _quoted(prices, model, provider, day)
        start = max((start for quote in quotes if (start := _day(quote.get("ValidFrom")))), default=None)
        if start is None or start <= last:
            return [(last, _by_meter(quotes)), *found]
        found.insert(0, (start, _by_meter(quotes)))
        day = start - timedelta(days=1)
    return []


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _quoted(prices: PriceBook, model: str, provider: str | None, day: date) -> Sequence[Mapping[str, Any]]:
    try:
        return prices.quote(model, day, provider)
    except ToolFault:
        return ()


def _by_meter(quotes: Sequence[Mapping[str, Any]]) -> Mapping[str, Decimal]:
    """Standard prices for one token, by meter."""
    return {
        str(quote["Meter"]): Decimal(quote["UnitPrice"]) / Decimal(quote["PricingQuantity"])
        for quote in quotes
        if quote["ServiceTier"] == "standard" and quote["OverInputTokens"] is None
    }


def _ratio(now: Mapping[str, Decimal], then: Mapping[str, Decimal], token_type: str) -> float | None:
    """What a token of a type will cost of what it costs now; None when that is the same or not known."""
    before, after = now.get(LABELS[token_type]), then.get(LABELS[token_type])
    if not before or after is None or before == after:
        return None
    return float(after / before)


def price_factor(changes: Sequence[PriceChange], group: tuple[Cell, ...], first: date, days: int) -> Floats:
    """What each day's forecast of a group is multiplied with; a later change of the same price replaces an earlier."""
    factor = np.ones(days)
    ratios: dict[tuple[str, str], float] = {}
    for change in sorted(changes, key=lambda one: one.day):
        if change.group == group:
            key = (change.model, change.token_type)
            factor[max(0, (change.day - first).days) :] += change.share * (change.ratio - ratios.get(key, 1.0))
            ratios[key] = change.ratio
    return factor
