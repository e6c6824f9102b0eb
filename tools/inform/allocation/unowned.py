"""find_unowned: what nobody owns, biggest first, and who to ask about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.allocation import NO_RULES
from tools.domain.errors import MixedCurrencies, NoData
from tools.domain.money import UNKNOWN_CURRENCY
from tools.domain.period import Period, shift_months
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.domain.scope import Filter
from tools.inform.allocation.grouping import Queried, Source, payer_dimension, query_charges
from tools.inform.allocation.neighbours import DIMENSIONS as NEAR_BY
from tools.inform.allocation.neighbours import Neighbourhood, neighbourhood
from tools.inform.allocation.owner_map import owner_map
from tools.inform.unread import without_data
from tools.registry import ToolContext, tool
from tools.semantic.model import load_model
from tools.semantic.numbers import EXACT, exact, over, plain, total

TOOL = "find_unowned"
THINGS = (
    "x_ApiKey", "x_Agent", "ResourceName", "ResourceId", "x_Project", "SubAccountName", "SubAccountId",
    "HostProviderName",
)  # fmt: skip
"""What somebody can own, the most specific first; a charge counts as the first of these that it names."""


class UnownedRequest(BaseModel):
    """Whose cost is nobody's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = Field(default="x_Team", description="whose owner is missing: x_Team, x_Project, x_UseCase, tag:KEY …")
    period: Period | None = Field(default=None, description="none: the last full month")
    filters: tuple[Filter, ...] = Field(default=(), description="only these charges, such as one provider")
    limit: int = Field(default=20, ge=1, le=1000, description="the biggest N; the rest is one row")
    about: Literal["unowned", "coverage"] = "unowned"


@dataclass
class _Thing:
    kind: str
    name: str | None
    charge: Mapping[str, str | None]
    cost: Decimal = Decimal(0)


@tool(UnownedRequest)
def find_unowned(ctx: ToolContext, request: UnownedRequest) -> ToolResult:
    """What nobody owns: keys, resources, accounts and services with cost and no team, and who to ask about them.

    Use it for "who owns the unallocated spend", "unowned spend", "who to ask about missing tags". A charge is unowned
    that has no team of its own, no rule that names or splits it, and no owner in the owner map; fallback rules may pay
    for it, but nobody answers for it. AskFirst has most of the cost nearest to it: in the same project, account and
    service, account, or provider. about='coverage': for each tag and owner dimension, how much of the cost carries it,
    and where most of it is missing. For amounts without a team in total or by service use query_costs with
    UnallocatedCost; for who pays what use allocate.
    """
    from tools.inform.allocation.coverage import coverage

    first = ctx.as_of.replace(day=1)
    period = request.period or Period(start=shift_months(first, -1), end=first)
    request = request.model_copy(update={"period": period})
    evidence = Evidence(
        sql="",
        arguments=request.model_dump(mode="json"),
        period=period,
        generation=ctx.store.generation,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
    )
    try:
        _check_loaded(ctx, period)
        return (
            coverage(ctx, request, period, evidence)
            if request.about == "coverage"
            else _queue(ctx, request, period, evidence)
        )
    except NoData as nothing:
        return without_data(TOOL, nothing, evidence, ())


def source_of(ctx: ToolContext, by: str) -> Source:
    """The charges under the rules in force."""
    dimension = payer_dimension(by, ctx.store)
    rules = ctx.allocation.rules() if ctx.allocation else NO_RULES
    return Source(ctx.store, dimension.name, rules.of(dimension.name), owner_map(ctx.store, dimension.name))


def _check_loaded(ctx: ToolContext, period: Period) -> None:
    first, last = ctx.store.loaded_from, ctx.store.loaded_through
    if first is None or last is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    if period.start > last or period.last_day < first:
        days = f"{period.start} to {period.last_day}"
        raise NoData(f"nothing is loaded for {days}; the store is loaded from {first} through {last}", "not_loaded")


