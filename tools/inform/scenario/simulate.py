"""simulate: what a month would cost if things were different."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tools.domain.errors import MixedCurrencies, UnknownName
from tools.domain.period import Period
from tools.domain.result import Cell, Evidence, ToolResult
from tools.inform.listing import amount, name
from tools.inform.scenario.attribution import decimal_of, told
from tools.inform.scenario.base import Base, base_period, read_base
from tools.inform.scenario.gpus import GpuCosts, gpu_costs
from tools.inform.scenario.interval import FEWEST_WEEKS, relative_margin
from tools.inform.scenario.outcome import outcome
from tools.inform.scenario.prices import UnitPrices
from tools.inform.scenario.request import ScenarioRequest
from tools.inform.scenario.said import said
from tools.registry import PriceBook, SqlValue, ToolContext, tool
from tools.semantic.numbers import EXACT, plain

TOOL = "simulate"
BEFORE, AFTER, DIFFERENCE = "as it was", "as it would be", "difference"
LOW, HIGH = f"{AFTER}, low", f"{AFTER}, high"
PART = "through "


@tool(ScenarioRequest)
def simulate(ctx: ToolContext, request: ScenarioRequest) -> ToolResult:
    """What if: what token usage would cost a month if something about it were different, and what each change does.

    Use it for "what if traffic doubles", "what would a 60 % cache hit rate save", "what if half of the requests went
    through batch", "move 30 % of gpt-5.5 to gpt-5.5-mini". For what was spent use query_costs, for list prices
    lookup_prices. The base is a past period (the last full month when none is named) of a slice, scaled to a month; it
    is no forecast of growth. Levers act together: each row "through …" is one lever's part (its Shapley value), and the
    parts sum to the difference exactly, so that no saving is counted twice. Prices are what was paid per token; what
    was not used is priced by price list, and caveats say so. low and high: 80 % of months, by how the weeks differed.
    """
    period = base_period(ctx, request.period)
    usage = _usage(ctx, request, period) if request.changes_usage else None
    gpus = gpu_costs(ctx, request, request.more_gpus, period) if request.more_gpus is not None else None
    story = _story(usage, gpus)
    rows = _rows(request, story)
    evidence = Evidence(
        sql=story.sql,
        parameters=story.parameters,
        arguments=request.model_copy(update={"period": period}).model_dump(mode="json"),
        period=period,
        generation=ctx.store.generation,
        row_count=len(rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(dict.fromkeys(story.notes)),
    )
    columns = (name("Step", "step", "steps"), amount("MonthlyCost", "cost a month", story.currency))
    return ToolResult(tool=TOOL, columns=columns, rows=rows, evidence=evidence)


@dataclass(frozen=True)
class _Story:
    """A month before and what changes it, exactly; `margin` is half the interval's width, in money."""

    before: Fraction
    parts: Mapping[str, Fraction]
    margin: Fraction | None
    currency: str
    notes: tuple[str, ...]
    sql: str
    parameters: tuple[SqlValue, ...]


def _usage(ctx: ToolContext, request: ScenarioRequest, period: Period) -> _Story:
    base = read_base(ctx, request.filters, period)
    prices = UnitPrices(base.paid, base.elsewhere, _Quotes(ctx.prices, period.last_day), base.currency)
    found = outcome(request, base.usage, prices)
    margin = relative_margin(base.weeks, Fraction(base.period.days, 7))
    return _Story(
        before=found.before * base.month,
        parts={lever: part * base.month for lever, part in found.parts.items()},
        margin=None if margin is None else abs(found.after * base.month) * margin,
        currency=base.currency,
        notes=(*_notes(base), *found.left_out, *prices.notes()),
        sql=base.sql,
        parameters=base.parameters,
    )


def _story(usage: _Story | None, gpus: GpuCosts | None) -> _Story:
    """Both kinds of change in one; one of them is there."""
    if gpus is None:
        assert usage is not None
        return usage
    parts = {"more_gpus": gpus.change}
    if usage is None:
        return _Story(gpus.before, parts, None, gpus.currency, (gpus.note,), gpus.sql, gpus.parameters)
    if usage.currency != gpus.currency:
        raise MixedCurrencies((usage.currency, gpus.currency))
    both = replace(usage, before=usage.before + gpus.before, parts={**usage.parts, **parts})
    return replace(both, notes=(*usage.notes, gpus.note))


def _rows(request: ScenarioRequest, story: _Story) -> tuple[tuple[Cell, ...], ...]:
    """Before, each lever's part, after, the difference; low and high where the weeks tell them."""
    before = decimal_of(story.before)
    whole = sum(story.parts.values(), Fraction(0))
    change, parts = told(whole, tuple(story.parts.values()))
    rows: list[tuple[str, Decimal]] = [(BEFORE, before)]
    rows += [(PART + said(request, lever), part) for lever, part in zip(story.parts, parts, strict=True)]
    rows += [(AFTER, EXACT.add(before, change)), *([(DIFFERENCE, change)] if len(parts) > 1 else [])]
    if story.margin is not None:
        after = story.before + whole
        rows += [(LOW, decimal_of(max(after - story.margin, Fraction(0)))), (HIGH, decimal_of(after + story.margin))]
    return tuple((step, plain(value)) for step, value in rows)


def _notes(base: Base) -> Sequence[str]:
    notes = ["counted is usage by token, at what its records say it cost; charges that are not by token stay out"]
    if base.month.denominator != 1 or base.month != 1:
        notes.append(f"the base is scaled to a month, times {float(base.month):.4g}")
    if base.estimated:
        notes.append(f"estimated by price list, not billed by token: {', '.join(base.estimated)}")
    if base.unpriced_tokens:
        notes.append(f"{base.unpriced_tokens:,} tokens of the base have no known price and stay out")
    if len(base.weeks) < FEWEST_WEEKS:
        notes.append(f"no interval: that needs {FEWEST_WEEKS} whole weeks up to the base's end")
    else:
        notes.append(
            f"80 % of months are between low and high, if weeks differ as the {len(base.weeks)} up to the base's end"
        )
    return notes


class _Quotes:
    """The price list of a day; a model without a price has no rows."""

    def __init__(self, book: PriceBook | None, day: date) -> None:
        self._book, self._day = book, day
        self._known: dict[str, Sequence[Mapping[str, Any]]] = {}

    def __call__(self, model: str) -> Sequence[Mapping[str, Any]]:
        if self._book is None:
            return ()
        if model not in self._known:
            try:
                self._known[model] = self._book.quote(model, self._day)
            except UnknownName:
                self._known[model] = ()
        return self._known[model]
