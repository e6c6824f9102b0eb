"""The sums a metric is made of, and the names they have in SQL: `CacheHitRate_denominator_previous`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tools.semantic.metric import Metric, Term, sums_money
from tools.semantic.plan import Plan

Side = Literal["current", "previous"]
Role = Literal["numerator", "denominator"]


@dataclass(frozen=True)
class Part:
    """A numerator or denominator, of one currency when amounts are converted."""

    alias: str
    metric: str
    terms: tuple[Term, ...]
    currency: str | None


@dataclass(frozen=True)
class Parts:
    """All parts of a plan."""

    sides: tuple[Side, ...]
    aliases: tuple[str, ...]


def parts_of(plan: Plan) -> Parts:
    sides: tuple[Side, ...] = ("current",) if plan.span.previous is None else ("current", "previous")
    found = [part.alias for side in sides for metric in plan.metrics for part in metric_parts(plan, metric, side)]
    return Parts(sides, tuple(found))


def metric_parts(plan: Plan, metric: Metric, side: Side) -> Iterator[Part]:
    for role, terms in roles(metric):
        for currency in currencies(plan, terms):
            yield Part(alias_of(metric, role, side, currency), metric.name, terms, currency)


def roles(metric: Metric) -> tuple[tuple[Role, tuple[Term, ...]], ...]:
    numerator: tuple[Role, tuple[Term, ...]] = ("numerator", metric.numerator)
    return (numerator,) if metric.additive else (numerator, ("denominator", metric.denominator))


def currencies(plan: Plan, terms: tuple[Term, ...]) -> tuple[str | None, ...]:
    """The currencies that a sum is kept apart by; (None,) when it need not be."""
    return plan.currencies if plan.rates and sums_money(terms) else (None,)


def alias_of(metric: Metric, role: Role, side: Side, currency: str | None) -> str:
    name = metric.name if metric.additive else f"{metric.name}_{role}"
    return name + ("_previous" if side == "previous" else "") + (f"_{currency}" if currency else "")
