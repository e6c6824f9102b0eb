"""find_savings: every lever over the whole store, as one portfolio that counts no dollar twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoData, UnknownName
from tools.domain.period import Period
from tools.domain.recommendation import Recommendation
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.listing import amount, name
from tools.inform.scenario.base import partly_loaded
from tools.inform.unread import unread, without_data
from tools.optimize.ledger import Ledger, read_ledger
from tools.optimize.lever import Lever
from tools.optimize.levers import LEVERS
from tools.optimize.portfolio import Portfolio, combine, valued
from tools.registry import ToolContext, tool
from tools.semantic.numbers import plain

TOOL = "find_savings"


class SavingsRequest(BaseModel):
    """Which savings to look for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lever: str | None = Field(default=None, description="only this lever, such as batch; none: all of them")
    owner: str | None = Field(default=None, description="only what this team owns")
    provider: str | None = Field(default=None, description="only what this provider bills")
    period: Period | None = Field(default=None, description="the evidence's; none: the last full month")
    limit: int = Field(default=10, ge=1, le=500, description="how many recommendations, the best first")
    by: str | None = Field(default=None, description="owner or lever: sums instead of single recommendations")
    show_all: bool = Field(default=False, description="also alternatives, and those dismissed, accepted or done")


@dataclass(frozen=True)
class Found:
    """All that the levers found in a ledger, and what kept some of them from judging."""

    ledger: Ledger
    portfolio: Portfolio
    set_aside: tuple[Recommendation, ...]
    """Those that a person has decided on already."""
    missing: Mapping[str, str]
    """Levers that can't judge → what they need."""

    @property
    def everything(self) -> tuple[Recommendation, ...]:
        """Taken, alternative or decided on."""
        taken = tuple(one.recommendation for one in self.portfolio.taken)
        return (*taken, *self.portfolio.alternatives, *self.set_aside)


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
    rows = _rows(found, request)
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
    if request.by:
        return _summed(rows, request, found, evidence)
    return _listed(rows, request, found, evidence)


def savings(ctx: ToolContext, period: Period | None = None, lever: str | None = None) -> Found:
    """Run the levers: usage first, then rates on the usage that is left. Raises NoData without charges."""
    ledger = read_ledger(ctx, period)
    wanted = [one for one in LEVERS if lever in (None, one.name)]
    missing: dict[str, str] = {}
    usage = _find(ctx, ledger, [one for one in wanted if one.phase == "usage"], missing)
    decided = [one for one in usage if one.status != "open"]
    portfolio = combine(ledger, [one for one in usage if one.status == "open"])
    left = ledger.after([edit for one in portfolio.taken for edit in one.recommendation.edits])
    rates = _find(ctx, left, [one for one in wanted if one.phase == "rate"], missing)
    decided += [one for one in rates if one.status != "open"]
    if any(one.status == "open" for one in rates):
        portfolio = portfolio.then(combine(left, [one for one in rates if one.status == "open"], portfolio.taken))
    return Found(ledger, portfolio, tuple(decided), missing)


def recommendation_named(ctx: ToolContext, key: str) -> Recommendation:
    """The recommendation of an id, as it is found now. Raises UnknownName when no lever finds it, NoData."""
    everything = savings(ctx).everything
    found = next((one for one in everything if one.id == key), None)
    if found is None:
        raise UnknownName("recommendation", key, [one.id for one in everything])
    return found


def _find(ctx: ToolContext, ledger: Ledger, levers: Sequence[Lever], missing: dict[str, str]) -> list[Recommendation]:
    found: list[Recommendation] = []
    for lever in levers:
        preflight = lever.preflight(ctx, ledger)
        if preflight.missing is not None:
            missing[lever.label] = preflight.missing
        else:
            found += lever.find(ctx, ledger)
    decisions = ctx.recommendation_status
    return [one.model_copy(update={"status": decisions.get(one.id, "open")}) for one in valued(ledger, found)]


def _checked(request: SavingsRequest) -> None:
    names = sorted(one.name for one in LEVERS)
    if request.lever is not None and request.lever not in names:
        raise UnknownName("lever", request.lever, names)
    if request.by not in (None, "owner", "lever"):
        raise UnknownName("by", str(request.by), ["owner", "lever"])


