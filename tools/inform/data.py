"""describe_data: what is loaded, how fresh it is, what things are called, and what is wrong with it."""

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import BadRequest, NoData
from tools.domain.result import ToolResult
from tools.inform import contents, vocabulary
from tools.inform.listing import Listing, listed
from tools.inform.unread import unread, without_data
from tools.registry import ToolContext, tool

About = Literal[
    "overview",
    "sources",
    "periods",
    "metrics",
    "dimensions",
    "values",
    "tags",
    "unpriced",
    "quarantine",
    "defects",
    "records",
]


class DescribeRequest(BaseModel):
    """What to describe."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: About = "overview"
    dimension: str | None = Field(default=None, description="for about='values': a dimension such as x_Team or tag:env")


@tool(DescribeRequest)
def describe_data(ctx: ToolContext, request: DescribeRequest) -> ToolResult:
    """What the store holds: use it for questions about the data itself, and to learn names before query_costs.

    about:
    overview: providers with first and last day, rows and effective cost. sources: each load's source. periods: months.
    metrics, dimensions: what can be asked for and grouped by, with their words. values: the values of one dimension
    (needs `dimension`), most costly first. tags: tag keys. unpriced: usage whose price is unknown. quarantine: rows
    kept out, with reason and money. defects: where files depart from FOCUS. records: what is loaded beside the charges
    (budgets, events, business metrics, training runs, quality scores, owners).
    For amounts in a period, trends and comparisons use query_costs; for prices use lookup_prices.
    """
    if request.about == "values" and request.dimension is None:
        raise BadRequest("about='values' needs a dimension, such as x_Team, x_Model, ServiceName or tag:environment")
    try:
        listing = _listing(ctx, request)
    except NoData as nothing:
        return without_data("describe_data", nothing, unread(ctx, request))
    return listed(ctx, "describe_data", request, listing)


def _listing(ctx: ToolContext, request: DescribeRequest) -> Listing:
    if request.about == "values":
        return vocabulary.values(ctx, request.dimension or "")
    return _LISTINGS[request.about](ctx)


_LISTINGS: dict[str, Callable[[ToolContext], Listing]] = {
    "overview": contents.overview,
    "sources": contents.sources,
    "periods": contents.periods,
    "metrics": vocabulary.metrics,
    "dimensions": vocabulary.dimensions,
    "tags": vocabulary.tags,
    "unpriced": contents.unpriced,
    "quarantine": contents.quarantine,
    "defects": contents.defects,
    "records": contents.records,
}
