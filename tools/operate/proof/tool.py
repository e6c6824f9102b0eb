"""realised_savings: what applied changes have saved, beside what was estimated."""

from collections.abc import Sequence
from datetime import date

from tools.domain.errors import NoData, UnknownName
from tools.domain.period import Period
from tools.domain.remediation import AppliedChange, ProposalView
from tools.domain.result import Evidence, ToolResult
from tools.inform.unread import unread, without_data
from tools.operate.proof.measure import measure
from tools.operate.proof.notes import notes_of
from tools.operate.proof.realised import Realised
from tools.operate.proof.request import ROWS, RealisedRequest
from tools.operate.proof.table import table_of
from tools.operate.proof.target_costs import TargetCosts, read_target_costs
from tools.registry import ToolContext, tool

TOOL = "realised_savings"
INSTEAD = "Where can we save?"


@tool(RealisedRequest)
def realised_savings(ctx: ToolContext, request: RealisedRequest) -> ToolResult:
    """What applied remediations have really saved, against what their targets would have cost without them.

    Use it for "what have we saved this quarter", "did stopping the idle GPUs pay off", "what did p-12 save", "which
    savings drifted back". Realised = what the targets would have cost, foreseen from the days before the change, less
    what they cost since; RealisedLow to RealisedHigh holds it in 95 of 100 cases. Estimated is what the plan promised,
    for the same days. DriftedBack is what costs again of what the first whole week saved. by: target or week shows
    where. A plan that was rejected or never applied has saved nothing. For what could be saved use find_savings; for
    savings through commitments and negotiated prices query_costs with Savings.
    """
    if request.by not in ROWS:
        raise UnknownName("by", request.by, list(ROWS))
    changes = _known(ctx)
    chosen = [one for one in changes if request.proposal in (None, one.proposal)]
    if not chosen:
        return without_data(TOOL, _nothing(request, changes), unread(ctx, request, request.period), (INSTEAD,))
    costs = read_target_costs(ctx, [each.target.id for one in changes for each in one.changed])
    found = [measure(one, costs.of, changes, request.period) for one in chosen]
    return _result(ctx, request, costs, _shown(ctx, request, found))


def _known(ctx: ToolContext) -> list[AppliedChange]:
    """The changes as of the day of the question, oldest first."""
    views = ctx.remediations.proposals() if ctx.remediations else ()
    known = [one for view in views if (one := applied_change(view, ctx.as_of)) is not None]
    return sorted(known, key=lambda one: (one.applied_at, one.proposal))


def applied_change(view: ProposalView, as_of: date) -> AppliedChange | None:
    """What a proposal had changed by the end of a day; None where it had changed nothing."""
    applied, undone = view.applied_at, view.undone_at
    if applied is None or applied.date() > as_of or not view.done:
        return None
    still = undone is None or undone.date() > as_of
    return AppliedChange(view.proposal.id, view.proposal.plan, applied, None if still else undone, frozenset(view.done))


def _shown(ctx: ToolContext, request: RealisedRequest, found: Sequence[Realised]) -> list[Realised]:
    """Those asked for; who may not see everything is not told of changes to what they can't see."""
    seen = [one for one in found if ctx.store.scope.is_whole or one.status != "no charges"]
    return [one for one in seen if one.status == "drifted back"] if request.drifted_only else seen


def _nothing(request: RealisedRequest, changes: Sequence[AppliedChange]) -> NoData:
    if not changes:
        return NoData(
            "no remediation was applied yet, so none has saved anything; once a proposal is approved and applied, what "
            "it saves is measured from the next day on",
            "absent",
        )
    applied = ", ".join(one.proposal for one in changes)
    return NoData(f"{request.proposal} was never applied, so it has saved nothing; applied were {applied}", "absent")


def _result(ctx: ToolContext, request: RealisedRequest, costs: TargetCosts, found: Sequence[Realised]) -> ToolResult:
    currency = costs.currency or (found[0].of.plan.currency if found else "USD")
    table = table_of(found, request.by, currency)
    evidence = Evidence(
        sql=costs.sql,
        parameters=costs.parameters,
        arguments=request.model_dump(mode="json"),
        period=request.period or _span(found),
        generation=ctx.store.generation,
        row_count=len(table.rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=notes_of(found, currency),
    )
    if not table.rows:
        nothing = _no_rows(request)
        return ToolResult(
            tool=TOOL, evidence=evidence, no_data=nothing, no_data_reason="absent", suggestions=(INSTEAD,)
        )
    return ToolResult(tool=TOOL, columns=table.columns, rows=table.rows, totals=dict(table.totals), evidence=evidence)


def _no_rows(request: RealisedRequest) -> str:
    if request.drifted_only:
        return "nothing has drifted back: no target of an applied change costs again"
    return "no applied change is about anything whose charges can be seen"


def _span(found: Sequence[Realised]) -> Period | None:
    """All days that were measured."""
    days = [one.measured.days for one in found if one.measured is not None]
    return Period(start=min(one.start for one in days), end=max(one.end for one in days)) if days else None
