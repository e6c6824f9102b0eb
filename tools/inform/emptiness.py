"""Why a question found nothing: no data, and data not loaded yet, are different answers."""

from datetime import date

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.registry import ToolContext
from tools.semantic.columns import Columns
from tools.semantic.compile import compile_available
from tools.semantic.dimension import Dimension
from tools.semantic.model import SemanticModel
from tools.semantic.parameters import Parameters
from tools.semantic.plan import Plan


def why_empty(ctx: ToolContext, plan: Plan, model: SemanticModel) -> NoData:
    """The kind of nothing, with the last period that has something as a question."""
    metric, period = plan.metrics[0], plan.span.asked
    what = metric.label + "".join(f" with {dimension.label} {_values(one.values)}" for one, dimension in plan.filters)
    compiled = compile_available(plan, Columns(ctx.store, model, Parameters()))
    first, last = ctx.store.query(compiled.sql, compiled.parameters).rows[0]
    days = f"{period.start} to {period.last_day}"
    through, start = ctx.store.loaded_through, ctx.store.loaded_from
    if through is not None and start is not None and (period.start > through or period.last_day < start):
        message = f"nothing is loaded for {days}; the store is loaded from {start} through {through}"
        reason = "not_loaded"
    else:
        message = f"no {what} in {days}; the store is loaded through {through}"
        reason = "absent"
    if last is None:
        return NoData(message, "not_loaded" if reason == "not_loaded" else "absent")
    first_day, last_day = _day(first), _day(last)
    if reason == "absent":
        message += f"; there is such data from {first_day} to {last_day}"
    question = f"{_subject(plan)} in {Period.month_of(last_day).start:%B %Y}"
    return NoData(message, "not_loaded" if reason == "not_loaded" else "absent", available=(question,))


def _subject(plan: Plan) -> str:
    """The question again, in words that the planner reads: metric, groups and the filters that can be said."""
    words = [plan.metrics[0].label]
    if plan.dimensions:
        words.append("by " + " and ".join(_said(dimension) for dimension in plan.dimensions))
    asked = plan.filters[: len(plan.query.filters)]
    said = [(one, dimension) for one, dimension in asked if one.operator == "in" and len(one.values) == 1]
    words += [f'for {_said(dimension)} "{one.values[0]}"' for one, dimension in said]
    return " ".join(words)


def _said(dimension: Dimension) -> str:
    return dimension.name.replace("tag:", "tag ") if dimension.name.startswith("tag:") else dimension.label


def _values(values: tuple[str, ...]) -> str:
    return " or ".join(repr(value) for value in values) or "set"


def _day(value: date) -> date:
    return value if type(value) is date else date(value.year, value.month, value.day)
