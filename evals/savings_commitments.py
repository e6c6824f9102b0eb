"""Savings of commitment levers recomputed plainly on the demo world: `python -m evals.savings_commitments`.

The other side reads machine-hours with its own query, pays every hour by itself in exact fractions, and tries every
number of machines. It knows the lever's purchases by their description only.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from agent.app import open_store, tool_context
from agent.settings import load_settings
from evals.demo.runner import ensure_home
from evals.demo.truth import TODAY
from evals.machine import write_result
from tools.domain.recommendation import Recommendation
from tools.optimize.commitments.levers import COMMITMENT_LEVERS
from tools.optimize.ledger import Ledger, read_ledger
from tools.optimize.portfolio import valued
from tools.registry import ToolContext

BAR = Fraction(5, 1000)
RATES = {"1 year": Fraction("0.63"), "3 years": Fraction("0.35")}
"""What a committed A2 machine costs of its list price, from the provider's page."""
_SQL = """
SELECT "ChargePeriodStart", "ChargePeriodEnd", "ConsumedQuantity", "CommitmentDiscountQuantity", "EffectiveCost"
FROM charges WHERE "x_CountsForCost" AND "ChargeCategory" = 'Usage' AND "HostProviderName" = ?
AND "ChargeDescription" = ? AND "ChargeDay" >= ? AND "ChargeDay" < ?
AND ("CommitmentDiscountStatus" IS NOT DISTINCT FROM ?)
"""


class Checked(NamedTuple):
    """A recommendation's saving as told, and as recomputed."""

    lever: str
    target: str
    told: Fraction
    brute: Fraction

    @property
    def off(self) -> Fraction:
        return abs(self.told - self.brute) / self.brute if self.brute else abs(self.told)


class Series(NamedTuple):
    """Machines by hour, and what all of them cost."""

    hours: list[Fraction]
    cost: Fraction


def machines(ctx: ToolContext, provider: str, what: str, first: date, end: date, status: str | None = None) -> Series:
    """What ran, or was idle, in each hour."""
    hours = [Fraction(0)] * ((end - first).days * 24)
    cost = Fraction(0)
    origin = datetime(first.year, first.month, first.day)
    for start, stop, consumed, committed, paid in ctx.store.query(_SQL, (provider, what, first, end, status)).rows:
        span = int((stop - start) / timedelta(hours=1))
        begin = int((start - origin) / timedelta(hours=1))
        for hour in range(begin, begin + span):
            hours[hour] += Fraction(consumed if status is None else committed) / span
        cost += Fraction(paid)
    return Series(hours, cost)


def month_saving(series: Series, count: int, rate: Fraction) -> Fraction:
    """What `count` machines at a rate save in these hours."""
    price = series.cost / sum(series.hours)
    covered = sum(min(running, Fraction(count)) for running in series.hours)
    return covered * price - count * rate * len(series.hours)


def best_count(series: Series, rate: Fraction, years: int) -> int:
    """The number of machines with the least expected cost over low, middle and high usage, of all there are."""
    price = float(series.cost / sum(series.hours))
    hours = [float(one) for one in series.hours]
    weeks = [sum(hours[end - 168 : end]) for end in range(len(hours), 167, -168)]
    levels = [_quantile(weeks, part) for part in (0.1, 0.5, 0.9)]
    parts = (0.3, 0.4, 0.3)
    mean = sum(level * part for level, part in zip(levels, parts, strict=True))
    costs = []
    for count in range(int(max(hours) * 3) + 2):
        cost = count * float(rate) * len(hours) * years
        for level, part in zip(levels, parts, strict=True):
            for year in range(1, years + 1):
                factor = max(1 + (level / mean - 1) * sqrt(year), 0.0)
                cost += part * price * sum(max(one * factor - count, 0.0) for one in hours)
        costs.append(cost)
    return costs.index(min(costs))


def _quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def check(ctx: ToolContext, ledger: Ledger) -> Iterator[Checked]:
    """Every recommendation of the commitment levers on the demo world, recomputed."""
    found = [one for lever in COMMITMENT_LEVERS for one in lever.find(ctx, ledger)]
    for one in valued(ledger, found):
        yield Checked(one.lever, one.target, Fraction(one.saving), _brute(ctx, ledger, one))


def _brute(ctx: ToolContext, ledger: Ledger, one: Recommendation) -> Fraction:
    first, end = ledger.period.start, ledger.period.end
    if one.lever == "buy_commitment":
        return _bought(ctx, first, end, one)
    on_demand = machines(ctx, "Nordhaven Compute", "8x H100 SXM node", first, end)
    idle = machines(ctx, "Nordhaven Compute", "Unused reservation", first, end, "Unused")
    movable = sum(min(free, running) for free, running in zip(idle.hours, on_demand.hours, strict=True))
    if one.target == "nh-rsv-0087/move":
        return movable * on_demand.cost / sum(on_demand.hours)
    if one.target == "nh-rsv-0087/rest":
        return idle.cost * (1 - movable / sum(idle.hours))
    return machines(ctx, "AWS", "Unused Compute Savings Plan commitment", first, end, "Unused").cost


def _bought(ctx: ToolContext, first: date, end: date, one: Recommendation) -> Fraction:
    """With the best number of machines of all, which need not be the lever's."""
    provider, term = one.target.split("/")
    base = end - timedelta(days=91)
    years = int(re.findall(r"\d+", term)[0])
    if provider == "Google Cloud":
        what, rate = "A2 high-GPU 1g node", RATES[term] * Fraction("3.6734")
    else:
        what, rate = "8x H100 SXM node", Fraction("16.80")
    count = best_count(machines(ctx, provider, what, base, end), rate, years)
    return month_saving(machines(ctx, provider, what, first, end), count, rate)


def main() -> int:
    settings = load_settings(ensure_home())
    ctx = tool_context(settings, open_store(settings), TODAY)
    checked = list(check(ctx, read_ledger(ctx)))
    worst: dict[str, Fraction] = defaultdict(Fraction)
    for one in checked:
        worst[one.lever] = max(worst[one.lever], one.off)
        figures = f"{float(one.told):,.2f}, recomputed {float(one.brute):,.2f}, off {float(one.off):.4%}"
        print(f"{one.lever} {one.target}: {figures}")
    beyond = sum(one.off > BAR for one in checked)
    print(f"{len(checked)} savings recomputed, {beyond} off by more than {float(BAR):.1%}")
    record = {"savings": len(checked), "beyond": beyond, "bar": float(BAR)}
    write_result("savings_commitments", {**record, "worst": {name: float(off) for name, off in worst.items()}})
    return int(beyond > 0 or not checked)


if __name__ == "__main__":
    sys.exit(main())
