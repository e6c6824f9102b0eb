"""Commitment plans against every plan there is: `python -m evals.commitment_plan [LEDGERS]`.

The other side shares nothing with the product's solver: it buys every number of units of every offer and every amount
of commitment at which something changes, and pays each hour of each plan by itself, in plain arithmetic.
"""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from evals.machine import write_result
from tools.optimize.commitments.decomposed import decompose
from tools.optimize.commitments.problem import Family, Problem, Span, Tier
from tools.optimize.commitments.solve import solve

BAR, LEDGERS, SEED = 1e-3, 1_000, 20_261_124


@dataclass(frozen=True)
class Hour:
    """One hour of a scenario: its weight, the purchases that cover it, and by family what can't and can wait."""

    weight: float
    groups: dict[Span, int]
    firm: tuple[float, ...]
    spot: tuple[float, ...]


@dataclass(frozen=True)
class Prices:
    """Of one family."""

    demand: float
    spot: float
    offers: dict[Span, float]
    plan: float | None


@dataclass(frozen=True)
class Ledger:
    hours: tuple[Hour, ...]
    prices: tuple[Prices, ...]
    plan: Span | None


def ledger(rng: random.Random) -> Ledger:
    """A small made-up ledger of one of four kinds: with a savings plan, over years, with capacity blocks, with spot."""
    kind = rng.choice(("plan", "years", "blocks", "spot"))
    families = rng.randint(1, 3 if kind == "plan" else 2)
    count = {"plan": 24, "years": 18, "blocks": 12, "spot": 16}[kind]
    top = 4 if families < 3 else 2
    levels = [rng.randint(0, top) for _ in range(families)]
    hours = []
    for number in range(count):
        firm = tuple(float(max(0, min(top, level + rng.randint(-2, 2)))) for level in levels)
        spot = tuple(float(rng.randint(0, 1)) if kind == "spot" else 0.0 for _ in levels)
        groups: dict[Span, int] = {
            "horizon": 0,
            "term": number * 3 // count if kind == "years" else 0,
            "day": number // 4,
        }
        hours.append(Hour(rng.choice((0.5, 1.0, 1.0, 2.0)), groups, firm, spot))
    return Ledger(tuple(hours), tuple(_prices(rng, kind) for _ in levels), None if kind == "blocks" else "term")


def _prices(rng: random.Random, kind: str) -> Prices:
    demand = rng.uniform(1, 20)
    offers: dict[Span, float] = {"term": demand * rng.uniform(0.5, 0.8)}
    if kind == "years":
        offers["horizon"] = offers["term"] * rng.uniform(0.6, 0.95)
    if kind == "blocks":
        offers["day"] = demand * rng.uniform(0.5, 0.9)
    plan = demand * rng.uniform(0.55, 0.9) if rng.random() < 0.8 else None
    return Prices(demand, demand * rng.uniform(0.2, 0.9), offers, plan)


def cheapest(one: Ledger) -> float:
    """The least cost of all plans."""
    return _cheapest(one, one.hours, ("horizon", "term", "day"), (0.0,) * len(one.prices))


def _cheapest(one: Ledger, hours: Sequence[Hour], spans: Sequence[Span], held: tuple[float, ...]) -> float:
    """Of all that can be bought for these hours in these spans, beside the units already held."""
    if not spans:
        return _paid(one, hours, held, 0.0)
    span, later = spans[0], spans[1:]
    total = 0.0
    for number in sorted({hour.groups[span] for hour in hours}):
        mine = [hour for hour in hours if hour.groups[span] == number]
        total += min(_with(one, mine, span, later, held, more) for more in _choices(one, mine, span, held))
    return total


def _with(
    one: Ledger, hours: Sequence[Hour], span: Span, later: Sequence[Span], held: tuple[float, ...], more: Sequence[int]
) -> float:
    paid = sum(hour.weight for hour in hours)
    fee = sum(price.offers.get(span, 0.0) * units * paid for price, units in zip(one.prices, more, strict=True))
    units = tuple(had + new for had, new in zip(held, more, strict=True))
    if one.plan == span:
        return fee + _least_spend(one, hours, units)
    return fee + _cheapest(one, hours, later, units)


