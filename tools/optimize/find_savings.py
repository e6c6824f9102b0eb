"""find_savings: every lever over the whole store, as one portfolio that counts no dollar twice."""

from tools.domain.errors import NoData, UnknownName
from tools.domain.result import Evidence, ToolResult
from tools.inform.scenario.base import partly_loaded
from tools.inform.unread import unread, without_data
from tools.optimize.focus_rows import focus_rows
from tools.optimize.levers import LEVERS
from tools.optimize.request import SavingsRequest
from tools.optimize.search import Found, savings
from tools.optimize.table import TOOL, listed, rows_of, summed
from tools.registry import ToolContext, tool


@tool(SavingsRequest)
def find_savings(ctx: ToolContext, request: SavingsRequest) -> ToolResult:
    """What can be saved on tokens, GPUs and commitments: recommendations with evidence, ranked, never counted twice.

    Use it for "where can we save", "recommendations for team docflow", "how much would batching save us", "what is
    wasted". MonthlySaving is what a recommendation adds to those above it: all are computed together on one month's
    ledger, so the column sums to what the whole portfolio saves; AloneSaving is by itself. Ranked by saving ×
    confidence ÷ effort. Cash says whether the next bill falls, or only capacity of a commitment is freed. Levers that
    lack data are named in the caveats. It changes nothing. For "what if" questions with numbers of one's own use
    simulate; for how a lever works search_playbooks.
    """
    _checked(request)
    try:
        found = savings(ctx, request.period, request.lever)
    except NoData as nothing:
        return without_data(TOOL, nothing, unread(ctx, request, request.period))
    rows = rows_of(found, request)
    evidence = Evidence(
        sql=found.ledger.sql,
        parameters=found.ledger.parameters,
        arguments=request.model_copy(update={"period": found.ledger.period}).model_dump(mode="json"),
        period=found.ledger.period,
        generation=ctx.store.generation,
        row_count=len(rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=_caveats(ctx, found),
    )
    if not rows:
        return ToolResult(tool=TOOL, evidence=evidence, no_data=_nothing(found, request), no_data_reason="absent")
    if request.focus:
        return focus_rows(rows, request, found, evidence)
    if request.by:
        return summed(rows, request, found, evidence)
    return listed(rows, request, found, evidence)


def _checked(request: SavingsRequest) -> None:
    names = sorted(one.name for one in LEVERS)
    if request.lever is not None and request.lever not in names:
        raise UnknownName("lever", request.lever, names)
    if request.by not in (None, "owner", "lever"):
        raise UnknownName("by", str(request.by), ["owner", "lever"])


def _caveats(ctx: ToolContext, found: Found) -> tuple[str, ...]:
    caveats = ["savings are of a month like the one looked at, at the rates that were paid, all taken together"]
    if (partly := partly_loaded(ctx, found.ledger.period)) is not None:
        caveats.append(partly)
    if found.missing:
        caveats += [f"could not judge “{label}”: needs {need}" for label, need in sorted(found.missing.items())]
    return tuple(caveats)


def _nothing(found: Found, request: SavingsRequest) -> str:
    of = ", ".join(one for one in (request.lever, request.owner, request.provider) if one)
    where = f" for {of}" if of else ""
    period = found.ledger.period
    return f"no lever found anything to save{where} in {period.start} to {period.last_day}"