@dataclass(frozen=True)
class _Row:
    """A recommendation as shown: its saving here is what it adds, None for what is no part of the portfolio."""

    of: Recommendation
    saving: Decimal | None
    status: str


def _rows(found: Found, request: SavingsRequest) -> list[_Row]:
    rows = [_Row(one.recommendation, one.marginal, "open") for one in found.portfolio.taken]
    freed = [one for one in found.portfolio.alternatives if one.cash != "cash"]
    others = [one for one in found.portfolio.alternatives if one.cash == "cash"]
    rows += [_Row(one, None, f"frees {one.cash}") for one in freed]
    if request.show_all:
        rows += [_Row(one, None, "alternative") for one in others]
        rows += [_Row(one, None, one.status) for one in found.set_aside]
    return [row for row in rows if _is_wanted(row.of, request)]


def _is_wanted(one: Recommendation, request: SavingsRequest) -> bool:
    def same(wanted: str | None, has: str | None) -> bool:
        return wanted is None or (has or "").lower() == wanted.lower()

    return same(request.owner, one.owner) and same(request.provider, one.provider)


def _listed(rows: Sequence[_Row], request: SavingsRequest, found: Found, evidence: Evidence) -> ToolResult:
    currency = found.ledger.currency
    columns = (
        name("Recommendation", "recommendation", "recommendations"),
        Column(name="Owner", kind="detail", label="owner"),
        amount("MonthlySaving", "saving a month", currency),
        amount("AloneSaving", "by itself", currency),
        amount("LowSaving", "low", currency),
        amount("HighSaving", "high", currency),
        amount("Confidence", "confidence", "ratio"),
        *(Column(name=key, kind="detail", label=label) for key, label in _DETAILS.items()),
    )
    shown = tuple(_cells(row) for row in rows[: request.limit])
    totals: dict[str, Decimal | None] = {
        "MonthlySaving": plain(sum((row.saving or Decimal(0) for row in rows), Decimal(0)))
    }
    return ToolResult(tool=TOOL, columns=columns, rows=shown, totals=totals, evidence=evidence)


_DETAILS = {
    "Lever": "lever",
    "Effort": "effort",
    "Risk": "risk",
    "Cash": "saves",
    "Status": "status",
    "Evidence": "evidence",
    "Steps": "steps",
    "ProvedWrongBy": "proved wrong by",
    "Id": "id",
}


def _cells(row: _Row) -> tuple[Cell, ...]:
    one = row.of
    return (
        one.description,
        one.owner,
        None if row.saving is None else plain(row.saving),
        plain(one.saving),
        None if one.low is None else plain(one.low),
        None if one.high is None else plain(one.high),
        plain(one.confidence),
        one.lever,
        one.effort,
        one.risk,
        one.cash,
        row.status,
        "; ".join(one.evidence),
        "; ".join(one.steps),
        one.proved_wrong_by,
        one.id,
    )


def _summed(rows: Sequence[_Row], request: SavingsRequest, found: Found, evidence: Evidence) -> ToolResult:
    """Sums of what the portfolio saves by owner or lever, most first."""
    sums: dict[str | None, tuple[Decimal, int]] = {}
    for row in rows:
        key = row.of.owner if request.by == "owner" else row.of.lever
        had = sums.get(key, (Decimal(0), 0))
        sums[key] = (had[0] + (row.saving or Decimal(0)), had[1] + 1)
    ordered = sorted(sums.items(), key=lambda item: (-item[1][0], item[0] or ""))
    key, plural = ("Owner", "owners") if request.by == "owner" else ("Lever", "levers")
    columns = (
        name(key, key.lower(), plural),
        amount("MonthlySaving", "saving a month", found.ledger.currency),
        amount("Recommendations", "recommendations"),
    )
    shown = tuple((key, plain(saving), Decimal(count)) for key, (saving, count) in ordered[: request.limit])
    total = sum((saving for saving, _ in sums.values()), Decimal(0))
    evidence = evidence.model_copy(update={"row_count": len(ordered)})
    return ToolResult(tool=TOOL, columns=columns, rows=shown, totals={"MonthlySaving": plain(total)}, evidence=evidence)


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
