"""allocate: what each team, project or use case owes, shared cost included."""

from collections.abc import Sequence
from dataclasses import replace

from tools.domain.errors import MixedCurrencies, NoData
from tools.domain.money import UNKNOWN_CURRENCY
from tools.domain.period import Period
from tools.domain.result import Evidence, ToolResult
from tools.inform.allocation.grouping import Source, payer_dimension
from tools.inform.allocation.owner_map import owner_map
from tools.inform.allocation.request import AllocateRequest, Resolved, resolve
from tools.inform.allocation.shares import Share, currencies_of
from tools.inform.allocation.statement import Asked, Told, may_be_shown, tell
from tools.inform.allocation.table import tabulate
from tools.inform.unread import unread, without_data
from tools.registry import ToolContext, tool
from tools.semantic.dimension import Dimension

TOOL = "allocate"


@tool(AllocateRequest)
def allocate(ctx: ToolContext, request: AllocateRequest) -> ToolResult:
    """Showback and chargeback: what each team (or project, use case, …) owes for a period, shared cost included.

    Use it for "chargeback for October by team", "what does each team owe", "allocate shared costs", "what changed in
    the chargeback". Rules in allocation.yaml and the owner map say who pays; shares sum to the bill exactly. TotalCost
    is DirectCost (a charge's own team, its owner, or a rule that names one) + SharedCost (split) + FallbackCost (rules
    for what has no team) + AdjustmentCost (restatements of issued months); the row without a name is unallocated. A
    closed month is told as it was issued. For plain spend by team, without shared cost, use query_costs; for what
    nobody owns, and who to ask, use find_unowned.
    """
    try:
        resolved = resolve(ctx, request)
        return _answered(ctx, resolved)
    except NoData as nothing:
        return without_data(TOOL, nothing, unread(ctx, request))


def _answered(ctx: ToolContext, resolved: Resolved) -> ToolResult:
    request, span = resolved.request, resolved.span
    dimension = payer_dimension(request.by, ctx.store)
    source = Source(ctx.store, dimension.name, resolved.rules.of(dimension.name), owner_map(ctx.store, dimension.name))
    told = _told(source, span.current, resolved)
    before = _told(source, span.previous, resolved) if span.previous is not None else None
    if not told.shares:
        raise _nothing(ctx, span.asked)
    shares = _shown(ctx, dimension, request, told.shares)
    earlier = _shown(ctx, dimension, request, before.shares) if before is not None else None
    unit = _unit([*shares, *(earlier or ())])
    table = tabulate(dimension, unit, shares, earlier, detail=request.detail)
    if not table.rows:
        raise NoData(
            f"{' and '.join(request.payers)} bears no cost in {span.asked.start} to {span.asked.last_day}", "absent"
        )
    evidence = Evidence(
        sql=told.sql,
        parameters=told.parameters if ctx.store.scope.is_whole else (),  # what rules name may lie outside a scope
        arguments=request.model_dump(mode="json"),
        period=span.asked,
        compare_period=span.previous,
        generation=ctx.store.generation,
        row_count=len(table.rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(dict.fromkeys(_caveats(ctx, resolved, source, told))),
    )
    return ToolResult(
        tool=TOOL,
        columns=table.columns,
        rows=table.rows,
        totals=dict(table.totals),
        other_row=table.other_row,
        evidence=evidence,
    )


def _told(source: Source, period: Period, resolved: Resolved) -> Told:
    closings = [one for one in resolved.closings if may_be_shown(source, one)]
    return tell(source, period, Asked(resolved.request.metric, resolved.request.filters), closings)


def _shown(
    ctx: ToolContext, dimension: Dimension, request: AllocateRequest, shares: Sequence[Share]
) -> tuple[Share, ...]:
    """Only the payers asked for; a payer that a rule names and the asker's rows do not is one of the others."""
    if not ctx.store.scope.is_whole:
        seen = {*ctx.store.values(dimension.name), *_granted(ctx, dimension)}
        shares = [
            replace(one, payer=None, rule=None, is_outside=True) if one.payer and one.payer not in seen else one
            for one in shares
        ]
    wanted = {payer.lower() for payer in request.payers}
    return tuple(one for one in shares if not wanted or (one.payer or "").lower() in wanted)


def _granted(ctx: ToolContext, dimension: Dimension) -> set[str]:
    return {value for one in ctx.store.scope.filters if one.dimension == dimension.name for value in one.values}


def _unit(shares: Sequence[Share]) -> str:
    """The one currency. Raises MixedCurrencies: amounts in several are never summed."""
    found = currencies_of(shares)
    if len(found) > 1:
        raise MixedCurrencies(found)
    return found[0] if found and found[0] else UNKNOWN_CURRENCY


def _nothing(ctx: ToolContext, period: Period) -> NoData:
    first, last = ctx.store.loaded_from, ctx.store.loaded_through
    days = f"{period.start} to {period.last_day}"
    if first is None or last is None or period.start > last or period.last_day < first:
        return NoData(f"nothing is loaded for {days}; the store is loaded from {first} through {last}", "not_loaded")
    return NoData(f"no charges in {days}; the store is loaded through {last}", "absent")


def _caveats(ctx: ToolContext, resolved: Resolved, source: Source, told: Told) -> list[str]:
    caveats = list(resolved.span.caveats)
    if resolved.request.period and not source.rules.rules and not source.rules.fallback:
        caveats.append(f"no rules for {resolved.request.by} in allocation.yaml: cost goes by the charges' own names")
    for month in told.issued:
        caveats.append(f"{month:%B %Y} is closed: told as it was issued")
    if _cuts_a_closed_month(resolved):
        caveats.append("a part of a closed month is told by today's data: only whole months are issued")
    if not ctx.store.scope.is_whole:
        caveats.append(
            "of the charges that you may see; “other” goes to payers outside that, or is split by figures outside it"
        )
    if resolved.request.metric == "EffectiveCost":
        caveats += ctx.store.basis_decided(resolved.span.current)
    return [*caveats, *told.notes]


def _cuts_a_closed_month(resolved: Resolved) -> bool:
    asked = resolved.span.current
    overlaps = [(one.period, one.period.overlap(asked)) for one in resolved.closings]
    return any(overlap is not None and overlap != period for period, overlap in overlaps)
