"""commitments: what promises to providers bring, when they end, how much to promise, what is left of agreements."""

from dataclasses import dataclass
from datetime import timedelta

from tools.domain.errors import NoData
from tools.domain.period import Period, shift_months
from tools.domain.result import Evidence, ToolResult
from tools.optimize.commitments.agreements import RATE_DAYS, read_agreements
from tools.optimize.commitments.cells import Table, agreements_table, coverage_table, endings_table, plan_table
from tools.optimize.commitments.ends import WINDOW_DAYS, Endings, read_endings
from tools.optimize.commitments.kpis import commitment_kpis
from tools.optimize.commitments.plan import Planned, plan_commitments
from tools.optimize.commitments.request import CommitmentsRequest
from tools.registry import SqlValue, ToolContext, tool

TOOL = "commitments"
MOST_NAMES = 6


@tool(CommitmentsRequest)
def commitments(ctx: ToolContext, request: CommitmentsRequest) -> ToolResult:
    """Commitments (reservations, savings plans, committed use, capacity blocks, spend agreements, prepaid credits).

    about="coverage": of each commitment, machine or account: coverage, utilisation, unused cost, break-even
    utilisation, effective savings rate, what it saved. One of these alone, by any dimension or month, is query_costs.
    about="expiring": when commitments end and what their usage would then cost on demand; within_days narrows it.
    about="plan": how much to commit: the best mix for what runs on demand now, by term, with the expected saving a
    month and its range over low and high demand. "What if we committed to 16 H100s at 30 % off" is simulate.
    about="agreements": spend agreements (EDP, MACC) and prepaid credits: balance, burn rate, shortfall, end.
    It buys nothing. Advice on how commitments work is search_playbooks.
    """
    try:
        found = _ANSWERS[request.about](ctx, request)
    except NoData as nothing:
        return _nothing(ctx, request, nothing)
    return ToolResult(
        tool=TOOL,
        columns=found.table.columns,
        rows=found.table.rows,
        totals=found.table.totals,
        evidence=_evidence(ctx, request, found),
    )


@dataclass(frozen=True)
class _Found:
    table: Table
    period: Period
    sql: str
    parameters: tuple[SqlValue, ...]
    caveats: tuple[str, ...] = ()


def _coverage(ctx: ToolContext, request: CommitmentsRequest) -> _Found:
    period = request.period or Period.month_of(shift_months(ctx.as_of.replace(day=1), -1))
    kpis = commitment_kpis(ctx, period, request.by, request.provider)
    caveats = (
        "coverage is of the machines that commitments cover, at contracted prices; below the break-even utilisation a "
        "commitment costs more than on demand",
    )
    return _Found(coverage_table(kpis, request.by), period, kpis.sql, kpis.parameters, caveats)


def _expiring(ctx: ToolContext, request: CommitmentsRequest) -> _Found:
    found = read_endings(ctx)
    if found is None:
        raise NoData("no commitment is in the loaded bills", "absent")
    mine = [one for one in found.endings if _is_of(request, one.provider)]
    if not mine:
        raise NoData(f"no commitment with {request.provider} is in force", "absent")
    shown = tuple(one for one in mine if request.within_days is None or one.ends_within(ctx.as_of, request.within_days))
    if not shown:
        raise NoData(_none_ends(found, request), "absent")
    caveats = (
        f"costs are of the last {WINDOW_DAYS} days, on demand at contracted prices",
        *(f"{one.name}: {one.known_from}" for one in shown if one.ends is None),
    )
    return _Found(endings_table(shown, ctx.as_of), found.period, found.sql, found.parameters, caveats)


def _none_ends(found: Endings, request: CommitmentsRequest) -> str:
    known = [f"{one.name} on {one.ends}" for one in found.endings if one.ends is not None]
    unknown = [f"{one.name} ({one.known_from})" for one in found.endings if one.ends is None]
    text = f"no commitment is known to end within {request.within_days} days"
    if known:
        text += f"; the next to end: {', '.join(known[:MOST_NAMES])}"
    return text + (f"; of no known end: {', '.join(unknown[:MOST_NAMES])}" if unknown else "")