def _queue(ctx: ToolContext, request: UnownedRequest, period: Period, evidence: Evidence) -> ToolResult:
    source = source_of(ctx, request.by)
    present = [name for name in THINGS if name in ctx.store.columns and name != source.dimension]
    names = tuple(dict.fromkeys((*present, *(one for one in NEAR_BY if one != source.dimension))))
    queried = query_charges(source, period, names, filters=request.filters)
    things = sorted(_things(queried, names, present), key=lambda one: (-one.cost, one.kind, one.name or ""))
    if not things:
        raise NoData(
            f"every charge of {period.start} to {period.last_day} has an owner, or a rule that shares it", "absent"
        )
    near = neighbourhood(source, period)
    people = _people(ctx)
    shown = things[: request.limit]
    label = payer_dimension(request.by, ctx.store).label
    rows = [_row(one, near, people) for one in shown]
    whole = total(one.cost for one in things) or Decimal(0)
    other = None
    if len(things) > len(shown):
        rest = total(one.cost for one in things[request.limit :]) or Decimal(0)
        rows.append((None, None, None, rest, None, None, None, None, *((None,) if people else ())))
        other = len(rows) - 1
    rows = [(*row[:4], over(_number(row[3]), whole), *row[5:]) for row in rows]
    evidence = evidence.model_copy(
        update={
            "sql": queried.sql,
            "parameters": queried.parameters if ctx.store.scope.is_whole else (),
            "row_count": len(things),
            "caveats": queried.notes,
        }
    )
    columns = _columns(_unit(queried), label, with_person=bool(people))
    return ToolResult(
        tool=TOOL,
        columns=columns,
        rows=tuple(rows),
        totals={"UnownedCost": plain(whole)},
        other_row=other,
        evidence=evidence,
    )


def _things(queried: Queried, names: Sequence[str], present: Sequence[str]) -> Iterator[_Thing]:
    found: dict[tuple[str | None, ...], _Thing] = {}
    for _, _, place, _, *values, amount in queried.rows:
        cost, branch = exact(amount), queried.branches[place] if place is not None else None
        if not cost or (branch is not None and not branch.is_fallback):
            continue
        charge = dict(zip(names, values, strict=True))
        kind = next((name for name in present if charge[name] is not None), "HostProviderName")
        near = {name: charge.get(name) for name in NEAR_BY}
        key = (kind, charge.get(kind), *near.values())
        thing = found.setdefault(key, _Thing(kind, charge.get(kind), near))
        thing.cost = EXACT.add(thing.cost, cost)
    yield from (one for one in found.values() if one.cost)


def _row(one: _Thing, near: Neighbourhood, people: Mapping[str, str]) -> tuple[Cell, ...]:
    neighbour = near.nearest(one.charge)
    kind = _KINDS.get(one.kind) or load_model().dimension(one.kind, (one.kind,)).label
    ask: tuple[Cell, ...] = (None, None, None)
    if neighbour is not None:
        ask = (neighbour.payer, neighbour.shares, neighbour.share)
    person = (people.get(neighbour.payer) if neighbour else None,) if people else ()
    payer, shares, share = ask
    return (kind, one.name, one.charge.get("ServiceName"), plain(one.cost), None, payer, shares, share, *person)


_KINDS = {"SubAccountName": "account", "SubAccountId": "account", "x_ApiKey": "API key", "x_Agent": "agent"}


def _people(ctx: ToolContext) -> dict[str, str]:
    """Team → the person that the owner map names last for it."""
    found = [one for one in ctx.store.records("owners") if one.team and one.person]
    found.sort(key=lambda one: (str(one.start or ""), one.key))
    return {one.team: one.person for one in found if one.team and one.person}


def _columns(unit: str, payer: str, *, with_person: bool) -> tuple[Column, ...]:
    def name(key: str, label: str, plural: str = "") -> Column:
        return Column(name=key, kind="dimension", label=label, plural=plural)

    cost = "UnownedCost"
    columns = (
        name("Kind", "kind", "kinds"),
        name("Thing", "unowned", "unowned things"),
        name("ServiceName", "service", "services"),
        Column(name=cost, kind="metric", label="unowned cost", unit=unit, metric=cost),
        Column(name=f"{cost}_share", kind="share", label="share", unit="ratio", metric=cost),
        name("AskFirst", f"{payer} to ask"),
        name("Near", "because of the same"),
        Column(name="NearShare", kind="metric", label="its part there", unit="ratio", metric="NearShare"),
    )
    return (*columns, name("AskPerson", "person")) if with_person else columns


def _unit(queried: Queried) -> str:
    found = sorted({row[1] or "" for row in queried.rows if row[-1]})
    if len(found) > 1:
        raise MixedCurrencies(found)
    return found[0] if found and found[0] else UNKNOWN_CURRENCY


def _number(cell: Any) -> Decimal | None:
    return cell if isinstance(cell, Decimal) else None
