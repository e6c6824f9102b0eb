"""Recommendations as rows: each by itself, or summed by owner or lever."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.recommendation import Recommendation
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.listing import amount, name
from tools.optimize.request import SavingsRequest
from tools.optimize.search import Found
from tools.semantic.numbers import EXACT, plain

TOOL = "find_savings"
WEIGHED = "weighed by confidence"


@dataclass(frozen=True)
class Row:
    """A recommendation as shown: its saving here is what it adds, None for what is no part of the portfolio."""

    of: Recommendation
    saving: Decimal | None
    status: str

    @property
    def weighed(self) -> Decimal | None:
        """The saving times its confidence: what to expect when some of it does not hold."""
        return None if self.saving is None else EXACT.multiply(self.saving, self.of.confidence)


def rows_of(found: Found, request: SavingsRequest) -> list[Row]:
    rows = [Row(one.recommendation, one.marginal, "open") for one in found.portfolio.taken]
    freed = [one for one in found.portfolio.alternatives if one.cash != "cash"]
    others = [one for one in found.portfolio.alternatives if one.cash == "cash"]
    rows += [Row(one, None, f"frees {one.cash}") for one in freed]
    if request.show_all:
        rows += [Row(one, None, "alternative") for one in others]
        rows += [Row(one, None, one.status) for one in found.set_aside]
    return [row for row in rows if _is_wanted(row.of, request)]


def _is_wanted(one: Recommendation, request: SavingsRequest) -> bool:
    def same(wanted: str | None, has: str | None) -> bool:
        return wanted is None or (has or "").lower() == wanted.lower()

    return same(request.owner, one.owner) and same(request.provider, one.provider)


def listed(rows: Sequence[Row], request: SavingsRequest, found: Found, evidence: Evidence) -> ToolResult:
    currency = found.ledger.currency
    columns = (
        name("Recommendation", "recommendation", "recommendations"),
        Column(name="Owner", kind="detail", label="owner"),
        amount("MonthlySaving", "saving a month", currency),
        amount("WeighedSaving", WEIGHED, currency),
        amount("AloneSaving", "by itself", currency),
        amount("LowSaving", "low", currency),
        amount("HighSaving", "high", currency),
        amount("Confidence", "confidence", "ratio"),
        *(Column(name=key, kind="detail", label=label) for key, label in _DETAILS.items()),
    )
    shown = tuple(_cells(row) for row in rows[: request.limit])
    return ToolResult(tool=TOOL, columns=columns, rows=shown, totals=_totals(rows), evidence=evidence)


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


def _cells(row: Row) -> tuple[Cell, ...]:
    one = row.of
    return (
        one.description,
        one.owner,
        plain(row.saving or Decimal(0)),
        plain(row.weighed or Decimal(0)),
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


def summed(rows: Sequence[Row], request: SavingsRequest, found: Found, evidence: Evidence) -> ToolResult:
    """Sums of what the portfolio saves by owner or lever, most first."""
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.of.owner if request.by == "owner" else row.of.lever, []).append(row)
    sums = [(key, _total(of), _total(of, weighed=True), Decimal(len(of))) for key, of in groups.items()]
    sums.sort(key=lambda one: (-one[1], one[0] or ""))
    key, plural = ("Owner", "owners") if request.by == "owner" else ("Lever", "levers")
    currency = found.ledger.currency
    columns = (
        name(key, key.lower(), plural),
        amount("MonthlySaving", "saving a month", currency),
        amount("WeighedSaving", WEIGHED, currency),
        amount("Recommendations", "recommendations"),
    )
    evidence = evidence.model_copy(update={"row_count": len(sums)})
    return ToolResult(
        tool=TOOL, columns=columns, rows=tuple(sums[: request.limit]), totals=_totals(rows), evidence=evidence
    )


def _totals(rows: Sequence[Row]) -> dict[str, Decimal | None]:
    return {"MonthlySaving": _total(rows), "WeighedSaving": _total(rows, weighed=True)}


def _total(rows: Sequence[Row], *, weighed: bool = False) -> Decimal:
    values = [(row.weighed if weighed else row.saving) or Decimal(0) for row in rows]
    return plain(sum(values, Decimal(0)))
