"""What is planted in the demo world, asked for as anyone would: is it the first reason, and is its amount right?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from evals.demo.runner import SEED
from evals.demo.truth import TODAY
from tools.demo import build_world, load_world
from tools.demo.calendar import Calendar
from tools.demo.disturbances import Incident
from tools.demo.prices import Price, charged
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.domain.scope import Filter
from tools.inform.change.request import ChangeRequest
from tools.inform.change.tool import explain_change
from tools.registry import ToolContext
from tools.store.store import Store

WEEK = 7
REASONS = {
    "retry_storm": ("requests",),
    "runaway_agent_loop": ("requests", "prompt length", "completion length"),
    "cache_disabled": ("cache share",),
    "model_misrouting": ("model mix",),
    "leaked_key": ("requests",),
    "duplicate_training_run": ("usage", "new"),
    "left_on_over_holiday": ("usage",),
    "region_drift": ("region mix",),
    "egress_spike": ("usage",),
    "commitment_expiry": ("commitment coverage", "unused commitment"),
    "untagged_launch": ("new",),
}
"""Kind of incident → the reasons that it shows as: the first of them should lead, all of them carry its amount."""


@dataclass(frozen=True)
class Planted:
    """One planted change, and what came."""

    what: str
    expected: str
    first: str
    amount: Decimal
    """What the reasons that it shows as come to."""
    truth: Decimal | None
    is_first: bool
    is_dated: bool | None = None
    """Whether a change of price is among the candidates with its day; None where none was planted."""

    @property
    def ratio(self) -> float | None:
        return float(self.amount / self.truth) if self.truth else None


def planted(folder: Path) -> list[Planted]:
    """Build the world in `folder`, with its truth, and ask for each change."""
    world = build_world(folder / "world", today=TODAY, seed=SEED)
    store = Store(folder / "store")
    load_world(store, folder / "world")
    context = ToolContext(store=store.snapshot(), as_of=TODAY)
    found = [_incident(context, incident) for incident in world.truth if incident.kind in REASONS]
    found += list(_prices(context, charged(Calendar(TODAY))))
    return [*found, _switch(context)]


def _incident(context: ToolContext, incident: Incident) -> Planted:
    """Its days against the same weekdays before it."""
    first, last = incident.onset.date(), (incident.end - timedelta(microseconds=1)).date()
    period = Period(start=first, end=last + timedelta(days=1))
    back = timedelta(days=-(-period.days // WEEK) * WEEK)
    before = Period(start=period.start - back, end=period.end - back)
    where = {name: value for name, value in incident.where.items() if name != "RegionId"}
    if incident.kind == "model_misrouting":
        where.pop("x_Model")
    result = _ask(context, where, period, before)
    wanted = REASONS[incident.kind]
    return _judged(incident.kind, wanted, result, incident.extra_cost)


def _prices(context: ToolContext, prices: Sequence[Price]) -> Iterator[Planted]:
    """Each change of what a provider charges, over four weeks on either side of it: a month end falls into both."""
    calendar = Calendar(TODAY)
    for before, after in _steps(prices):
        day = calendar.day(after.day)
        span = timedelta(days=4 * WEEK)
        result = _ask(
            context, {"x_Model": after.model}, Period(start=day, end=day + span), Period(start=day - span, end=day)
        )
        rise = Decimal(after.input) / Decimal(before.input)
        candidates = " ".join(str(row[result.column_index("Candidates")]) for row in result.rows)
        truth = None
        if (cost := result.totals.get("EffectiveCost")) is not None:
            truth = cost * (1 - 1 / rise)
        yield _judged(
            f"price of {after.model}",
            ("token price",),
            result,
            truth,
            f"price change on {day}: {after.model} " in candidates,
        )


def _steps(prices: Sequence[Price]) -> Iterator[tuple[Price, Price]]:
    for model in dict.fromkeys(price.model for price in prices):
        own = sorted((price for price in prices if price.model == model), key=lambda price: price.day)
        kept = [price for number, price in enumerate(own) if not number or price.input != own[number - 1].input]
        yield from pairwise(kept)


def _switch(context: ToolContext) -> Planted:
    """Extraction moves from gpt-4.1 to gpt-5.5-mini in the seventh month."""
    calendar = Calendar(TODAY)
    month = Period.month_of(calendar.month(6))
    after, before = Period.month_of(month.end), month.preceding()
    result = _ask(context, {"x_Project": "extractor", "HostProviderName": "OpenAI"}, after, before)
    return _judged("switch from gpt-4.1 to gpt-5.5-mini", ("model mix",), result, None)


def _ask(context: ToolContext, where: dict[str, str], period: Period, before: Period) -> ToolResult:
    filters = tuple(Filter(dimension=name, values=(value,)) for name, value in where.items())
    return explain_change.run(context, ChangeRequest(period=period, compare_to=before, filters=filters))


def _judged(
    what: str, wanted: Sequence[str], result: ToolResult, truth: Decimal | None, dated: bool | None = None
) -> Planted:
    reason, amount = result.column_index("Reason"), result.column_index("Contribution")
    by_reason = {str(row[reason]): Decimal(row[amount] or 0) for row in result.rows}
    first = max(by_reason, key=lambda name: abs(by_reason[name])) if by_reason else "nothing"
    total = sum((by_reason.get(name, Decimal(0)) for name in wanted), Decimal(0))
    return Planted(what, wanted[0], first, total, truth, first in wanted, dated)
