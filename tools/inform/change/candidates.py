"""Candidate causes of the largest reasons, with their evidence: price changes by model, and events that fit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.inform.change import effects as why
from tools.inform.change.cells import Names
from tools.inform.change.events import ChangeEvent, days_apart, fitting_events
from tools.inform.change.price_steps import price_query, price_step
from tools.inform.change.reasons import ReasonRow
from tools.inform.change.sides import Sides
from tools.inform.change.steps import step_days
from tools.registry import SqlValue, ToolContext

LEAST_PART = Decimal("0.02")
"""Of all contributions: smaller reasons are not looked into."""
MOST_MODELS, MOST_REASONS, MOST_EVENTS = 3, 5, 3
_NO_EVENTS = frozenset({why.TAXES, why.CREDITS, why.REFUNDS, why.PURCHASES})


@dataclass(frozen=True)
class Search:
    """What was found, by group and reason, and the queries it took."""

    found: Mapping[tuple[Names, str], str]
    sql: tuple[str, ...]
    parameters: tuple[SqlValue, ...]


def find_candidates(
    ctx: ToolContext, sides: Sides, rows: Sequence[ReasonRow], currency: str, events: Sequence[ChangeEvent]
) -> Search:
    """Price changes for the price of tokens, events that fit for any reason; nothing for two slices of one period."""
    looking = _Looking(ctx, sides, currency)
    if sides.period == sides.earlier:
        return looking.done({})
    gross = sum((row.raised - row.lowered for row in rows), Decimal(0))
    found: dict[tuple[Names, str], str] = {}
    for row in sorted(rows, key=lambda one: -abs(one.amount))[:MOST_REASONS]:
        if row.raised - row.lowered < LEAST_PART * gross:
            continue
        texts = looking.prices(row) if row.reason in why.PRICES else []
        if events and row.reason not in _NO_EVENTS:
            texts += looking.events(row, events)
        if texts:
            found[row.group, row.reason] = "; ".join(dict.fromkeys(texts))
    return looking.done(found)


def known_events(ctx: ToolContext) -> Sequence[ChangeEvent]:
    """The change events that are loaded."""
    return ctx.store.records("events")


class _Looking:
    def __init__(self, ctx: ToolContext, sides: Sides, currency: str) -> None:
        self.ctx, self.sides, self.currency = ctx, sides, currency
        self.sql: list[str] = []
        self.parameters: list[SqlValue] = []
        self.first, self.end = min(sides.period.start, sides.earlier.start), max(sides.period.end, sides.earlier.end)

    def done(self, found: Mapping[tuple[Names, str], str]) -> Search:
        return Search(found, tuple(self.sql), tuple(self.parameters))

    def prices(self, row: ReasonRow) -> list[str]:
        """What the models that matter most to this reason were charged per million tokens, where it stepped."""
        sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for key, amount in row.lines:
            about = dict(key)
            if "x_Model" in about:
                sums[about.get("HostProviderName", ""), about["x_Model"]] += amount
        models = sorted(sums, key=lambda one: (-abs(sums[one]), one))[:MOST_MODELS]
        models = [one for one in models if abs(sums[one]) * 20 >= max(map(abs, sums.values()))]
        found = [self._price(provider, model) for provider, model in models]
        return [text for text in found if text is not None]

    def _price(self, provider: str, model: str) -> str | None:
        sql = price_query(self.ctx.store.columns, self.sides.request.metric)
        if sql is None:
            return None
        return price_step(model, self.currency, self._run(sql, (model, provider, self.first, self.end)))

    def events(self, row: ReasonRow, events: Sequence[ChangeEvent]) -> list[str]:
        """Events at the step of the line that the reason did most to."""
        about = dict(row.lines[0][0])
        named = {name: value for name, value in about.items() if name in self.ctx.store.rollup_columns}
        conditions = "".join(f" AND {name} = ?" for name in named)
        sql = (
            f"SELECT ChargeDay, SUM({self.sides.request.metric}) AS cost\nFROM daily\n"
            f"WHERE x_CountsForCost{conditions}\n"
            "  AND ChargeDay >= CAST(? AS DATE) AND ChargeDay < CAST(? AS DATE)\nGROUP BY 1\nORDER BY 1"
        )
        costs = {day: float(cost or 0) for day, cost in self._run(sql, (*named.values(), self.first, self.end))}
        last = min(self.end, (self.ctx.store.loaded_through or self.end) + timedelta(days=1))
        days = [self.first + timedelta(days=number) for number in range((last - self.first).days)]
        onsets = step_days(days, [costs.get(day, 0.0) for day in days])
        fitting = [(one, onset) for onset in onsets for one in fitting_events(events, onset, about)]
        fitting.sort(key=lambda pair: (-len(pair[0].slice), days_apart(*pair), pair[0].time, pair[0].title))
        nearest = {id(one): (one, onset) for one, onset in reversed(fitting)}
        order = dict.fromkeys(id(one) for one, _ in fitting)
        return [_told(*nearest[key]) for key in order][:MOST_EVENTS]

    def _run(self, sql: str, parameters: Sequence[SqlValue]) -> Sequence[tuple[Any, ...]]:
        self.sql.append(sql)
        self.parameters += parameters
        return self.ctx.store.query(sql, parameters).rows


def _told(event: ChangeEvent, onset: date) -> str:
    where = ", ".join(f"{name.removeprefix('x_').lower()} {value}" for name, value in event.slice.items())
    place = f" ({where})" if where else ""
    return f"{event.kind} on {event.time.date()}, “{event.title}”{place}; the cost stepped on {onset}"
