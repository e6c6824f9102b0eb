"""llm_usage: tokens, requests and their cost by model. Allow-lists of models, quotas of tokens."""

from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import Cell, ToolResult
from tools.domain.scope import Filter
from tools.inform.spend import query_costs
from tools.operate.policies.kinds.charged import CURRENCY, MOST_GROUPS, filters_of, owner_of, target_of
from tools.operate.policies.resource import Number, Reading, ResourceKind, Row
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext

COST = "EffectiveCost"


def _read(ctx: ToolContext, rule: Rule, period: Period) -> Reading:
    by = rule.by if rule.by is not None else LLM_USAGE.by
    if "x_TokenType" not in ctx.store.columns:
        raise NoData("needs token usage (outlay ingest usage FILE)", "missing_column", column="x_TokenType")
    filters, notes = filters_of(ctx, rule)
    if filters is None:
        return Reading((), notes=tuple(notes))
    asked, money = _asked(rule)
    # A bill may name the model without its token types; its cost is the model's all the same.
    of_models = Filter(dimension="x_Model" if money else "x_TokenType", operator="is_not_null")
    groups = (*by, CURRENCY) if money else by
    query = CostQuery(metrics=asked, group_by=groups, filters=(*filters, of_models), period=period, limit=MOST_GROUPS)
    found = query_costs.run(ctx, query)
    if found.no_data is not None:
        return Reading((), (found.evidence,), (*notes, found.no_data))
    rows = [
        _row(rule, by, cells, found, asked, money) for place, cells in enumerate(found.rows) if place != found.other_row
    ]
    notes += [f"only the {MOST_GROUPS} largest groups are judged"] if found.other_row is not None else []
    return Reading(tuple(rows), (found.evidence,), tuple(notes))


def _asked(rule: Rule) -> tuple[tuple[str, ...], bool]:
    """The metric that is limited, and tokens where none is; money apart, as its rows are split by currency."""
    limited = rule.limit.column if rule.limit else "Tokens"
    return (limited,), limited == COST


def _row(
    rule: Rule, by: tuple[str, ...], cells: tuple[Cell, ...], found: ToolResult, asked: tuple[str, ...], money: bool
) -> Row:
    values = [None if cell is None else str(cell) for cell in cells[: len(by)]]
    numbers = {name: cell if isinstance(cell := cells[found.column_index(name)], Decimal) else None for name in asked}
    currency = str(cells[len(by)]) if money else None
    return Row(target_of(by, values), owner_of(rule, by, values), numbers, currency)


LLM_USAGE = ResourceKind(
    name="llm_usage",
    says="use of language models",
    numbers={
        "Tokens": Number("tokens", "tokens"),
        "Requests": Number("requests", "requests"),
        COST: Number("effective cost", None),
    },
    measure="Tokens",
    texts=("x_Model", "x_ModelDeveloper", "x_Team", "x_UseCase", "x_ServiceTier", "HostProviderName"),
    read=_read,
    by=("x_Model",),
    is_open=True,
    can_group=True,
)
