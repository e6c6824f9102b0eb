"""explain_change: why a cost differs between two periods or two slices, to the last digit."""

from collections.abc import Sequence
from dataclasses import replace

from tools.domain.errors import NoData
from tools.domain.money import UNKNOWN_CURRENCY
from tools.domain.period import Period
from tools.domain.result import Evidence, ToolResult
from tools.inform.change.candidates import find_candidates, known_events
from tools.inform.change.decompose import decompose
from tools.inform.change.effects import KINDS, OF_SLICES
from tools.inform.change.read import Cells, read_cells
from tools.inform.change.reasons import reason_rows
from tools.inform.change.request import ChangeRequest
from tools.inform.change.sides import Sides, resolve
from tools.inform.change.table import change_table, costs_of
from tools.inform.emptiness import why_empty
from tools.inform.spend import unpriced_notes
from tools.inform.unread import unread, without_data
from tools.registry import ToolContext, tool
from tools.semantic.model import load_model

TOOL = "explain_change"


@tool(ChangeRequest)
def explain_change(ctx: ToolContext, request: ChangeRequest) -> ToolResult:
    """Why a cost rose or fell between two periods, or why one slice costs more than another: exact, by reason.

    Use it for "why did spend go up", "what drove the increase", "how much of it is price and how much volume". For the
    amounts themselves, rankings and trends use query_costs.

    Reasons of token spend: requests, model mix, service tier, prompt and completion length, cache share, token price.
    Of GPU and cloud spend: usage, region and instance mix, commitment coverage, unused commitment, unit price. Besides:
    credits, refunds, taxes, purchases, new, gone. Contributions sum to the change with no remainder; Raised and
    Lowered show what cancels out inside a reason. Candidates are price changes and events that fit: no proof.

    period, compare_to: now and before; before is "previous" unless named. filters narrow both sides.
    compare_filters: for two slices: `filters` is the one asked about, compare_filters the other; same period unless
    compare_to is given. group_by: the same for each provider, service, team, …. by: "kind" for price versus volume.
    """
    try:
        sides = resolve(ctx, request)
        _check_loaded(ctx, sides)
    except NoData as nothing:
        return _nothing(ctx, request, nothing)
    cells = read_cells(ctx, sides)
    if not cells.found:
        return _nothing(ctx, request, why_empty(ctx, sides.now, load_model()), sides, cells)
    return _explained(ctx, sides, cells)


def _explained(ctx: ToolContext, sides: Sides, cells: Cells) -> ToolResult:
    contributions = decompose(cells.tokens, cells.usage, cells.amounts)
    if sides.are_slices:
        contributions = [replace(one, reason=OF_SLICES.get(one.reason, one.reason)) for one in contributions]
    if sides.request.by == "kind":
        contributions = [replace(one, reason=KINDS.get(one.reason, one.reason)) for one in contributions]
    rows = reason_rows(contributions)
    search = find_candidates(ctx, sides, rows, _unit(sides, cells), known_events(ctx))
    cells.sql += search.sql
    cells.parameters += search.parameters
    costs = costs_of(cells.tokens, cells.usage, cells.amounts)
    table = change_table(rows, costs, sides.now.metrics[0], _unit(sides, cells), sides.dimensions, search.found)
    return ToolResult(
        tool=TOOL,
        columns=table.columns,
        rows=table.rows,
        totals=table.totals,
        evidence=_evidence(ctx, sides, cells, len(table.rows)),
    )


def _check_loaded(ctx: ToolContext, sides: Sides) -> None:
    """What was not loaded is not what was not spent. Raises NoData."""
    first, last = ctx.store.loaded_from, ctx.store.loaded_through
    for period in (sides.period, sides.earlier):
        if first is None or last is None or period.start > last or period.last_day < first:
            days = f"{period.start} to {period.last_day}"
            message = (
                f"nothing is loaded for {days}, so the change can't be explained; the store is loaded from {first}"
            )
            raise NoData(f"{message} through {last}", "not_loaded")


def _unit(sides: Sides, cells: Cells) -> str:
    if sides.now.rates and sides.request.currency:
        return sides.request.currency
    known = cells.currencies or set(sides.now.currencies[:1])
    return next(iter(known), "") or UNKNOWN_CURRENCY


def _evidence(ctx: ToolContext, sides: Sides, cells: Cells, rows: int) -> Evidence:
    return Evidence(
        sql=";\n\n".join(cells.sql),
        parameters=tuple(cells.parameters),
        arguments=_arguments(sides),
        period=sides.now.span.asked,
        compare_period=None if sides.earlier == sides.period else sides.earlier,
        generation=ctx.store.generation,
        row_count=rows,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(
            dict.fromkeys(
                (
                    *sides.caveats,
                    *_basis(ctx, sides.period, sides.earlier),
                    *cells.caveats,
                    *unpriced_notes(ctx, sides.now),
                )
            )
        ),
    )


def _arguments(sides: Sides) -> dict[str, object]:
    found = sides.request.model_dump(mode="json") | {"period": sides.now.span.asked.model_dump(mode="json")}
    if sides.request.compare_to == "previous" or (sides.request.compare_to is None and not sides.are_slices):
        before = sides.now.span.previous
        found["compare_to"] = before.model_dump(mode="json") if before else None
    return found


def _basis(ctx: ToolContext, *periods: Period) -> Sequence[str]:
    return tuple(note for period in periods for note in ctx.store.basis_decided(period))


def _nothing(
    ctx: ToolContext, request: ChangeRequest, nothing: NoData, sides: Sides | None = None, cells: Cells | None = None
) -> ToolResult:
    if sides is not None and cells is not None:
        evidence = _evidence(ctx, sides, cells, 0)
    else:
        evidence = unread(ctx, request, request.period)
    return without_data(TOOL, nothing, evidence)
