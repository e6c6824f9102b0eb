"""Allocation on the demo world: shares against plain Python over its charges, for every month, and the time it takes.

`python -m evals.benchmarks.allocation [HOME]`; without a home the demo company is built first.
"""

import sys
import tempfile
import time
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from evals.machine import write_result
from tools.demo import ensure_demo
from tools.domain.period import Period, first_of_next_month
from tools.inform.allocation.engine import allocate_period
from tools.inform.allocation.grouping import Source
from tools.inform.allocation.owner_map import OwnerMap
from tools.inform.allocation.read import read_rules
from tools.store import Store

TODAY = date(2026, 11, 23)
SEED = 7
RULES = """
allocate:
  x_Team:
    rules:
      - {name: network, where: [{dimension: x_Project, values: [shared-network]}], split: proportional}
      - {name: observability, where: [{dimension: x_Project, values: [observability]}], split: proportional,
         metric: Tokens}
      - {name: unused, where: [{dimension: CommitmentDiscountStatus, values: [Unused]}], split: weighted,
         weights: {platform: 3, ml-research: 1.7}}
    fallback:
      - {name: tax and support, where: [{dimension: ChargeCategory, values: [Tax, Purchase, Credit]}],
         split: proportional}
      - {name: databases, where: [{dimension: ServiceName, values: [Amazon Relational Database Service]}],
         target: platform}
"""
SQL = (
    'SELECT "x_Team", "x_Project", "CommitmentDiscountStatus", "ChargeCategory", "ServiceName", "EffectiveCost", '
    '"ConsumedUnit", "ConsumedQuantity", "x_CountsForCost", "x_CountsForUsage", "x_TokenType" FROM charges '
    'WHERE "ChargePeriodStart" >= ? AND "ChargePeriodStart" < ?'
)
Sums = dict[tuple[str | None, str | None], Fraction]


def main() -> None:
    """Print each month's figures beside plain Python's, and write evals/results/allocation.json."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch) / "home"
        store = Store(home / "store")
        ensure_demo(store, home / "demo", today=TODAY, seed=SEED)
        rules = Path(scratch) / "allocation.yaml"
        rules.write_text(RULES)
        snapshot = store.snapshot()
        source = Source(snapshot, "x_Team", read_rules(rules).of("x_Team"), OwnerMap())
        months = [_month(source, month) for month in _months(date(2025, 10, 1), date(2026, 11, 1))]
    worst = max(months, key=lambda one: Decimal(one["largest_difference"]))
    slowest = max(months, key=lambda one: float(one["seconds"]))
    print(f"months {len(months)}: remainders not zero {sum(one['remainder'] != '0' for one in months)} (to hold: 0)")
    print(f"largest difference from plain Python {worst['largest_difference']} (below 1e-18 by rounding shares)")
    print(f"slowest month {slowest['seconds']} s")
    write_result("allocation", {"seed": SEED, "months": months})


def _months(first: date, last: date) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append(first_of_next_month(found[-1]))
    return found


def _month(source: Source, month: date) -> dict[str, Any]:
    started = time.perf_counter()
    shares = allocate_period(source, Period.month_of(month)).shares
    seconds = round(time.perf_counter() - started, 3)
    told: Sums = defaultdict(Fraction)
    for share in shares:
        told[share.payer, share.rule] += Fraction(share.cost)
    truth, bill = _truth(source, Period.month_of(month))
    names = {*told, *truth}
    largest = max(
        (abs(told.get(name, Fraction(0)) - truth.get(name, Fraction(0))) for name in names), default=Fraction(0)
    )
    figures = {
        "month": f"{month:%Y-%m}",
        "bill": f"{float(bill):.2f}",
        "remainder": str(sum(told.values()) - bill),
        "shares": len(names),
        "largest_difference": f"{float(largest):.1e}",
        "seconds": seconds,
    }
    print(*(f"{name} {value}" for name, value in figures.items()), sep="  ")
    return figures


def _truth(source: Source, period: Period) -> tuple[Sums, Fraction]:
    """Shares by (payer, rule) in exact fractions, and the bill, from single charges."""
    rows = source.reader.query(SQL, [period.start, period.end]).rows
    pools: dict[str, Fraction] = defaultdict(Fraction)
    sums, tokens, bill = defaultdict(Fraction), defaultdict(Fraction), Fraction(0)
    for team, project, status, category, service, cost, unit, quantity, counts, usage, kind in rows:
        rule = _rule(project, status)
        if usage and team and rule is None and kind is not None and unit == "Tokens" and quantity is not None:
            tokens[team] += Fraction(quantity)
        if not counts or cost is None:
            continue
        bill += Fraction(cost)
        if rule is not None:
            pools[rule] += Fraction(cost)
        elif team is not None:
            sums[team, "its own name"] += Fraction(cost)
        elif category in ("Tax", "Purchase", "Credit"):
            pools["tax and support"] += Fraction(cost)
        elif service == "Amazon Relational Database Service":
            sums["platform", "databases"] += Fraction(cost)
        else:
            sums[None, None] += Fraction(cost)
    direct = {team: cost for (team, rule), cost in sums.items() if rule == "its own name" and cost > 0}
    weights = {
        "network": direct,
        "tax and support": direct,
        "observability": tokens,
        "unused": {"platform": Fraction(3), "ml-research": Fraction(17, 10)},
    }
    for rule, pool in pools.items():
        whole = sum(weights[rule].values())
        for team, weight in weights[rule].items():
            sums[team, rule] += pool * weight / whole
    return {key: value for key, value in sums.items() if value}, bill


def _rule(project: str | None, status: str | None) -> str | None:
    if project in ("shared-network", "observability"):
        return "network" if project == "shared-network" else "observability"
    return "unused" if status == "Unused" else None


if __name__ == "__main__":
    main()
