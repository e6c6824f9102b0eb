"""Calls in one line, every field of them, so that a table of cases can be read."""

from typing import Any

from agent.planner.calls import PlannedCall
from tools.domain.query import CostQuery
from tools.domain.scope import Filter
from tools.inform.change.request import ChangeRequest


def shorthand(call: PlannedCall) -> str:
    """`EffectiveCost by x_Team where x_Model=m in 2026-10-01..2026-11-01 vs previous …`; control calls by kind."""
    if call.name == "query_costs":
        return _query(CostQuery.model_validate(call.arguments))
    if call.name == "decline":
        return f"decline {call.arguments['kind']}"
    if call.name == "ask_back":
        return "ask: " + " | ".join(call.arguments["options"])
    if call.name == "explain_change":
        return _reasons(ChangeRequest.model_validate(call.arguments))
    return " ".join([call.name, *(f"{name}={value}" for name, value in call.arguments.items())])


def _reasons(request: ChangeRequest) -> str:
    """`why in 2026-10-01..2026-11-01`, `why where x_Project=a against x_Project=b`."""
    parts = ["why"] + ([] if request.metric == "EffectiveCost" else [request.metric])
    parts += ["by kind"] if request.by == "kind" else []
    parts += [f"by {','.join(request.group_by)}"] if request.group_by else []
    parts += [f"where {_filter(one)}" for one in request.filters]
    parts += [f"against {_filter(one)}" for one in request.compare_filters or ()]
    parts += [f"in {_period(request.period)}"] if request.period else []
    return " ".join([*parts, *([f"vs {_period(request.compare_to)}"] if request.compare_to else [])])


def _filter(one: Filter) -> str:
    sign = {"in": "=", "not_in": "!="}.get(one.operator, f" {one.operator} ")
    return f"{one.dimension}{sign}{'|'.join(one.values)}".rstrip()


def _query(query: CostQuery) -> str:
    parts = ["+".join(query.metrics)]
    if query.group_by:
        parts.append("by " + ",".join(query.group_by))
    for filter_ in query.filters:
        parts.append(f"where {_filter(filter_)}")
    if query.period is not None:
        parts.append(f"in {query.period.start}..{query.period.end}")
    if query.compare_to is not None:
        parts.append(f"vs {_period(query.compare_to)}")
    if query.granularity is not None:
        parts.append(f"per {query.granularity}")
    if query.order_by is not None:
        parts.append(f"order {query.order_by}")
    if query.order == "ascending":
        parts.append("ascending")
    if query.limit is not None:
        parts.append(f"limit {query.limit}")
    if query.threshold is not None:
        parts.append(f"{query.threshold.operator} {query.threshold.value} {query.threshold.column}")
    return " ".join([*parts, *(["share"] if query.with_share else []), *([query.currency] if query.currency else [])])


def _period(period: Any) -> str:
    return period if isinstance(period, str) else f"{period.start}..{period.end}"
