"""The headline and the filters of a result, in words that only code writes."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from agent.answer.allocation_words import TOOL as ALLOCATE
from agent.answer.allocation_words import UNOWNED, allocation_filters, allocation_title, unowned_title
from agent.answer.dates import bucket_text, period_text
from agent.answer.display import escaped, name_text, value_text
from agent.answer.facts import (
    column_word,
    dimensions,
    filters_of,
    is_change,
    is_forecast,
    is_scenario,
    joined,
    metrics,
    noun,
    query_of,
    quotations,
)
from tools.domain.query import CostQuery
from tools.domain.result import Column, ToolResult
from tools.domain.scope import Filter

_WORDS = {
    "HostProviderName": "provider",
    "ServiceProviderName": "service provider",
    "SubAccountName": "sub-account",
    "SubAccountId": "sub-account",
    "x_CostBasis": "cost basis",
}

_DOCUMENTS = {"playbooks": "the playbooks", "company": "your own documents"}
"""Whose documents stand under a folder, which is the beginning of a quotation's file."""

_TOOLS = {
    "budget_status": "Budgets",
    "unit_economics": "Unit economics",
    "find_savings": "What can be saved",
    "health_check": "Health check",
    "propose_remediation": "Proposed, and nothing is changed before a person approves it",
    "list_proposals": "Proposed changes",
    "policy_violations": "Policy violations",
    "realised_savings": "Realised savings",
}

_CHANGES = {
    "change": "change in ",
    "absolute_change": "size of change in ",
    "change_ratio": "relative change in ",
}


@dataclass(frozen=True)
class Part:
    """A stretch of a headline. `bound_to` names what a part with numerals is bound to, as in Figure.column."""

    text: str
    bound_to: str = ""


def headline_parts(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    """`Top 3 models by effective cost, 1–10 October 2026 (month to date)`."""
    query = query_of(result)
    subject = _query_subject(result, query) if query else _subject(result)
    parts = [*subject, *_joined(", ", filter_parts(result))]
    if other := other_slice_parts(result):
        parts += [Part(" compared with "), *_joined(", ", other)[1:]]
    if result.evidence.period:
        like = ", in a month like " if is_scenario(result) else ", "
        parts += [Part(like), Part(period_text(result.evidence.period, as_of), "period")]
    if result.evidence.compare_period:
        parts += [Part(" compared with "), Part(period_text(result.evidence.compare_period), "compare_period")]
    return tuple(parts)


def filter_parts(result: ToolResult) -> tuple[Part, ...]:
    """`only model m-large or m-mid`, `without environment production`; nothing when all rows count."""
    query, parts = query_of(result), _condition_parts(result, "filters")
    if query is None:
        return parts
    if query.cost_basis:
        parts += (Part(f"only cost basis {query.cost_basis.replace('_', ' ')}"),)
    return (*parts, *_threshold(result, query))


def other_slice_parts(result: ToolResult) -> tuple[Part, ...]:
    """The slice that a slice is compared with; nothing when there is none."""
    return _condition_parts(result, "compare_filters")


def _condition_parts(result: ToolResult, argument: str) -> tuple[Part, ...]:
    return tuple(
        Part(_filter_text(result, condition), f"argument:{argument}.{index}")
        for index, condition in enumerate(filters_of(result, argument))
    )


def dimension_word(result: ToolResult, dimension: str) -> str:
    """What people call a dimension: its column's label, or its name in words (`x_UseCase` → `use case`)."""
    column = next((c for c in result.columns if c.name == dimension), None)
    if column:
        return column_word(result, column)
    if dimension.startswith("tag:"):
        return f"tag {_name(dimension.removeprefix('tag:'))}"
    stem = re.sub(r"^x_|(?<=[a-z])(Name|Id)$", "", dimension)
    return _WORDS.get(dimension) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem).lower()


