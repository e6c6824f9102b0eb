"""What is loaded: providers, sources, months, unpriced usage, rows kept out, and departures from FOCUS."""

from collections.abc import Sequence

from sqlglot import exp

from tools.domain.errors import BadRequest, NoData
from tools.domain.records import RECORD_DAY
from tools.domain.result import Column
from tools.inform.listing import Listing, amount, name
from tools.registry import ToolContext
from tools.semantic.columns import Columns
from tools.semantic.model import load_model
from tools.semantic.parameters import Parameters

SPAN = (name("From", "first day"), name("Through", "last day"))
CURRENCY = name("BillingCurrency", "billing currency")
ROWS = amount("Rows", "number of charges", "rows")
ROW_COUNT = amount("Rows", "number of rows", "rows")
COST = amount("EffectiveCost", "effective cost")


def overview(ctx: ToolContext) -> Listing:
    """Providers, with their first and last day, rows and effective cost."""
    provider = load_model().dimensions["HostProviderName"]
    return _counted(ctx, [name(provider.name, provider.label, provider.plural), CURRENCY])


def sources(ctx: ToolContext) -> Listing:
    """Sources, with dataset and cost basis."""
    keys = [name("x_Source", "source", "sources"), name("x_Dataset", "dataset"), name("x_CostBasis", "cost basis")]
    return _counted(ctx, [*keys, CURRENCY], counting_only=False)


def periods(ctx: ToolContext) -> Listing:
    """Months that are loaded."""
    return _counted(ctx, [Column(name="Month", kind="time", label="month"), CURRENCY])


def unpriced(ctx: ToolContext) -> Listing:
    """Usage whose price is unknown, by model."""
    empty = "all usage that is loaded has a price"
    if not {"x_PriceSource", "ConsumedQuantity", "ConsumedUnit"} <= ctx.store.columns:
        return Listing((), (), empty=empty)
    builder = _Builder(ctx)
    keys = [one for one in ("x_Model", "ConsumedUnit") if one in ctx.store.columns]
    query = builder.grouped(keys, [exp.Sum(this=exp.column("ConsumedQuantity"))])
    query = query.where(exp.column("x_PriceSource").eq(exp.Literal.string("unpriced")))
    columns = [name(one, load_model().dimensions[one].label, load_model().dimensions[one].plural) for one in keys]
    return builder.run(query, (*columns, *SPAN, ROWS, amount("ConsumedQuantity", "consumed quantity")), empty)


def quarantine(ctx: ToolContext) -> Listing:
    """Rows that were kept out, by reason."""
    sql = (
        "SELECT file, reason, COUNT(*) AS rows, SUM(money) AS money, MIN(row) AS example\n"
        "FROM quarantine\nGROUP BY 1, 2\nORDER BY rows DESC, 1, 2"
    )
    columns = (
        name("File", "file", "files"),
        name("Reason", "reason", "reasons"),
        ROW_COUNT,
        amount("Money", "money in them"),
        name("Example", "example"),
    )
    return Listing(columns, ctx.store.query(sql).rows, sql, empty="no row was kept out")


def defects(ctx: ToolContext) -> Listing:
    """Departures from FOCUS that were loaded all the same, by column."""
    if not ctx.store.scope.is_whole:
        raise BadRequest(
            "departures from FOCUS are counted over whole files, and you may see only part of their rows: the counts "
            "would tell of the rest; ask for the overview of your part"
        )
    manifest = getattr(ctx.store, "manifest", None)
    found = [
        (one.column, one.defect, one.rows, one.detail)
        for load in getattr(manifest, "loads", ())
        for one in load.defects
    ]
    columns = (
        name("Column", "column", "columns"),
        name("Defect", "defect", "defects"),
        ROW_COUNT,
        name("Detail", "detail"),
    )
    return Listing(columns, sorted(found, key=lambda one: (-one[2], one[0])), empty="no file departs from FOCUS")


def records(ctx: ToolContext) -> Listing:
    """What is loaded beside the charges, by kind and source."""
    selects = [
        f'SELECT \'{kind}\' AS "Kind", "Source" AS "x_Source", CAST(MIN("{day}") AS DATE) AS "From", '
        f'CAST(MAX("{day}") AS DATE) AS "Through", COUNT(*) AS "Rows" FROM {kind} GROUP BY 2'
        for kind, day in RECORD_DAY.items()
    ]
    if ctx.store.gpu_sources:
        selects.append(
            'SELECT \'GPU samples\', "Source", CAST(MIN("FirstTime") AS DATE), CAST(MAX("LastTime") AS DATE), '
            'CAST(SUM("Samples") AS BIGINT) FROM gpu_hours GROUP BY 2'
        )
    sql = "\nUNION ALL ".join(selects) + "\nORDER BY 1, 2"
    columns = (name("Kind", "kind", "kinds"), name("x_Source", "source", "sources"), *SPAN, ROW_COUNT)
    return Listing(
        columns, ctx.store.query(sql).rows, sql, empty="no budgets, events or metrics are loaded", reason="not_loaded"
    )


def _counted(ctx: ToolContext, keys: Sequence[Column], *, counting_only: bool = True) -> Listing:
    builder = _Builder(ctx)
    names = [one.name for one in keys]
    query = builder.grouped(names, [exp.Sum(this=exp.column("EffectiveCost"))] if builder.has_cost else [])
    if counting_only:
        query = query.where(exp.column("x_CountsForCost"))
    return builder.run(query, (*keys, *SPAN, ROWS, *((COST,) if builder.has_cost else ())), "nothing is loaded yet")


class _Builder:
    """Writes one grouped query over the rollup."""

    def __init__(self, ctx: ToolContext) -> None:
        if ctx.store.loaded_through is None:
            raise NoData("nothing is loaded yet", "not_loaded")
        self._ctx, self._model = ctx, load_model()
        self._columns = Columns(ctx.store, self._model, Parameters())
        self.has_cost = "EffectiveCost" in ctx.store.columns

    def grouped(self, keys: Sequence[str], sums: Sequence[exp.Expr]) -> exp.Select:
        day = exp.column("ChargeDay")
        month = exp.Anonymous(this="DATE_TRUNC", expressions=[exp.Literal.string("month"), day])
        items = [
            exp.cast(month, "DATE") if one == "Month" else self._columns.dimension(self._model.dimension(one))
            for one in keys
        ]
        rows: exp.Expr = exp.Sum(this=exp.column("x_Rows"))
        measures = [exp.Min(this=day.copy()), exp.Max(this=day.copy()), rows, *sums]
        positions = [exp.Literal.number(index + 1) for index in range(len(keys))]
        order = positions if "Month" in keys else [exp.Ordered(this=rows.copy(), desc=True), *positions]
        return exp.select(*items, *measures).from_("daily").group_by(*positions).order_by(*order)

    def run(self, query: exp.Select, columns: tuple[Column, ...], empty: str) -> Listing:
        sql, parameters = self._columns.parameters.write(query)
        return Listing(columns, self._ctx.store.query(sql, parameters).rows, sql, parameters, empty)
