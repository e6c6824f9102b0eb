"""plan: the best mix of on demand, reservations, savings plan, capacity blocks and spot for what runs on demand now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import numpy as np

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.recommendation import Edit
from tools.optimize.commitments.bill_offers import bill_offers
from tools.optimize.commitments.dispatch import dispatch
from tools.optimize.commitments.hourly import Hourly, Kind, Usage, read_hourly
from tools.optimize.commitments.offers import Offer, Payment, known_offers
from tools.optimize.commitments.outlook import YEAR_HOURS, outlook
from tools.optimize.commitments.posed import Posed, offers_of, pose
from tools.optimize.commitments.problem import Floats, Problem, Solution, Span
from tools.optimize.commitments.solve import nothing_bought, solve
from tools.registry import ToolContext

BASE_DAYS = 91
"""The last thirteen weeks are taken for what will run."""
MONTH_HOURS = Decimal(YEAR_HOURS) / 12
LEAST = 1e-6


@dataclass(frozen=True)
class Purchase:
    """What to buy now. `units`: machines, or money per hour of a savings plan; of capacity blocks machine-days a month.

    Of spot: machine-hours a month.

    `hourly` is what all of it costs per hour, used or not; `upfront` what of its term is due on the first day.
    """

    offer: Offer
    kind: Kind | None
    units: Decimal
    hourly: Decimal
    upfront: Decimal
    utilization: Decimal
    """Of the first year, expected: used ÷ bought."""
    break_even: Decimal | None
    """The utilisation below which it costs more than on demand: committed rate ÷ on-demand rate (FinOps Foundation:
    1 − discount). None for a savings plan, where it differs by machine."""


@dataclass(frozen=True)
class Plan:
    """A provider's best mix over a number of years. Money is of a month, expected over the scenarios."""

    provider: str
    currency: str
    years: int
    purchases: tuple[Purchase, ...]
    on_demand: Decimal
    """What all of it costs without buying anything."""
    cost: Decimal
    low: Decimal
    """The least saving of all scenarios, which may be a loss; `high` the most."""
    high: Decimal
    gap: Decimal
    """By how much of its cost the plan might be dearer than the best one; proved."""
    certain: bool
    """Whether there is one scenario only, as the weeks are too few for more."""
    posed: Posed
    solution: Solution

    @property
    def saving(self) -> Decimal:
        return self.on_demand - self.cost

    @property
    def fee(self) -> Decimal:
        """Of all purchases, a month."""
        return sum((one.hourly for one in self.purchases), Decimal(0)) * MONTH_HOURS

    @property
    def upfront(self) -> Decimal:
        return sum((one.upfront for one in self.purchases), Decimal(0))


@dataclass(frozen=True)
class Planned:
    """Plans for every provider and number of years for which something is on offer."""

    plans: tuple[Plan, ...]
    hourly: Hourly
    unoffered: tuple[Usage, ...]
    """Machines for which no offer is known."""


def plan_commitments(
    ctx: ToolContext,
    period: Period | None = None,
    years: int | None = None,
    payment: Payment | None = None,
    edits: Sequence[Edit] = (),
) -> Planned:
    """The best plan of each provider, for each term on offer or for `years` only.

    Commitments that are in force stay: what runs on demand beside them is planned for. `edits`: usage savings that are
    taken first. Raises NoData when nothing is charged by the hour.
    """
    base = base_of(ctx, period)
    hourly = read_hourly(ctx, base, edits)
    running = [usage for usage in hourly.usages if usage.on_demand.any() and usage.cost > 0]
    if not running:
        raise NoData(f"no machine was charged by the hour from {base.start} to {base.last_day}", "absent")
    offers = (*bill_offers(hourly.usages, ctx.as_of), *known_offers(ctx.commitment_offers).offers)
    offered = [usage for usage in running if offers_of(usage, offers)]
    plans = []
    for provider, currency in sorted({(one.kind.provider, one.kind.currency) for one in offered}):
        usages = [one for one in offered if (one.kind.provider, one.kind.currency) == (provider, currency)]
        own = [offer for offer in offers if any(offers_of(usage, [offer]) for usage in usages)]
        for term in _terms(own) if years is None else (years,):
            plans.append(_best(usages, own, term, payment))
    rest = tuple(usage for usage in running if usage not in offered)
    return Planned(tuple(sorted(plans, key=lambda one: (-one.saving, one.years))), hourly, rest)


def base_of(ctx: ToolContext, asked: Period | None) -> Period:
    """The period asked for, or the last thirteen weeks that are loaded. Raises NoData for an empty store."""
    first, through = ctx.store.loaded_from, ctx.store.loaded_through
    if first is None or through is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    if asked is not None:
        return asked
    end = min(through, ctx.as_of - timedelta(days=1)) + timedelta(days=1)
    return Period(start=max(first, end - timedelta(days=BASE_DAYS)), end=end)


def _terms(offers: Sequence[Offer]) -> list[int]:
    return sorted({one.term_years for one in offers if one.term_years} or {1})


def _best(usages: Sequence[Usage], offers: Sequence[Offer], years: int, payment: Payment | None) -> Plan:
    seen = outlook([usage.on_demand for usage in usages], years)
    solved = [(posed, solve(posed.problem)) for posed in pose(usages, offers, seen, payment)]
    posed, solution = min(solved, key=lambda one: one[1].cost)
    bound = min(one.bound for _, one in solved)
    return _told(posed, replace(solution, bound=bound), years)