def _choices(one: Ledger, hours: Sequence[Hour], span: Span, held: tuple[float, ...]) -> Iterator[tuple[int, ...]]:
    ranges = []
    for family, price in enumerate(one.prices):
        top = max(hour.firm[family] + hour.spot[family] for hour in hours) - held[family]
        ranges.append(range(int(max(top, 0)) + 1) if span in price.offers else range(1))
    return product(*ranges)


def _least_spend(one: Ledger, hours: Sequence[Hour], held: tuple[float, ...]) -> float:
    """With the best commitment to spend: the cost is linear between amounts that just cover some hour's usage."""
    amounts = {0.0}
    for hour in hours:
        running = 0.0
        for _, units, rate in _eligible(one, hour, held):
            running += units * rate
            amounts.add(running)
    return min(_paid(one, hours, held, amount) for amount in amounts)


def _eligible(one: Ledger, hour: Hour, held: tuple[float, ...]) -> list[tuple[float, float, float]]:
    """Usage that a commitment to spend takes, the highest discount first: (price, units, rate)."""
    found = []
    for family, price in enumerate(one.prices):
        firm = max(hour.firm[family] - held[family], 0.0)
        spot = max(hour.firm[family] + hour.spot[family] - max(held[family], hour.firm[family]), 0.0)
        if price.plan is not None:
            found += [(price.demand, firm, price.plan), (price.spot, spot, price.plan)]
    return sorted(found, key=lambda usage: -usage[0] / usage[2])


def _paid(one: Ledger, hours: Sequence[Hour], held: tuple[float, ...], amount: float) -> float:
    total = 0.0
    for hour in hours:
        cost = amount
        for family, price in enumerate(one.prices):
            cost += price.demand * max(hour.firm[family] - held[family], 0.0)
            above = hour.firm[family] + hour.spot[family] - max(held[family], hour.firm[family])
            cost += price.spot * max(above, 0.0)
        left = amount
        if one.plan is not None:
            for price_, units, rate in _eligible(one, hour, held):
                used = min(left, units * rate)
                cost -= used / rate * price_
                left -= used
        total += hour.weight * cost
    return total


def problem(one: Ledger) -> Problem:
    """The same ledger as the product takes it."""
    firm = np.array([hour.firm for hour in one.hours]).T
    spot = np.array([hour.spot for hour in one.hours]).T
    families = []
    for number, price in enumerate(one.prices):
        tiers = tuple(Tier(span, price.offers[span]) for span in ("day", "term", "horizon") if span in price.offers)
        levels = np.vstack([firm[number], firm[number] + spot[number]])
        prices = (price.demand, price.spot)
        if not spot[number].any():
            levels, prices = levels[:1], prices[:1]
        families.append(Family(str(number), levels, prices, tiers, price.plan if one.plan else None))
    groups = {span: np.array([hour.groups[span] for hour in one.hours]) for span in ("day", "term", "horizon")}
    return Problem(np.array([hour.weight for hour in one.hours]), groups, tuple(families), one.plan)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LEDGERS
    rng, worst, over, below, dual = random.Random(SEED), 0.0, 0, 0, []
    started = time.monotonic()
    for _ in range(count):
        one = ledger(rng)
        best, posed = cheapest(one), problem(one)
        found = solve(posed)
        off = (found.cost - best) / best if best else 0.0
        worst, over, below = max(worst, off), over + (off > BAR), below + (found.cost < best - 1e-6)
        if found.bound > best + 1e-6 * best:
            below += 1
        dual.append((decompose(posed).cost - best) / best if best else 0.0)
    print(f"{count} ledgers (seed {SEED}) in {time.monotonic() - started:.0f} s, exhaustive search and plan together")
    print(f"dearer than the exhaustive optimum: at most {worst:.5%} (bar {BAR:.1%}); {over} beyond the bar")
    print(f"cheaper than the exhaustive optimum, or bound above it: {below} (bar 0)")
    share = sum(one <= BAR for one in dual) / count
    print(f"the way of large ledgers on these small ones: {share:.1%} within the bar, at most {max(dual):.3%} off")
    if count == LEDGERS:
        figures = {"seed": SEED, "ledgers": count, "worst": worst, "bar": BAR, "beyond": over, "impossible": below}
        write_result("commitment_plan", {**figures, "decomposed_within": share, "decomposed_worst": max(dual)})
    return int(over > 0 or below > 0)


if __name__ == "__main__":
    sys.exit(main())