def _plan(ctx: ToolContext, request: CommitmentsRequest) -> _Found:
    planned = plan_commitments(ctx, request.period, request.years, request.payment)
    plans = tuple(one for one in planned.plans if one.purchases and _is_of(request, one.provider))
    if not plans:
        raise NoData(_nothing_to_buy(planned), "absent")
    if len({one.currency for one in plans}) > 1:
        plans = tuple(one for one in plans if one.currency == plans[0].currency)
    hourly = planned.hourly
    return _Found(
        plan_table(plans), hourly.period, hourly.sql, hourly.parameters, tuple(_plan_caveats(planned, request))
    )


def _nothing_to_buy(planned: Planned) -> str:
    machines = [usage.kind.machine for one in planned.plans for usage in one.posed.usages]
    if not machines:
        names = ", ".join(usage.kind.machine for usage in planned.unoffered[:MOST_NAMES])
        return f"no offer is known for what runs on demand ({names}); put offers into commitment_offers.yaml"
    names = ", ".join(dict.fromkeys(machines))
    return f"no known offer is cheaper than on demand for {names}: it does not run enough hours"


def _plan_caveats(planned: Planned, request: CommitmentsRequest) -> list[str]:
    shown = [one for one in planned.plans if one.purchases and _is_of(request, one.provider)]
    offers = {one.offer.source for plan in shown for one in plan.purchases}
    gap = max(one.gap for one in shown)
    caveats = [
        "planned for what runs on demand beside the commitments in force; terms are alternatives, not to be added up",
        f"it is proved that no mix of the known offers is cheaper by more than {gap * 100:.2f} %",
        f"prices from {'; '.join(sorted(offers))}: ask for a quote before buying",
    ]
    if any(not one.certain for one in shown):
        caveats.append("the range is over weeks of low and high usage; it widens with the years")
    idle = [one for one in planned.plans if not one.purchases and one.provider not in {each.provider for each in shown}]
    if idle and request.provider is None:
        names = ", ".join(dict.fromkeys(one.provider for one in idle))
        caveats.append(f"no known offer pays for {names}: its machines do not run enough hours")
    if planned.unoffered and request.provider is None:
        names = ", ".join(usage.kind.machine for usage in planned.unoffered[:MOST_NAMES])
        caveats.append(f"no offer is known for {names}; own offers go into commitment_offers.yaml")
    return caveats


def _agreements(ctx: ToolContext, request: CommitmentsRequest) -> _Found:
    found = read_agreements(ctx)
    states = tuple(one for one in found.states if _is_of(request, one.agreement.provider))
    if not states:
        raise NoData(f"no spend agreement with {request.provider} is in force", "absent")
    period = Period(start=min(one.agreement.start for one in states), end=found.through + timedelta(days=1))
    caveats = [f"the burn rate is of the last {RATE_DAYS} days; the end is projected at it"]
    if any(one.counts_billed for one in states):
        caveats.append("what is billed counts towards a spend agreement, without taxes and credits")
    if any(not one.counts_billed for one in states):
        caveats.append("prepaid credits are drawn down by the effective cost of usage")
    return _Found(agreements_table(states, found.through), period, found.sql, found.parameters, tuple(caveats))


_ANSWERS = {"coverage": _coverage, "expiring": _expiring, "plan": _plan, "agreements": _agreements}


def _is_of(request: CommitmentsRequest, provider: str) -> bool:
    return request.provider is None or request.provider.lower() == provider.lower()


def _evidence(ctx: ToolContext, request: CommitmentsRequest, found: _Found) -> Evidence:
    return Evidence(
        sql=found.sql,
        parameters=found.parameters,
        arguments=request.model_dump(mode="json"),
        period=found.period,
        generation=ctx.store.generation,
        row_count=len(found.table.rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=found.caveats,
    )


def _nothing(ctx: ToolContext, request: CommitmentsRequest, nothing: NoData) -> ToolResult:
    return ToolResult(
        tool=TOOL,
        evidence=Evidence(
            sql="",
            arguments=request.model_dump(mode="json"),
            period=request.period,
            generation=ctx.store.generation,
            loaded_through=ctx.store.loaded_through,
            sources=ctx.store.sources,
        ),
        no_data=str(nothing),
        no_data_reason=nothing.reason,
        missing_column=nothing.column,
    )