def _query_subject(result: ToolResult, query: CostQuery) -> tuple[Part, ...]:
    labels = joined([metric.label for metric in metrics(result)]) if metrics(result) else noun(result, 2)
    columns = dimensions(result)
    if is_forecast(result):
        groups = [column_word(result, column) for column in columns if column.name in query.group_by]
        return (Part(f"Forecast of {labels}{f' by {joined(groups)}' if groups else ''}"),)
    if not columns:
        return (Part(_upper(labels)),)
    measure = f"{_CHANGES[query.order_by]}{labels}" if query.order_by in _CHANGES else labels
    if query.limit is None or query.order_by == "time" or (query.granularity and query.order_by is None):
        words = joined([column_word(result, c) for c in columns])
        return (Part(f"{_upper(labels)} by {words}"),)
    count = min(query.limit, result.evidence.row_count)
    bound_to = "argument:limit" if count == query.limit else "row_count"
    first = "Top" if query.order == "descending" else "Bottom"
    if count == 1:
        return (Part(f"{first} {noun(result, 1)} by {measure}"),)
    return (Part(f"{first} "), Part(f"{count:,}", bound_to), Part(f" {noun(result, count)} by {measure}"))


def _subject(result: ToolResult) -> tuple[Part, ...]:
    """What a result of another tool is about, from its arguments."""
    if quotations(result):
        return (Part(_quoted_from(result)),)
    if result.tool in _TOOLS:
        return (Part(_TOOLS[result.tool]),)
    if is_change(result):
        *groups, _ = [column_word(result, column) for column in dimensions(result)]
        by = f" by {joined(groups)}" if groups else ""
        return (Part(f"Reasons for the {_what_differs(result)} {metrics(result)[0].label}{by}"),)
    if is_scenario(result):
        return (Part("What if"),)
    if result.tool == "compare_scenarios":
        return (Part("Scenarios compared"),)
    arguments = result.evidence.arguments
    if result.tool == "reconcile":
        return _reconciled(arguments)
    if result.tool == "commitments":
        return _committed(arguments)
    if result.tool == "serving_costs":
        return (Part("Serving of self-hosted models"),)
    if result.tool == "gpu_fleet":
        return (Part(_fleet(arguments)),)
    if result.tool in (ALLOCATE, UNOWNED):
        return _allocated(result)
    if result.tool == "find_anomalies":
        return Part("Anomalies in effective cost"), *_within(arguments)
    if result.tool == "find_runaway_spend":
        return (Part("Running away by the hour"),)
    if result.tool == "explain_anomaly":
        return Part("What makes up anomaly "), Part(_name(str(arguments["anomaly"])), "argument:anomaly")
    about = arguments.get("about")
    if about == "values" and dimensions(result):
        return (Part(f"{_upper(noun(result, 2, first_only=True))} in the data"),)
    if about == "overview":
        return (Part("What is in the data"),)
    if isinstance(arguments.get("sql"), str):
        return (Part("Result of unreviewed SQL"),)
    if isinstance(about, str):
        return (Part(f"{_upper(_name(about))} in the data"),)
    if arguments.get("model"):
        return Part("Prices of "), Part(_name(str(arguments["model"])), "argument:model")
    return (Part("Result"),)


_MEASURES = {
    "activity": "What GPUs do",
    "utilization": "Use of GPUs",
    "memory": "Memory of GPUs",
    "power": "Power of GPUs",
    "cost": "Cost of GPUs and of their hours without work",
}


def _fleet(arguments: dict[str, Any]) -> str:
    """`GPUs and their hours without work`, `Use of GPUs by team`"""
    if arguments["measure"] == "activity" and arguments["states"]:
        if set(arguments["states"]) <= {"idle", "zombie"}:
            return "GPUs and their hours without work"
        return f"GPUs {' or '.join(arguments['states'])}"
    by = arguments["group_by"]
    return _MEASURES[arguments["measure"]] + ("" if by in ("fleet", "gpu") else f" by {by}")


_ACCOUNTS = {"invoice": "the invoice", "provider_usage": "the provider's usage", "estimate": "the gateway's estimate"}


