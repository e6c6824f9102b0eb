"""What a result says of itself: its dimensions, metrics, order, filters and noun."""

from pydantic import ValidationError

from tools.domain.query import CostQuery, Granularity
from tools.domain.result import Column, ColumnKind, ToolResult
from tools.domain.scope import Filter

CHANGE_TOOL = "explain_change"
SCENARIO = "simulate"
PLAN_TOOLS = frozenset(
    {
        "budget_status",
        "unit_economics",
        "find_savings",
        "health_check",
        "commitments",
        "policy_violations",
        "realised_savings",
    }
)
"""Tools in whose results nothing known is told in a word."""
FILTERED_TOOLS = PLAN_TOOLS | {CHANGE_TOOL, SCENARIO}
"""Tools besides query_costs whose request has `filters`."""
NAME_KINDS: tuple[ColumnKind, ...] = ("dimension", "time")
TEXT_KINDS: tuple[ColumnKind, ...] = (*NAME_KINDS, "detail")
"""Columns of text, which a table sets to the left."""
FORECAST = "forecast_costs"
"""The tool whose results are told by `expected` and `tested`."""


def dimensions(result: ToolResult) -> tuple[Column, ...]:
    """The columns that name a row."""
    return tuple(column for column in result.columns if column.kind in NAME_KINDS)


def metrics(result: ToolResult) -> tuple[Column, ...]:
    """The columns of kind metric, without their shares and changes."""
    return tuple(column for column in result.columns if column.kind == "metric")


def quotations(result: ToolResult) -> tuple[Column, ...]:
    """The columns that hold passages of documents."""
    return tuple(column for column in result.columns if column.kind == "quotation")


def companion(result: ToolResult, metric: str, kind: ColumnKind) -> Column | None:
    """The share, previous, change or change_ratio column of a metric."""
    return next((c for c in result.columns if c.kind == kind and c.metric == metric), None)


def query_of(result: ToolResult) -> CostQuery | None:
    """The request behind a result of query_costs, or the query that a forecast continues; None for other tools, and
    where it can't be read."""
    if is_forecast(result):
        return _continued(result)
    if result.tool != "query_costs":
        return None
    arguments = result.evidence.arguments
    try:
        return CostQuery.model_validate({key: arguments[key] for key in CostQuery.model_fields if key in arguments})
    except ValidationError:
        return None


def is_change(result: ToolResult) -> bool:
    """Whether it tells the reasons of a change."""
    return result.tool == CHANGE_TOOL and result.no_data is None


def filters_of(result: ToolResult, argument: str = "filters") -> tuple[Filter, ...]:
    """The filters of a request, for the tools that have some."""
    if result.tool in FILTERED_TOOLS:
        return tuple(Filter.model_validate(one) for one in result.evidence.arguments.get(argument) or ())
    query = query_of(result)
    return query.filters if query and argument == "filters" else ()


def is_forecast(result: ToolResult) -> bool:
    return result.tool == FORECAST and result.no_data is None


def _continued(result: ToolResult) -> CostQuery | None:
    arguments = result.evidence.arguments
    same = ("group_by", "filters", "period", "granularity", "currency")
    fields = {key: arguments[key] for key in same if key in arguments}
    try:
        return CostQuery.model_validate(
            {**fields, "metrics": [arguments["metric"]], "order_by": "time", "order": "ascending"}
        )
    except (KeyError, ValidationError):
        return None


def is_scenario(result: ToolResult) -> bool:
    """Whether it tells what would be, in a month like the one of its period."""
    return result.tool == SCENARIO


def is_narrowed(result: ToolResult) -> bool:
    """Whether the request left rows or groups out, other than by its period and limit."""
    query = query_of(result)
    return bool(filters_of(result)) or (query is not None and bool(query.cost_basis or query.threshold))


def granularity_of(result: ToolResult) -> Granularity | None:
    if result.tool == "unit_economics":
        grain: Granularity | None = result.evidence.arguments.get("granularity")
        return grain
    query = query_of(result)
    return query.granularity if query else None


def ordering_metric(result: ToolResult) -> str | None:
    """The metric that orders the rows; None when they go by time or in no stated order."""
    query = query_of(result)
    if query is None or not metrics(result):
        return None
    if query.order_by == "time" or (query.order_by is None and query.granularity is not None):
        return None
    return metrics(result)[0].name


def ordered_by_value(result: ToolResult) -> bool:
    """Whether the first row has the highest (or, ascending, the lowest) value of the ordering metric."""
    query = query_of(result)
    return query is not None and ordering_metric(result) is not None and query.order_by in (None, "metric")


def is_compared(result: ToolResult) -> bool:
    return result.evidence.compare_period is not None


def named_rows(result: ToolResult) -> tuple[int, ...]:
    """The rows' indices without the row that sums up the rest."""
    return tuple(index for index in range(len(result.rows)) if index != result.other_row)


def all_rows_shown(result: ToolResult) -> bool:
    """Whether no group was cut off by a limit, asked for or built in; a forecast's rows are not of one kind."""
    if is_forecast(result):
        return False
    query, names = query_of(result), dimensions(result)
    limit = query.limit if query else None
    if result.other_row is not None or (limit is not None and result.evidence.row_count > limit):
        return False
    index = result.column_index(names[0].name) if names else None
    has_rest = index is not None and any(row[index] == "other" for row in result.rows)
    return not has_rest and result.evidence.row_count <= len(result.rows)


ONE_THING_A_ROW = ("find_anomalies", "find_runaway_spend", "commitments", "policy_violations")
"""Tools whose rows are each one thing, which the first column names and the others describe."""


def noun(result: ToolResult, count: int, *, first_only: bool = False) -> str:
    """What `row_count` counts: `models`, `1 day`, `combinations of team and model`; time buckets only by themselves."""
    columns = dimensions(result)
    columns = tuple(column for column in columns if column.kind == "dimension") or columns
    if not columns:
        return "row" if count == 1 else "rows"
    if len(columns) > 1 and not first_only and result.tool not in ONE_THING_A_ROW:
        labels = joined([column_word(result, column) for column in columns])
        return f"{'combination' if count == 1 else 'combinations'} of {labels}"
    word = column_word(result, columns[0])
    return word if count == 1 else (columns[0].plural or plural(word))


def column_word(result: ToolResult, column: Column) -> str:
    """A dimension's word; a time column goes by its granularity."""
    granularity = granularity_of(result)
    return granularity if column.kind == "time" and granularity else column.label


def plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "o"):
        return word[:-1] + "ies"
    return word if word.endswith("s") else word + "s"


def joined(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
