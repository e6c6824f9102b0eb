"""What can be asked for: metrics, dimensions, their values, tag keys."""

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import Column
from tools.inform.listing import Listing, name
from tools.inform.spend import query_costs
from tools.registry import ToolContext
from tools.semantic.columns import Columns
from tools.semantic.filters import known_values, lists_all
from tools.semantic.model import load_model
from tools.semantic.parameters import Parameters

MOST_VALUES = 200


def metrics(ctx: ToolContext) -> Listing:
    """Metrics that the loaded columns allow."""
    model = load_model()
    columns = Columns(ctx.store, model, Parameters())
    rows = [
        (one.name, one.label, one.unit, one.description)
        for one in model.metrics.values()
        if columns.missing(one) is None
    ]
    heads: tuple[Column, ...] = (name("Metric", "metric", "metrics"), name("Label", "called"), name("Unit", "unit"))
    return Listing(
        (*heads, name("Description", "what it is")), rows, empty="nothing is loaded yet", reason="not_loaded"
    )


def dimensions(ctx: ToolContext) -> Listing:
    """Dimensions that the loaded columns have, with some of their values."""
    model = load_model()
    columns = Columns(ctx.store, model, Parameters())
    own = sorted(one for one in ctx.store.columns if one.startswith("x_") and one not in model.dimensions)
    found = [one for one in model.dimensions.values() if columns.stored_in(one)]
    found += [model.dimension(one, ctx.store.columns) for one in own]
    found = [one for one in found if one.name != "x_Requests"]
    rows = [(one.name, one.label, _some(known_values(one, ctx.store))) for one in found]
    heads = (name("Dimension", "dimension", "dimensions"), name("Label", "called"), name("Examples", "examples"))
    return Listing(heads, rows)


def tags(ctx: ToolContext) -> Listing:
    """Tag keys, most frequent first; group by `tag:KEY`."""
    rows = [(key, _some(ctx.store.values(f"tag:{key}"))) for key in ctx.store.tag_keys()]
    heads = (name("TagKey", "tag", "tags"), name("Examples", "examples"))
    return Listing(heads, rows, empty="no loaded charge has a tag")


def values(ctx: ToolContext, wanted: str) -> Listing:
    """The values of a dimension, most costly first. Raises UnknownName, or NoData when no file has its column."""
    model = load_model()
    dimension = model.dimension(wanted, ctx.store.columns)
    if not Columns(ctx.store, model, Parameters()).stored_in(dimension):
        column = dimension.store_column
        raise NoData(
            f"{dimension.label} needs the column {column}, which no loaded file has", "missing_column", column=column
        )
    head = (name(dimension.name, dimension.label, dimension.plural),)
    known = known_values(dimension, ctx.store)
    complete = lists_all(dimension, ctx.store) or dimension.json_column == "Tags"
    if known and complete:
        return Listing(head, [(value,) for value in known])
    return _queried(ctx, dimension.name)


def _queried(ctx: ToolContext, dimension: str) -> Listing:
    """Values that the vocabulary does not list, from the charges themselves."""
    first, last = ctx.store.loaded_from, ctx.store.loaded_through
    if first is None or last is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    whole = Period(start=first, end=Period.day_of(last).end)
    query = CostQuery(metrics=("Rows",), group_by=(dimension,), period=whole, limit=MOST_VALUES)
    result = query_costs.run(ctx, query)
    rows = [row[:1] for index, row in enumerate(result.rows) if index != result.other_row and row[0] is not None]
    return Listing(result.columns[:1], rows, result.evidence.sql, result.evidence.parameters)


def _some(found: tuple[str, ...], most: int = 5) -> str:
    return ", ".join(found[:most]) + (", …" if len(found) > most else "")
