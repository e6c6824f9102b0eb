"""compare_scenarios: several scenarios beside each other, and beside what happened since."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import MixedCurrencies, NoData
from tools.domain.period import Period
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.listing import amount, name
from tools.inform.scenario.attribution import decimal_of, told
from tools.inform.scenario.base import base_period, read_base
from tools.inform.scenario.request import ScenarioRequest
from tools.inform.scenario.story import Story, story
from tools.registry import ToolContext, tool
from tools.semantic.numbers import EXACT, plain

TOOL = "compare_scenarios"
FEWEST_DAYS = 7
"""Days after the base that are enough to speak of what happened."""
NOT_YET, NOT_TRACKED = "too early to say", "not tracked"


class NamedScenario(BaseModel):
    """A scenario under the name that somebody gave it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    scenario: ScenarioRequest


class ComparisonRequest(BaseModel):
    """Scenarios to set beside each other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenarios: tuple[NamedScenario, ...] = Field(min_length=1, max_length=12)


@tool(ComparisonRequest)
def compare_scenarios(ctx: ToolContext, request: ComparisonRequest) -> ToolResult:
    """Several scenarios side by side: a month as it was, as it would be, the difference, and what happened since.

    Use it to weigh alternatives, or to track scenarios that were saved; for one with the part of each of its changes
    use simulate. What happened is the same slice's token usage after the base: whole months, or the days so far when
    there are seven or more, scaled to a month; Tracked says where that lies against the scenario's interval. It does
    not say why: a change that was never made is tracked too. Scenarios with GPUs are not tracked.
    """
    seen = [_seen(ctx, one) for one in request.scenarios]
    currencies = sorted({one.of.currency for one in seen})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies)
    happened = all(one.actual is not None for one in seen)
    rows = tuple(_row(one, happened) for one in seen)
    resolved = tuple(NamedScenario(name=one.name, scenario=one.scenario) for one in seen)
    evidence = Evidence(
        sql="\n;\n".join(one.of.sql for one in seen),
        parameters=tuple(value for one in seen for value in one.of.parameters),
        arguments=ComparisonRequest(scenarios=resolved).model_dump(mode="json"),
        period=_common(seen),
        generation=ctx.store.generation,
        row_count=len(rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(dict.fromkeys(note for one in seen for note in (*one.of.notes, *one.notes))),
    )
    return ToolResult(tool=TOOL, columns=_columns(currencies[0], happened), rows=rows, evidence=evidence)


@dataclass(frozen=True)
class _Seen:
    """A scenario with its base settled, what it tells, and what became of it."""

    name: str
    scenario: ScenarioRequest
    of: Story
    actual: Fraction | None
    tracked: str
    notes: tuple[str, ...]


def _seen(ctx: ToolContext, named: NamedScenario) -> _Seen:
    period = base_period(ctx, named.scenario.period)
    asked = named.scenario.model_copy(update={"period": period})
    of = story(ctx, asked, period)
    if not asked.changes_usage or asked.changes_gpus:
        return _Seen(named.name, asked, of, None, NOT_TRACKED, ())
    since = _since(ctx, period)
    if since is None:
        note = f"{named.name}: fewer than {FEWEST_DAYS} days are loaded after its base"
        return _Seen(named.name, asked, of, None, NOT_YET, (note,))
    try:
        after = read_base(ctx, asked.filters, since)
    except NoData:
        return _Seen(named.name, asked, of, Fraction(0), _tracked(of, Fraction(0)), ())
    actual = after.cost * after.month
    note = f"{named.name}: what happened is {since.start} to {since.last_day}, told for a month"
    return _Seen(named.name, asked, of, actual, _tracked(of, actual), (note,))


def _since(ctx: ToolContext, base: Period) -> Period | None:
    """The whole months loaded after the base; without one the days so far, if they are enough."""
    through = ctx.store.loaded_through
    if through is None:
        return None
    end = through + timedelta(days=1)
    months = end.replace(day=1)
    if months > base.end and Period(start=base.end, end=months).whole_months:
        return Period(start=base.end, end=months)
    return Period(start=base.end, end=end) if (end - base.end).days >= FEWEST_DAYS else None


def _tracked(of: Story, actual: Fraction) -> str:
    if of.margin is None:
        return "nearer to as it was" if abs(actual - of.before) < abs(actual - of.after) else "nearer to the scenario"
    if abs(actual - of.after) <= of.margin:
        return "within its range"
    return "above its range" if actual > of.after else "below its range"


def _columns(currency: str, happened: bool) -> tuple[Column, ...]:
    costs = [("Before", "a month as it was"), ("After", "as it would be"), ("Difference", "difference")]
    costs += [("Actual", "a month since then")] if happened else []
    heads = (name("Scenario", "scenario", "scenarios"), name("Tracked", "since then"))
    return (*heads, *(amount(key, label, currency) for key, label in costs))


def _row(one: _Seen, happened: bool) -> tuple[Cell, ...]:
    before = decimal_of(one.of.before)
    change, _ = told(one.of.change, tuple(one.of.parts.values()))
    costs: list[Decimal] = [before, EXACT.add(before, change), change]
    if happened and one.actual is not None:
        costs.append(decimal_of(one.actual))
    return (one.name, one.tracked, *(plain(cost) for cost in costs))


def _common(seen: list[_Seen]) -> Period | None:
    """The base, where all scenarios have the same."""
    periods = {one.scenario.period for one in seen}
    return next(iter(periods)) if len(periods) == 1 else None
