"""Streams → counts of requests and tokens by day and hour, with a planned disturbance or without."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from tools.demo.calendar import Calendar, Floats, Ints
from tools.demo.disturbances import Disturbance
from tools.demo.lines import UNITS
from tools.demo.prices import PriceTable
from tools.demo.rhythm import growth, ramp, shape
from tools.demo.streams import Stream
from tools.domain.focus import TOKEN_TYPES


@dataclass(frozen=True)
class Meter:
    """A stream's counts, each days × 24. `tokens` are disjoint and keyed by token type."""

    stream: Stream
    requests: Ints
    tokens: dict[str, Ints]

    def daily(self, token_type: str) -> Ints:
        return np.asarray(self.tokens[token_type].sum(axis=1), dtype=np.int64)

    def cost_units(self, prices: PriceTable) -> Ints:
        """What the tokens cost, in 10⁻¹⁰ USD, days × 24."""
        batch = self.stream.is_batch
        parts = [
            self.tokens[kind] * prices.units(self.stream.model, kind, batch=batch)[:, None] for kind in TOKEN_TYPES
        ]
        return np.asarray(sum(parts[1:], parts[0]), dtype=np.int64)


def meter(
    stream: Stream, calendar: Calendar, prices: PriceTable, noise: np.random.Generator, disturbed: list[Disturbance]
) -> tuple[Meter, list[tuple[Disturbance, Decimal]]]:
    """The stream's counts, and what each disturbance added to its cost at `prices` (USD)."""
    wobble = np.exp(0.09 * noise.standard_normal((calendar.days, 24)))
    wobble *= np.exp(0.05 * noise.standard_normal((calendar.days, 1)))
    length = np.exp(0.06 * noise.standard_normal((calendar.days, 24)))
    rate = _requests_per_hour(stream, calendar, prices) * wobble
    calm = _count(stream, rate, length, np.full(rate.shape, stream.cached))
    impacts = []
    for one in disturbed:
        window = one.mask(calendar)
        rate = np.where(window, rate * one.requests + one.added_requests, rate)
        length = np.where(window, length * one.input, length)
        cached = np.where(window & (one.cached is not None), one.cached or 0.0, stream.cached)
        shaken = _count(stream, rate, length, cached)
        added = int(shaken.cost_units(prices).sum()) - int(calm.cost_units(prices).sum())
        impacts.append((one, Decimal(added) / UNITS))
        calm = shaken
    return calm, impacts


def _requests_per_hour(stream: Stream, calendar: Calendar, prices: PriceTable) -> Floats:
    price = {kind: float(prices.units(stream.model, kind, batch=stream.is_batch)[-1]) / UNITS for kind in TOKEN_TYPES}
    fresh = 1.0 - stream.cached - stream.written
    per_request = stream.output * price["output"] + stream.input * (
        fresh * price["input"] + stream.cached * price["cached_input"] + stream.written * price["cache_write"]
    )
    rate = stream.usd_per_day / 24.0 / per_request * shape(stream.rhythm, calendar) * growth(calendar, stream.growth)
    if stream.begins:
        first = calendar.index(calendar.month(stream.begins[0])) + stream.begins[1] - 1
        rate = rate * ramp(calendar, first, first + stream.ramp - 1)
    if stream.ends:
        last = calendar.index(calendar.month(stream.ends[0])) + stream.ends[1]
        rate = rate * (1.0 - ramp(calendar, last - stream.ramp + 1, last))
    return np.asarray(rate, dtype=np.float64)


def _count(stream: Stream, rate: Floats, length: Floats, cached: Floats) -> Meter:
    requests = np.rint(rate).astype(np.int64)
    given = requests * stream.input * length
    made = requests * stream.output * length
    written = np.where(cached == stream.cached, stream.written, 0.0)
    tokens = {
        "cached_input": np.rint(given * cached),
        "cache_write": np.rint(given * written),
        "reasoning": np.rint(made * stream.reasoning),
    }
    tokens["input"] = np.rint(given) - tokens["cached_input"] - tokens["cache_write"]
    tokens["output"] = np.rint(made) - tokens["reasoning"]
    return Meter(stream, requests, {kind: tokens[kind].astype(np.int64) for kind in TOKEN_TYPES})
