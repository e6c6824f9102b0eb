"""run_sql: ad hoc SQL, for what query_costs can't say."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field
from sqlglot import exp

from tools.domain.errors import BadRequest, MixedCurrencies, NoData
from tools.domain.period import Period
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.sql_columns import columns_of, mentions, money_columns
from tools.inform.sql_guard import check_reading
from tools.inform.sql_text import TABLE, Statement, read_statement
from tools.inform.sql_words import sql_words
from tools.registry import CostReader, SandboxRows, ToolContext, tool
from tools.semantic.numbers import plain

TOOL = "run_sql"
UNREVIEWED = (
    "this comes from unreviewed SQL, written for this one question: read the query before relying on the figures"
)
ALWAYS = ("ChargeDay", "x_Rows", "x_CountsForCost", "x_CountsForUsage")


class SqlRequest(BaseModel):
    """One SELECT over the daily rollup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sql: str = Field(description="one SELECT, or WITH … SELECT, in DuckDB's SQL, over the table daily")


@tool(SqlRequest)
def run_sql(ctx: ToolContext, request: SqlRequest) -> ToolResult:
    """Ad hoc SQL over the daily rollup. The last resort: use query_costs for everything that it can say, as its figures
    are reviewed and these are not.

    The only table is `daily`: one row per ChargeDay (DATE) and combination of the FOCUS and x_ dimensions, with sums
    EffectiveCost, BilledCost, ListCost, ContractedCost, ConsumedQuantity, x_Requests, and x_Rows (charges in it).
    describe_data tells dimensions and values. Add WHERE x_CountsForCost for money and x_CountsForUsage for tokens:
    other rows tell of the same charges on another basis. Amounts in several currencies need BillingCurrency in it.
    One SELECT; WITH, windows, FILTER and QUALIFY are fine. Write dates out: nothing that changes from day to day is
    allowed. Give each column a plain name; order the rows. At most 1,000 rows come back.
    """
    store = ctx.store
    if store.loaded_through is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    statement = read_statement(request.sql)
    known = (*ALWAYS, *sorted(store.rollup_columns))
    with store.sandbox() as sandbox:
        check_reading(sandbox.parse(statement.sql), known, sql_words())
        _check_sense(statement, store)
        try:
            found = sandbox.run(statement.sql)
        except BadRequest as fault:
            raise BadRequest(f"{fault}; {TABLE} has {', '.join(known)}") from None
    columns = columns_of(statement, found, store)
    rows = tuple(tuple(_cell(value, column) for value, column in zip(row, columns, strict=True)) for row in found.rows)
    rows = rows if statement.tree.args.get("order") else tuple(sorted(rows, key=_sort_key))
    caveats = (UNREVIEWED, *_caveats(statement, found, columns, store))
    return _result(ctx, statement, columns, rows, caveats)


def _check_sense(statement: Statement, store: CostReader) -> None:
    """Raises MixedCurrencies for money of several currencies, BadRequest for a figure that comes from no data."""
    currencies = store.values("BillingCurrency")
    if len(currencies) > 1 and money_columns(statement.tree) and not mentions(statement.tree, "BillingCurrency"):
        raise MixedCurrencies(currencies)
    for one in (expression for branch in statement.branches for expression in branch.expressions):
        if any(literal.is_number for literal in one.find_all(exp.Literal)) and one.find(*_FROM_DATA) is None:
            raise BadRequest(
                f"{one.sql('duckdb')[:80]!r} is no figure of the data; select columns and what is made of them"
            )


_FROM_DATA = (exp.Column, exp.Star, exp.Count, exp.Window, exp.Query)


def _caveats(statement: Statement, found: SandboxRows, columns: Sequence[Column], store: CostReader) -> Sequence[str]:
    notes = []
    if not mentions(statement.tree, "x_CountsForCost", "x_CountsForUsage") and _bases_overlap(store):
        notes.append(
            "rows of several cost bases that cover the same days are all in it; x_CountsForCost tells them apart"
        )
    rounded = [c.label for i, c in enumerate(columns) if any(isinstance(row[i], float) for row in found.rows)]
    if rounded:
        notes.append(f"worked out in binary and rounded to fifteen digits: {', '.join(rounded)}")
    if found.is_cut:
        notes.append(f"only the first {len(found.rows):,} rows are given")
    return notes


def _bases_overlap(store: CostReader) -> bool:
    first, last = store.loaded_from, store.loaded_through
    if first is None or last is None:
        return False
    return bool(store.basis_decided(Period(start=first, end=Period.day_of(last).end)))


def _cell(value: str | Decimal | float | None, column: Column) -> Cell:
    if isinstance(value, float):
        value = Decimal(format(value, ".15g"))
    if not isinstance(value, Decimal):
        return value
    return plain(value) if column.kind == "metric" else format(plain(value), "f")


def _sort_key(row: tuple[Cell, ...]) -> tuple[tuple[int, str | Decimal], ...]:
    """Rows that the query leaves in no order come in one that is the same each time."""
    return tuple((2, "") if cell is None else (0, cell) if isinstance(cell, Decimal) else (1, cell) for cell in row)


def _result(
    ctx: ToolContext,
    statement: Statement,
    columns: tuple[Column, ...],
    rows: tuple[tuple[Cell, ...], ...],
    caveats: tuple[str, ...],
) -> ToolResult:
    through: date | None = ctx.store.loaded_through
    evidence = Evidence(
        sql=statement.sql,
        arguments={"sql": statement.sql},
        generation=ctx.store.generation,
        row_count=len(rows),
        loaded_through=through,
        sources=ctx.store.sources,
        caveats=caveats,
    )
    if not rows:
        message = f"the query finds no rows; the store is loaded from {ctx.store.loaded_from} through {through}"
        return ToolResult(tool=TOOL, evidence=evidence, no_data=message, no_data_reason="absent")
    return ToolResult(tool=TOOL, columns=columns, rows=rows, evidence=evidence)
