"""What is asked of `allocate`, with everything resolved that its answer depends on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.allocation import NO_RULES, AllocationRules
from tools.domain.closing import Closing
from tools.domain.errors import BadRequest, NoData
from tools.domain.period import Period, shift_months
from tools.domain.query import CostQuery
from tools.domain.scope import Filter
from tools.registry import ToolContext
from tools.semantic.spans import Span, span_of


class AllocateRequest(BaseModel):
    """Who owes what, for which period."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = Field(default="x_Team", description="who pays: x_Team, x_Project, x_UseCase, x_Customer, tag:KEY …")
    period: Period | None = Field(default=None, description="none: the last full month")
    compare_to: Period | Literal["previous"] | None = Field(default="previous", description="none: no comparison")
    payers: tuple[str, ...] = Field(default=(), description="only these rows, such as one team")
    filters: tuple[Filter, ...] = Field(
        default=(), description="only these charges are allocated, such as one provider"
    )
    metric: Literal["EffectiveCost", "BilledCost"] = "EffectiveCost"
    detail: bool = Field(default=False, description="one row per payer, part, rule, provider and service")
    rules: str | None = Field(
        default=None, description="leave out: the digest of the rules that evidence was made with"
    )
    closed_through: date | Literal["none"] | None = Field(
        default=None, description="leave out; 'none': by today's data and rules, even where a month is closed"
    )


@dataclass(frozen=True)
class Resolved:
    """The request as it stands in evidence, and what it is answered with."""

    request: AllocateRequest
    span: Span
    rules: AllocationRules
    closings: tuple[Closing, ...]


def resolve(ctx: ToolContext, request: AllocateRequest) -> Resolved:
    """Period, rules and closed months.

    Raises:
        BadRequest: evidence names rules that are not in force any more.
        NoData: nothing is loaded.
    """
    if ctx.store.loaded_from is None or ctx.store.loaded_through is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    rules = ctx.allocation.rules() if ctx.allocation else NO_RULES
    if request.rules is not None and request.rules != rules.digest:
        raise BadRequest(
            f"the allocation rules have changed: this was made with rules {request.rules}, in force are {rules.digest}"
        )
    closings = _considered(ctx.allocation.closings() if ctx.allocation else (), request.closed_through)
    period = request.period or _last_full_month(ctx.as_of)
    query = CostQuery(period=period, compare_to=_compared(ctx, request, period))
    span = span_of(query, ctx.as_of, ctx.store.loaded_from, ctx.store.loaded_through)
    resolved = request.model_copy(
        update={
            "period": period,
            "compare_to": span.previous,
            "rules": rules.digest,
            "closed_through": closings[-1].month if closings else "none",
        }
    )
    return Resolved(resolved, span, rules, closings)


def _last_full_month(as_of: date) -> Period:
    first = as_of.replace(day=1)
    return Period(start=shift_months(first, -1), end=first)


def _considered(closings: Sequence[Closing], through: date | Literal["none"] | None) -> tuple[Closing, ...]:
    if through == "none":
        return ()
    return tuple(one for one in closings if through is None or one.month <= through)


def _compared(ctx: ToolContext, request: AllocateRequest, period: Period) -> Period | Literal["previous"] | None:
    """No comparison with a period of which nothing is loaded, where none was asked for by name."""
    first = ctx.store.loaded_from
    if request.compare_to == "previous" and first is not None and period.preceding().end <= first:
        return None
    return request.compare_to
