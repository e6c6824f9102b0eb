"""simulate: what a month would cost if things were different."""

from decimal import Decimal
from fractions import Fraction

from tools.domain.result import Cell, Evidence, ToolResult
from tools.inform.listing import amount, name
from tools.inform.scenario.attribution import decimal_of, told
from tools.inform.scenario.base import base_period
from tools.inform.scenario.request import ScenarioRequest
from tools.inform.scenario.said import said
from tools.inform.scenario.story import Story, story
from tools.registry import ToolContext, tool
from tools.semantic.numbers import EXACT, plain

TOOL = "simulate"
BEFORE, AFTER, DIFFERENCE = "as it was", "as it would be", "difference"
FULL = "a month when the ramp is over"
LOW, HIGH = f"{AFTER}, low", f"{AFTER}, high"
PART = "through "


@tool(ScenarioRequest)
def simulate(ctx: ToolContext, request: ScenarioRequest) -> ToolResult:
    """What if: what token usage would cost a month if something about it were different, and what each change does.

    Use it for "what if traffic doubles", "what would a 60 % cache hit rate save", "what if half of the requests went
    through batch", "move 30 % of gpt-5.5 to gpt-5.5-mini", "what if we launch a bot with 20,000 requests a day on
    gpt-5.5-mini, ramping up over 30 days". For what was spent use query_costs, for list prices lookup_prices. The base
    is a past period (the last full month when none is named) of a slice, scaled to a month; it forecasts no growth.
    Levers act together: each row "through …" is one lever's part (its Shapley value), and the parts sum to the
    difference exactly, so that no saving is counted twice. Prices are what was paid per token; what was not used is
    priced by price list, and caveats say so. A launch adds its first 30 days; a month when its ramp is over is a row of
    its own. Beside GPU changes the tokens of models served on such GPUs cost nothing. low and high: 80 % of months, by
    how the weeks differed.
    """
    period = base_period(ctx, request.period)
    told_of = story(ctx, request, period)
    rows = _rows(request, told_of)
    evidence = Evidence(
        sql=told_of.sql,
        parameters=told_of.parameters,
        arguments=request.model_copy(update={"period": period}).model_dump(mode="json"),
        period=period,
        generation=ctx.store.generation,
        row_count=len(rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(dict.fromkeys(told_of.notes)),
    )
    columns = (name("Step", "step", "steps"), amount("MonthlyCost", "cost a month", told_of.currency))
    return ToolResult(tool=TOOL, columns=columns, rows=rows, evidence=evidence)


def _rows(request: ScenarioRequest, of: Story) -> tuple[tuple[Cell, ...], ...]:
    """Before, each lever's part, after, the difference; low and high where the weeks tell them."""
    before = decimal_of(of.before)
    change, parts = told(of.change, tuple(of.parts.values()))
    rows: list[tuple[str, Decimal]] = [(BEFORE, before)]
    rows += [(PART + said(request, lever), part) for lever, part in zip(of.parts, parts, strict=True)]
    rows += [(AFTER, EXACT.add(before, change)), *([(DIFFERENCE, change)] if len(parts) > 1 else [])]
    if of.full is not None:
        rows.append((FULL, decimal_of(of.full)))
    if of.margin is not None:
        rows += [(LOW, decimal_of(max(of.after - of.margin, Fraction(0)))), (HIGH, decimal_of(of.after + of.margin))]
    return tuple((step, plain(value)) for step, value in rows)
