"""From usage and offers to a problem: which offer stands for each family and span, and which savings plan is tried."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tools.optimize.commitments.hourly import Usage
from tools.optimize.commitments.offers import Offer, Payment
from tools.optimize.commitments.outlook import Outlook
from tools.optimize.commitments.problem import SPANS, Family, Floats, Problem, Span, Tier


@dataclass(frozen=True)
class Posed:
    """A problem with what its parts stand for."""

    problem: Problem
    usages: tuple[Usage, ...]
    outlook: Outlook
    offers: tuple[dict[Span, Offer], ...]
    """By family: the offer behind each tier."""
    spots: tuple[Offer | None, ...]
    """By family: what its interruptible part runs on."""
    plan: tuple[Offer, ...] = ()
    """The rows of the savings plan that is tried."""


def pose(
    usages: Sequence[Usage], offers: Sequence[Offer], outlook: Outlook, payment: Payment | None = None
) -> Iterator[Posed]:
    """The problem without a savings plan, and with each one that covers some of the usage for one span."""
    usable = [one for one in offers if _is_usable(one, outlook.years, payment)]
    yield _posed(usages, usable, outlook, ())
    plans: dict[tuple[str, int | None, str | None], list[Offer]] = {}
    for one in usable:
        if one.kind == "savings_plan" and any(_covers(one, usage) for usage in usages):
            plans.setdefault((one.name, one.term_years, one.payment), []).append(one)
    for rows in plans.values():
        yield _posed(usages, usable, outlook, tuple(rows))


def offers_of(usage: Usage, offers: Sequence[Offer]) -> list[Offer]:
    """Those that are for a usage."""
    return [one for one in offers if _covers(one, usage)]


def _covers(offer: Offer, usage: Usage) -> bool:
    kind = usage.kind
    return offer.currency == kind.currency and offer.covers(kind.provider, kind.region, f"{kind.machine} {usage.text}")


def _is_usable(offer: Offer, years: int, payment: Payment | None) -> bool:
    fits = offer.term_years in (None, 1, years)
    return fits and (payment is None or offer.payment in (None, payment))


def _span(offer: Offer, years: int) -> Span:
    if offer.kind == "capacity_block":
        return "day"
    return "term" if offer.term_years == 1 or years == 1 else "horizon"


def _posed(usages: Sequence[Usage], offers: Sequence[Offer], outlook: Outlook, plan: tuple[Offer, ...]) -> Posed:
    families, chosen, spots = [], [], []
    for number, usage in enumerate(usages):
        own = offers_of(usage, offers)
        spot = next((one for one in own if one.kind == "spot" and one.price(usage.list_price) < usage.price), None)
        family, used = _family(usage, own, plan, outlook.demand(number, usage.on_demand), outlook.years, spot)
        families.append(family)
        chosen.append(used)
        spots.append(spot)
    span = _span(plan[0], outlook.years) if plan else None
    problem = Problem(outlook.weights, outlook.groups, tuple(families), span)
    return Posed(problem, tuple(usages), outlook, tuple(chosen), tuple(spots), plan)


def _family(
    usage: Usage, offers: Sequence[Offer], plan: Sequence[Offer], demand: Floats, years: int, spot: Offer | None
) -> tuple[Family, dict[Span, Offer]]:
    listed, price = usage.list_price, float(usage.price)
    best: dict[Span, Offer] = {}
    for one in offers:
        if one.kind in ("reserved", "capacity_block"):
            span = _span(one, years)
            if span not in best or one.price(listed) < best[span].price(listed):
                best[span] = one
    tiers = tuple(
        Tier(span, float(best[span].price(listed)), best[span].whole, best[span].name) for span in SPANS if span in best
    )
    levels = levels_of(demand, spot)
    prices = (price,) if spot is None else (price, float(spot.price(listed)))
    rates = [float(one.price(listed)) for one in plan if _covers(one, usage)]
    rate = min(rates, default=None)
    return Family(usage.kind.machine, levels, prices, tiers, rate if rate and rate < price else None), best


def levels_of(demand: Floats, spot: Offer | None) -> Floats:
    """What can't be interrupted, and all of it; one level without spot."""
    if spot is None:
        return np.asarray(demand[None, :])
    return np.vstack([demand * (1 - float(spot.interruptible)), demand])