def _reconciled(arguments: dict[str, Any]) -> tuple[Part, ...]:
    """`OpenAI, from the provider's usage to the invoice`"""
    if arguments["reference"] == "invoice_detail":
        return Part(_name(str(arguments["provider"])), "argument:provider"), Part(
            ", invoices as issued and the charges"
        )
    ways = [_ACCOUNTS.get(str(arguments[side]), str(arguments[side])) for side in ("records", "reference")]
    return Part(_name(str(arguments["provider"])), "argument:provider"), Part(f", from {ways[0]} to {ways[1]}")


_COMMITMENTS = {
    "coverage": "What commitments bring",
    "expiring": "When commitments end",
    "plan": "What to commit to, beside the commitments in force",
    "agreements": "Spend agreements and prepaid credits",
}


def _committed(arguments: dict[str, Any]) -> tuple[Part, ...]:
    """`When commitments end, only AWS`"""
    provider = arguments.get("provider")
    only = (Part(", only "), Part(_name(str(provider)), "argument:provider")) if provider else ()
    return Part(_COMMITMENTS[str(arguments["about"])]), *only


def _what_differs(result: ToolResult) -> str:
    return "change in" if result.evidence.arguments.get("compare_filters") is None else "difference in"


def _allocated(result: ToolResult) -> tuple[Part, ...]:
    """`Chargeback by team, only team search, without provider AWS`"""
    payer = escaped(name_text(dimensions(result)[0].label))
    arguments = result.evidence.arguments
    title = unowned_title(arguments) if result.tool == UNOWNED else allocation_title(arguments, payer)
    narrowed = allocation_filters(result.evidence.arguments)
    filters = tuple(Part(f"{_filter_text(result, condition)}", bound_to) for bound_to, condition in narrowed)
    return (Part(title), *_joined(", ", filters))


def _within(arguments: dict[str, Any]) -> tuple[Part, ...]:
    """What the anomalies were narrowed to: `, only AWS`."""
    found = arguments.get("within") or ()
    words = [f"{'only' if one['operator'] == 'in' else 'without'} {' or '.join(one['values'])}" for one in found]
    return (Part(", "), Part(_name(", ".join(words)), "argument:within")) if words else ()


def _quoted_from(result: ToolResult) -> str:
    """Whose documents are quoted; what was asked for is not repeated, as a model may have worded it."""
    folders = {str(row[0]).partition("/")[0] for row in result.rows}
    whose = [words for folder, words in _DOCUMENTS.items() if folder in folders]
    return f"From {joined(whose)}" if whose else "From documents"


def _filter_text(result: ToolResult, condition: Filter) -> str:
    word = dimension_word(result, condition.dimension)
    values = " or ".join(_value(result, condition, value) for value in condition.values)
    match condition.operator:
        case "in":
            return f"only {word} {values}"
        case "not_in":
            return f"without {word} {values}"
        case "contains":
            return f"only {word} containing {values}"
        case "starts_with":
            return f"only {word} starting with {values}"
        case "is_null":
            return f"only charges without {_article(word)}"
        case "is_not_null":
            return f"only charges with {_article(word)}"


def _article(word: str) -> str:
    return f"{'an' if word[:1] in 'aeio' else 'a'} {word}"


def _value(result: ToolResult, condition: Filter, value: str) -> str:
    column: Column | None = next((c for c in result.columns if c.name == condition.dimension), None)
    return escaped(bucket_text(value, None)) if column and column.kind == "time" else _name(value)


def _threshold(result: ToolResult, query: CostQuery) -> tuple[Part, ...]:
    """`only models whose effective cost is at least $1,000.00`."""
    if query.threshold is None or not metrics(result):
        return ()
    metric, threshold = metrics(result)[0], query.threshold
    what = {"metric": metric.label, "share": "share", "change": "change", "change_ratio": "relative change"}
    unit = metric.unit if threshold.column in ("metric", "change") else "ratio"
    bound = "at least" if threshold.operator == "over" else "at most"
    text = f"only {noun(result, 2)} whose {what[threshold.column]} is {bound} {value_text(threshold.value, unit)}"
    return (Part(text, "argument:threshold"),)


def _joined(separator: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(piece for part in parts for piece in (Part(separator), part))


def _name(value: str) -> str:
    return escaped(name_text(value))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
