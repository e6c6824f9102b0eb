"""Candidate causes of the largest reasons, with their evidence: price changes by model, and events that fit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.inform.change import effects as why
from tools.inform.change.cells import Names
from tools.inform.change.events import ChangeEvent, fitting_events
from tools.inform.change.reasons import ReasonRow
from tools.inform.change.sides import Sides
from tools.inform.change.steps import step_day, stepped
from tools.registry import SqlValue, ToolContext

LEAST_PART = Decimal("0.02")
"""Of all contributions: smaller reasons are not looked into."""
LEAST_STEP = 0.01
MOST_MODELS, MOST_REASONS = 3, 5
_NO_EVENTS = frozenset({why.TAXES, why.CREDITS, why.REFUNDS, why.PURCHASES})


@dataclass(frozen=True)
class Search:
    """What was found, by group and reason, and the queries it took."""

    found: Mapping[tuple[Names, str], str]
    sql: tuple[str, ...]
    parameters: tuple[SqlValue, ...]


def find_candidates(ctx: ToolContext, sides: Sides, rows: Sequence[ReasonRow], currency: str) -> Search:
    """Price changes for the price of tokens, events for the rest; nothing for two slices of one period."""
    looking = _Looking(ctx, sides, currency)
    if sides.period == sides.earlier:
        return looking.done({})
    events = known_events(ctx)
    gross = sum((row.raised - row.lowered for row in rows), Decimal(0))
    found: dict[tuple[Names, str], str] = {}
    for row in sorted(rows, key=lambda one: -abs(one.amount))[:MOST_REASONS]:
        if row.raised - row.lowered < LEAST_PART * gross:
            continue
        texts = looking.prices(row) if row.reason == why.TOKEN_PRICE else []
        if events and row.reason not in _NO_EVENTS:
            texts += looking.events(row, events)
        if texts:
            found[row.group, row.reason] = "; ".join(dict.fromkeys(texts))
    return looking.done(found)


def known_events(ctx: ToolContext) -> Sequence[ChangeEvent]:
    """The change events that are loaded."""
    return ()


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
        has = self.ctx.store.columns
        meters = [name for name in ("x_TokenType", "SkuMeter", "x_ServiceTier") if name in has]
        quantity = [name for name in ("ConsumedQuantity", "PricingQuantity") if name in has]
        units = [name for name in ("ConsumedUnit", "PricingUnit") if name in has]
        if not quantity or "HostProviderName" not in has:
            return None
        keys = [*meters, *units]
        listed = "".join(f", {name}" for name in keys)
        sql = (
            f"SELECT CAST(ChargePeriodStart AS DATE) AS Day{listed}, SUM({self.sides.request.metric}) AS cost, "
            f"SUM(COALESCE({', '.join(quantity)})) AS quantity\nFROM charges\n"
            "WHERE x_CountsForCost AND x_Model = ? AND HostProviderName = ? AND ChargePeriodStart >= CAST(? AS DATE) "
            f"AND ChargePeriodStart < CAST(? AS DATE)\nGROUP BY ALL\nHAVING quantity > 0 AND cost > 0\nORDER BY Day{listed}"
        )
        series: dict[tuple[Any, ...], list[tuple[date, Decimal, Decimal]]] = defaultdict(list)
        for day, *names, cost, amount in self._run(sql, (model, provider, self.first, self.end)):
            unit = next((one for one in names[len(meters) :] if one is not None), "") or ""
            series[(*names[: len(meters)], unit)].append((day, cost, amount))
        for names, points in sorted(series.items(), key=lambda one: (-sum(p[1] for p in one[1]), str(one[0]))):
            if (text := _stepped_price(model, self.currency, names, points)) is not None:
                return text
        return None

    def events(self, row: ReasonRow, events: Sequence[ChangeEvent]) -> list[str]:
        """Events at the step of the line that the reason did most to."""
        about = dict(row.lines[0][0])
        named = {name: value for name, value in about.items() if name in self.ctx.store.rollup_columns}
        conditions = "".join(f" AND {name} = ?" for name in named)
        sql = (
            f"SELECT ChargeDay, SUM({self.sides.request.metric}) AS cost\nFROM daily\nWHERE x_CountsForCost{conditions} "
            "AND ChargeDay >= CAST(? AS DATE) AND ChargeDay < CAST(? AS DATE)\nGROUP BY 1\nORDER BY 1"
        )
        rows = self._run(sql, (*named.values(), self.first, self.end))
        onset = step_day([day for day, _ in rows], [float(cost or 0) for _, cost in rows])
        return [] if onset is None else [_told(one, onset) for one in fitting_events(events, onset, about)]

    def _run(self, sql: str, parameters: Sequence[SqlValue]) -> Sequence[tuple[Any, ...]]:
        self.sql.append(sql)
        self.parameters += parameters
        return self.ctx.store.query(sql, parameters).rows


def _stepped_price(
    model: str, currency: str, names: tuple[Any, ...], points: Sequence[tuple[date, Decimal, Decimal]]
) -> str | None:
    *meter, unit = names
    scale = 1 if str(unit).upper().startswith("1M") else 1_000_000
    found = stepped([p[0] for p in points], [float(p[1] / p[2]) * scale for p in points], LEAST_STEP)
    if found is None:
        return None
    day, before, after = found
    kind = " ".join(_meter_words(meter)).lower()
    return f"price change on {day}: {model} {kind} from {before:.4g} to {after:.4g} {currency} per million"


def _meter_words(meter: Sequence[str | None]) -> list[str]:
    """The kind of token, else the meter; and a tier other than the standard one."""
    kind, *others = [one for one in meter[:2] if one is not None] or [""]
    tier = [one for one in meter[2:] if one not in (None, "standard")]
    return [str(one).replace("_", " ") for one in (*tier, kind) if one]


def _told(event: ChangeEvent, onset: date) -> str:
    where = ", ".join(f"{name.removeprefix('x_').lower()} {value}" for name, value in event.slice.items())
    return f"{event.kind} on {event.time.date()}, “{event.title}”{f' ({where})' if where else ''}; the cost stepped on {onset}"
