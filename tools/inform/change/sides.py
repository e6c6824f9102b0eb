"""The two sides of a change, resolved against the store: periods, filters, currency, dimensions to tell apart."""

from dataclasses import dataclass

from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.inform.change.request import ChangeRequest
from tools.inform.change.tokens import USE
from tools.registry import ToolContext
from tools.semantic.columns import Columns
from tools.semantic.dimension import Dimension
from tools.semantic.model import load_model
from tools.semantic.parameters import Parameters
from tools.semantic.plan import Plan, make_plan


@dataclass(frozen=True)
class Sides:
    """`now` and `before` are plans of one amount each; their spans hold what is read."""

    request: ChangeRequest
    now: Plan
    before: Plan
    period: Period
    earlier: Period

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        return self.now.dimensions

    @property
    def are_slices(self) -> bool:
        return self.request.compare_filters is not None

    @property
    def uses(self) -> tuple[str, ...]:
        """What makes usage on both sides the same line; two slices have none of it in common."""
        return () if self.are_slices else USE

    @property
    def by_bill(self) -> bool:
        return self.now.time_basis(self.now.metrics[0]) == "billing"

    @property
    def caveats(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.now.caveats, *self.before.caveats)))


def resolve(ctx: ToolContext, request: ChangeRequest) -> Sides:
    """Raises what `make_plan` does: UnknownName, BadRequest, MixedCurrencies, NoData."""
    same_period = request.compare_filters is not None and request.compare_to is None
    query = CostQuery(
        metrics=(request.metric,),
        group_by=request.group_by,
        filters=request.filters,
        period=request.period,
        compare_to=None if same_period else request.compare_to or "previous",
        currency=request.currency,
    )
    now = _plan(ctx, query)
    before = now
    if request.compare_filters is not None:
        before = _plan(ctx, query.model_copy(update={"filters": request.compare_filters}))
    return Sides(request, now, before, now.span.current, now.span.previous or now.span.current)


def _plan(ctx: ToolContext, query: CostQuery) -> Plan:
    model = load_model()
    columns = Columns(ctx.store, model, Parameters())
    return make_plan(query, reader=ctx.store, model=model, columns=columns, as_of=ctx.as_of, rates=ctx.rates)
