"""A plan's purchases set beside the hours of one month: what they cost, and what is left on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from tools.optimize.commitments.dispatch import Dispatch, dispatch
from tools.optimize.commitments.hourly import Kind, Usage
from tools.optimize.commitments.plan import Plan
from tools.optimize.commitments.posed import Posed, levels_of
from tools.optimize.commitments.problem import Family, Floats, Problem, Span, one_term
from tools.optimize.commitments.solve import solve

LARGEST = 10**9
"""Parts of hours have no larger denominators."""


@dataclass(frozen=True)
class Month:
    """`fee` is of the month's hours; `left` says which part of each usage's cost is still paid by the hour."""

    fee: Decimal
    left: tuple[tuple[Usage, Fraction], ...]


def spend_of_month(plan: Plan, by_kind: Mapping[Kind, Usage], hours: int) -> Month:
    """What is bought now, in force for all of the month; capacity blocks are bought for the days that are worth it."""
    usages = [by_kind.get(usage.kind, _idle(usage, hours)) for usage in plan.posed.usages]
    weights = np.ones(hours)
    problem = Problem(weights, one_term(weights), _families(plan.posed, usages), plan.posed.problem.spend and "term")
    held = [_held(counts) for counts in plan.solution.counts]
    counts = [_with_blocks(problem, number, one) for number, one in enumerate(held)]
    spend = float(plan.solution.spend[0]) if plan.posed.plan else 0.0
    spent = dispatch(problem, counts)
    covered = _covered_units(spent, np.full(hours, spend))
    left = []
    for number, usage in enumerate(usages):
        segments = [index for index, owner in enumerate(spent.owners) if owner == number]
        units = (spent.left[segments] - covered[segments]).sum(axis=1)
        total = float(usage.on_demand.sum()) * problem.families[number].prices[0]
        left.append((usage, part_of(float(spent.prices[segments] @ units), total)))
    fee = spent.fees + spend * hours
    return Month(Decimal(repr(round(fee, 6))), tuple(left))


def part_of(units: float, total: float) -> Fraction:
    """A solver's part of a whole as the fraction that it is; all of nothing."""
    return Fraction(units / total).limit_denominator(LARGEST) if total else Fraction(1)


def _idle(usage: Usage, hours: int) -> Usage:
    return Usage(usage.kind, usage.text, np.zeros(hours), np.zeros(hours), descriptions=usage.descriptions)


def _families(posed: Posed, usages: list[Usage]) -> tuple[Family, ...]:
    """As in the plan, over the month's hours."""
    return tuple(
        Family(one.name, levels_of(usage.on_demand, spot), one.prices, one.tiers, one.spend_rate)
        for one, usage, spot in zip(posed.problem.families, usages, posed.spots, strict=True)
    )


def _held(counts: Mapping[Span, Floats]) -> dict[Span, Floats]:
    return {span: units[:1] for span, units in counts.items() if span != "day"}


def _with_blocks(problem: Problem, number: int, held: dict[Span, Floats]) -> dict[Span, Floats]:
    family = problem.families[number]
    blocks = tuple(tier for tier in family.tiers if tier.span == "day")
    if not blocks:
        return held
    beyond = np.maximum(family.levels - sum(float(units[0]) for units in held.values()), 0.0)
    alone = Problem(problem.weights, problem.groups, (Family(family.name, beyond, family.prices, blocks),))
    return {**held, "day": solve(alone).counts[0]["day"]}


def _covered_units(spent: Dispatch, spend: Floats) -> Floats:
    rates = np.where(np.isfinite(spent.spend_rates), spent.spend_rates, 1.0)
    return np.asarray(spent.covered(spend) / rates[:, None])
