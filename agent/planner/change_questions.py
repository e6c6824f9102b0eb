"""Questions for reasons: why a cost moved, what drove it, how much of it is price, why one thing is dearer."""

from typing import Any

from agent.planner.build import query_call
from agent.planner.calls import PlannedCall
from agent.planner.reading import Reading
from tools.domain.query import CostQuery
from tools.domain.scope import Filter

TOOL = "explain_change"
_COSTS = frozenset(["EffectiveCost", "BilledCost", "ContractedCost", "ListCost"])
_ONLY_REASONS = ("reasons", "kinds")
"""The values of words that ask for reasons, or kinds of them such as price and volume, rather than for places."""


def as_query(previous: PlannedCall | None) -> PlannedCall | None:
    """A call that a short question can continue: an explanation as the comparison that it explains."""
    if previous is None or previous.name != TOOL:
        return previous
    arguments = previous.arguments
    query = CostQuery.model_validate(
        {
            "metrics": (arguments.get("metric", "EffectiveCost"),),
            "compare_to": arguments.get("compare_to") or "previous",
        }
        | {name: arguments[name] for name in ("group_by", "filters", "period", "currency") if name in arguments}
    )
    return query_call(query)


def with_reasons(call: PlannedCall, reading: Reading, previous: PlannedCall | None) -> tuple[PlannedCall, ...]:
    """The call with an explanation before it, where reasons are asked for; the call alone otherwise.

    Why a cost moved is answered by its reasons, then by where it moved; how much is price and how much volume by the
    reasons alone. A short question after reasons alone asks for them again.
    """
    if call.name != "query_costs":
        return (call,)
    query = CostQuery.model_validate(call.arguments)
    if _sets_names_against(reading) and _slices(query) is not None:
        query = query.model_copy(update={"compare_to": None, "order_by": None, "order": "descending"})
        call = query_call(query)
    continued = previous is not None and previous.name == TOOL and query.compare_to is not None
    if not (_asks_why(reading) or continued) or not _can_be_explained(query):
        return (call,)
    explained = _explanation(query, with_groups=bool(reading.groups) or (continued and not _asks_why(reading)))
    if explained is None:
        return (call,)
    if _asked_for(reading) == "kinds" or (_asked_for(reading) is None and continued and _by_kind(previous)):
        explained.arguments["by"] = "kind"
    alone = continued or _asked_for(reading) in _ONLY_REASONS or _is_one_line(query)
    return (explained,) if alone else (explained, call)


def _asked_for(reading: Reading) -> str | None:
    """ "why, and how much of it is price": the words that say more."""
    return next((span.value for span in reading.spans if span.kind == "why" and span.value), None)


def _asks_why(reading: Reading) -> bool:
    return reading.has("why") or (reading.has("drivers") and reading.has("change") and not reading.groups)


def _is_one_line(query: CostQuery) -> bool:
    """Whether there is no place left to tell apart: one model or one service."""
    return any(
        one.operator == "in" and len(one.values) == 1 and one.dimension in ("x_Model", "ServiceName")
        for one in query.filters
    ) and query.group_by == ("ServiceName",)


def _sets_names_against(reading: Reading) -> bool:
    """ "dearer than extractor in October": two names against each other, rather than two periods."""
    if not _asks_why(reading) or len(reading.times) > 1:
        return False
    after = [reading.next_said(index) for index, span in enumerate(reading.spans) if span.kind == "baseline"]
    than_a_name = any(at is not None and reading.spans[at].kind in ("names", "fixed") for at in after)
    return than_a_name or (reading.has("compare") and not after)


def _can_be_explained(query: CostQuery) -> bool:
    plain = query.granularity is None and query.threshold is None and query.cost_basis is None
    return plain and len(query.metrics) == 1 and query.metrics[0] in _COSTS


def _by_kind(previous: PlannedCall | None) -> bool:
    return previous is not None and previous.arguments.get("by") == "kind"


def _explanation(query: CostQuery, *, with_groups: bool) -> PlannedCall | None:
    arguments: dict[str, Any] = query.model_dump(mode="json", exclude_defaults=True, include={"period", "currency"})
    if query.metrics[0] != "EffectiveCost":
        arguments["metric"] = query.metrics[0]
    if query.compare_to is None and (slices := _slices(query)) is not None:
        for name, filters in zip(("filters", "compare_filters"), slices, strict=True):
            arguments[name] = [one.model_dump(mode="json") for one in filters]
        return PlannedCall(TOOL, arguments)
    if query.compare_to is None:
        return None
    if query.filters:
        arguments["filters"] = [one.model_dump(mode="json") for one in query.filters]
    if query.compare_to != "previous":
        arguments["compare_to"] = query.model_dump(mode="json")["compare_to"]
    if with_groups and query.group_by:
        arguments["group_by"] = list(query.group_by)
    return PlannedCall(TOOL, arguments)


def _slices(query: CostQuery) -> tuple[tuple[Filter, ...], tuple[Filter, ...]] | None:
    """Two names of one dimension that are set against each other: the first is asked about."""
    for one in query.filters:
        if one.operator == "in" and len(one.values) == 2 and one.dimension in query.group_by:
            rest = tuple(other for other in query.filters if other is not one)
            first, second = (one.model_copy(update={"values": (value,)}) for value in one.values)
            return (*rest, first), (*rest, second)
    return None
