"""What good work costs: cost per successful outcome, and performance to cost, by model and use case.

success rate = quality score where scores lie in 0–1, weighted by samples;
successful outcomes = requests × success rate;
cost per successful outcome = cost / successful outcomes;
performance to cost = score / cost of one request; for a success rate: successful outcomes per unit of currency.
Requests and cost are of the same usage: what comes without a count of requests is in neither.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.errors import BadRequest, NoData
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.records import QualityScore
from tools.domain.result import Column, ToolResult
from tools.domain.scope import Filter
from tools.inform.economics.costs import MODEL_USAGE, REQUESTS
from tools.inform.economics.table import Table, amount, cell, name
from tools.inform.spend import query_costs
from tools.registry import ToolContext
from tools.semantic.numbers import over, times, total

MODEL, USE_CASE, PROVIDER = "x_Model", "x_UseCase", "HostProviderName"
RANKED = (MODEL, USE_CASE)
Key = tuple[str | None, str | None]
"""Model and use case in lower case; None where the scores name none."""


@dataclass(frozen=True)
class Scored:
    """What one model did in one use case: cost and requests of the period, and how good the answers were."""

    model: str | None
    use_case: str | None
    metric: str
    score: Decimal
    cost: Decimal | None
    requests: Decimal | None


def quality(ctx: ToolContext, filters: Sequence[Filter], period: Period, by: str | None) -> Table:
    """One row per model, use case and metric, or per `by` with the scores weighted by requests; the cheapest success
    first. Raises NoData without scores or without the cost of what was scored."""
    if by not in (None, *RANKED):
        raise BadRequest(f"by={by!r} is not a dimension of quality scores; use one of {', '.join(RANKED)}, or none")
    rows = _scores(ctx, filters, period)
    usage = _Usage(ctx, filters, period)
    every = _scored(rows, usage)
    scored = [one for one in every if one.cost is not None and one.requests]
    if not scored:
        raise NoData("nothing that has a quality score has a cost and a count of requests in the period", "absent")
    has_cases, metrics = any(one.use_case for one in scored), sorted({one.metric for one in scored})
    lead = [one for one in RANKED if by in (None, one) and (has_cases or one == MODEL)]
    groups: dict[tuple[str, ...], list[Scored]] = {}
    for one in scored:
        named = {MODEL: one.model or "", USE_CASE: one.use_case or ""}
        groups.setdefault((*(named[key] for key in reversed(lead)), one.metric), []).append(one)
    shown = sorted(((key, _figures(group)) for key, group in groups.items()), key=lambda one: _order(one, len(lead)))
    table = tuple(
        (*(part or None for part in reversed(key[:-1])), *((key[-1],) if len(metrics) > 1 else ()), *map(cell, figures))
        for key, figures in shown
    )
    columns = _columns(lead, metrics, usage.currency)
    return Table(columns, table, period, (usage.result,), _caveats(rows, every, filters, usage))


def _order(row: tuple[tuple[str, ...], Sequence[Decimal | None]], leads: int) -> tuple[object, ...]:
    """Within a use case, where both are shown: the cheapest success first, then the best performance to cost."""
    key, figures = row
    success, performance = figures[-2], figures[-1]
    return (key[0] if leads > 1 else "", key[-1], success is None, success or 0, -(performance or 0), key)


def _figures(group: Sequence[Scored]) -> tuple[Decimal | None, ...]:
    cost, requests = total(one.cost for one in group), total(one.requests for one in group)
    worth = total(times(one.requests, one.score) for one in group)
    score = over(worth, requests)
    is_rate = all(0 <= one.score <= 1 for one in group)
    successes = worth if is_rate else None
    per_request = over(cost, requests)
    return cost, requests, score, successes, over(cost, successes), over(score, per_request)


def _columns(lead: Sequence[str], metrics: Sequence[str], currency: str) -> tuple[Column, ...]:
    names = {MODEL: name(MODEL, "model", "models"), USE_CASE: name(USE_CASE, "use case", "use cases")}
    label = metrics[0].replace("_", " ") if len(metrics) == 1 else "score"
    return (
        *(names[one] for one in lead), *((name("Metric", "metric"),) if len(metrics) > 1 else ()),
        amount(MODEL_USAGE, "cost", currency), amount(REQUESTS, "requests"), amount("Score", label),
        amount("SuccessfulOutcomes", "successful outcomes"),
        amount("CostPerSuccess", "cost per successful outcome", f"{currency}/outcome"),
        amount("PerformanceToCost", "performance to cost"),
    )  # fmt: skip


def _scores(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> list[QualityScore]:
    every = ctx.store.records("quality")
    if not every:
        raise NoData(
            "no quality score is loaded; load some: outlay ingest quality FILE (date, model, use_case, score, samples)",
            "not_loaded",
        )
    inside = [row for row in every if all(_holds(row, one) for one in filters)]
    if not inside:
        raise NoData("no quality score is loaded for that part of the usage", "absent")
    found = [row for row in inside if period.contains(row.day)]
    if not found:
        first, last = min(row.day for row in inside), max(row.day for row in inside)
        raise NoData(
            f"no quality score is of {period.start} to {period.last_day}; scores are from {first} to {last}", "absent"
        )
    return found


def _holds(row: QualityScore, one: Filter) -> bool:
    """Whether a score is inside a filter; one that does not know the dimension is of all of its values."""
    value = row.slice.get(one.dimension)
    if value is None:
        return one.dimension not in RANKED
    held = value.lower() in {other.lower() for other in one.values}
    return held if one.operator == "in" else not held if one.operator == "not_in" else True


class _Usage:
    """Cost and requests by model and use case; only of the usage whose requests are counted."""

    def __init__(self, ctx: ToolContext, filters: Sequence[Filter], period: Period) -> None:
        known = [one for one in (MODEL, USE_CASE, PROVIDER) if one in ctx.store.columns]
        query = CostQuery(metrics=(MODEL_USAGE, REQUESTS), group_by=tuple(known), filters=tuple(filters), period=period)
        self.result: ToolResult = query_costs_of(ctx, query)
        self.currency = self.result.columns[self.result.column_index(MODEL_USAGE)].unit or ""
        self.uncounted = Decimal(0)
        self._found: dict[Key, tuple[Decimal, Decimal]] = {}
        self._read([known.index(one) if one in known else None for one in RANKED])

    def of(self, key: Key) -> tuple[Decimal | None, Decimal | None]:
        """Cost and requests of a model in a use case; where one of the two is None, of all of its values."""
        inside = [
            value
            for found, value in self._found.items()
            if all(k is None or k == f for k, f in zip(key, found, strict=True))
        ]
        return total(cost for cost, _ in inside), total(requests for _, requests in inside)

    def _read(self, places: Sequence[int | None]) -> None:
        cost_at, requests_at = self.result.column_index(MODEL_USAGE), self.result.column_index(REQUESTS)
        for row in self.result.rows:
            cost, requests = row[cost_at], row[requests_at]
            if not isinstance(cost, Decimal):
                continue
            if not isinstance(requests, Decimal) or not requests:
                self.uncounted += cost
                continue
            model, case = (None if at is None or row[at] is None else str(row[at]).lower() for at in places)
            before = self._found.get((model, case), (Decimal(0), Decimal(0)))
            self._found[model, case] = (before[0] + cost, before[1] + requests)


def query_costs_of(ctx: ToolContext, query: CostQuery) -> ToolResult:
    """Run a query of spend. Raises NoData with its reason when there is nothing."""

    result = query_costs.run(ctx, query)
    if result.no_data is not None:
        raise NoData(result.no_data, result.no_data_reason or "absent", column=result.missing_column)
    return result


def _scored(rows: Iterable[QualityScore], usage: _Usage) -> list[Scored]:
    """Each model, use case and metric with its mean score, weighted by samples where every row says how many."""
    groups: dict[tuple[Key, str], list[QualityScore]] = {}
    for row in rows:
        key = (row.model.lower() if row.model else None, row.use_case.lower() if row.use_case else None)
        groups.setdefault((key, row.metric), []).append(row)
    found = []
    for (key, metric), own in sorted(groups.items(), key=lambda one: str(one[0])):
        weights = [row.samples for row in own]
        known = [weight for weight in weights if weight is not None]
        if len(known) < len(own) or not sum(known):
            known = [Decimal(1)] * len(own)
        worth = total(times(row.score, weight) for row, weight in zip(own, known, strict=True))
        score = over(worth, total(known))
        if score is not None:
            found.append(Scored(own[0].model, own[0].use_case, metric, score, *usage.of(key)))
    return found


def _caveats(
    rows: Sequence[QualityScore], scored: Sequence[Scored], filters: Sequence[Filter], usage: _Usage
) -> tuple[str, ...]:
    caveats = [
        "successful outcomes are requests × score, of the usage whose requests are counted; performance to cost is the "
        "score over the cost of one request"
    ]
    if any(not 0 <= one.score <= 1 for one in scored):
        caveats.append("a score that is no share of 0 to 1 tells no successes; performance to cost still ranks it")
    idle = sorted({" in ".join(filter(None, (one.model, one.use_case))) for one in scored if not one.requests})
    if idle:
        caveats.append(f"scored, but without counted requests in the period: {', '.join(idle)}")
    if any(row.samples is None for row in rows):
        caveats.append("where samples are missing, each score counts alike")
    shared = sorted({one.dimension for one in filters if not any(one.dimension in row.slice for row in rows)})
    if shared:
        caveats.append(f"scores are not loaded by {', '.join(shared)}, so those of all usage stand for this part")
    if usage.uncounted:
        caveats.append(
            f"{usage.uncounted:,.2f} {usage.currency} of cost comes without a count of requests and is left out"
        )
    return tuple(caveats)