def _told(posed: Posed, solution: Solution, years: int) -> Plan:
    kind = posed.usages[0].kind
    before, after = nothing_bought(posed.problem), solution.cost
    savings = [_saving(posed.problem, solution, mask) for mask in _scenarios(posed)]
    return Plan(
        provider=kind.provider,
        currency=kind.currency,
        years=years,
        purchases=tuple(_purchases(posed, solution)),
        on_demand=money(before / (12 * years)),
        cost=money(after / (12 * years)),
        low=money(min(savings) / (12 * years)),
        high=money(max(savings) / (12 * years)),
        gap=money(solution.gap),
        certain=len(savings) == 1,
        posed=posed,
        solution=solution,
    )


def _scenarios(posed: Posed) -> Iterator[Floats]:
    """Weights of each scenario by itself."""
    numbers = posed.outlook.scenarios
    for number, part in enumerate(posed.outlook.probabilities):
        yield np.where(numbers == number, posed.problem.weights / part, 0.0)


def _saving(problem: Problem, solution: Solution, weights: Floats) -> float:
    alone = replace(problem, weights=weights)
    return nothing_bought(alone) - dispatch(alone, solution.counts).cost(spend_by_cell(alone, solution))


def spend_by_cell(problem: Problem, solution: Solution) -> Floats:
    """The savings plan's commitment per hour in each cell."""
    return np.zeros(problem.cells) if problem.spend is None else solution.spend[problem.groups[problem.spend]]


def _purchases(posed: Posed, solution: Solution) -> Iterator[Purchase]:
    for number, (usage, offers) in enumerate(zip(posed.usages, posed.offers, strict=True)):
        for span, offer in offers.items():
            bought = solution.counts[number][span]
            if span == "day":
                days = float(bought @ posed.problem.hours("day")) / 24 / (12 * posed.outlook.years)
                if days > LEAST:
                    yield _machines(posed, solution, number, span, usage, offer, money(days))
            elif bought[0] > LEAST:
                yield _machines(posed, solution, number, span, usage, offer, money(float(bought[0])))
    if posed.plan and solution.spend[0] > LEAST:
        yield _spend(posed, solution)
    yield from _spots(posed, solution)


def _spots(posed: Posed, solution: Solution) -> Iterator[Purchase]:
    """Machine-hours a month that run on spot."""
    spent = dispatch(posed.problem, solution.counts)
    covered = spent.covered(spend_by_cell(posed.problem, solution))
    rates = np.where(np.isfinite(spent.spend_rates), spent.spend_rates, 1.0)
    hours = (spent.left - covered / rates[:, None]) @ posed.problem.weights / (12 * posed.outlook.years)
    for number, (usage, offer) in enumerate(zip(posed.usages, posed.spots, strict=True)):
        if offer is None:
            continue
        price = float(offer.price(usage.list_price))
        mine = [n for n, owner in enumerate(spent.owners) if owner == number and spent.prices[n] == price]
        units = money(float(hours[mine].sum()))
        if units > LEAST:
            hourly = units * offer.price(usage.list_price) / MONTH_HOURS
            one = Decimal(1)
            yield Purchase(
                offer, usage.kind, units, hourly, Decimal(0), one, offer.price(usage.list_price) / usage.price
            )


def _machines(
    posed: Posed, solution: Solution, number: int, span: Span, usage: Usage, offer: Offer, units: Decimal
) -> Purchase:
    rate = offer.price(usage.list_price)
    hourly = units * rate * (24 / MONTH_HOURS if span == "day" else 1)
    hours = YEAR_HOURS * (offer.term_years or 0)
    part = {"all upfront": Decimal(1), "partial upfront": Decimal("0.5")}.get(offer.payment or "", Decimal(0))
    return Purchase(
        offer=offer,
        kind=usage.kind,
        units=units,
        hourly=hourly,
        upfront=hourly * hours * part,
        utilization=money(_used(posed, solution, number, span)),
        break_even=rate / usage.price if usage.price else None,
    )


def _used(posed: Posed, solution: Solution, number: int, span: Span) -> float:
    """What the units of a span serve of the demand that longer ones leave, over what they could."""
    problem, family = posed.problem, posed.problem.families[number]
    longer: dict[Span, tuple[Span, ...]] = {"day": ("term", "horizon"), "term": ("horizon",), "horizon": ()}
    below = np.zeros(problem.cells)
    for other in longer[span]:
        if other in solution.counts[number]:
            below += solution.counts[number][other][problem.groups[other]]
    own = solution.counts[number][span][problem.groups[span]]
    first = np.ones(problem.cells, dtype=bool) if span != "term" else problem.groups["term"] == 0
    weights = np.where(first, problem.weights, 0.0)
    used = np.clip(family.demand - below, 0.0, own) @ weights
    total = float(own @ weights)
    return float(used) / total if total else 0.0


def _spend(posed: Posed, solution: Solution) -> Purchase:
    offer, amount = posed.plan[0], money(float(solution.spend[0]))
    spent = dispatch(posed.problem, solution.counts)
    spend = spend_by_cell(posed.problem, solution)
    used = float(spent.covered(spend).sum(axis=0) @ posed.problem.weights)
    total = float(spend @ posed.problem.weights)
    part = {"all upfront": Decimal(1), "partial upfront": Decimal("0.5")}.get(offer.payment or "", Decimal(0))
    return Purchase(
        offer=offer,
        kind=None,
        units=amount,
        hourly=amount,
        upfront=amount * YEAR_HOURS * (offer.term_years or 0) * part,
        utilization=money(used / total if total else 0.0),
        break_even=None,
    )


def money(value: float) -> Decimal:
    """A solver's number with six decimals: more would say nothing."""
    return Decimal(repr(round(value, 6)))
