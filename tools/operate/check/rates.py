"""What an hour of a machine, or of one of its GPUs, costs: by what the company pays where it does, else by list price.

Own rates are effective: the middle four fifths of the machine-hours of the last 30 loaded days, so that neither a
stray charge nor a rare bargain makes the range. List prices are on demand, from knowledge/gpu_prices.yaml.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.inform.scenario.gpus import machine_type
from tools.operate.check.instances import gpus_of
from tools.operate.check.planned import Machines
from tools.operate.check.span import Span
from tools.operate.policies.kinds.machine_hours import FoundHours, MachineHours, read_machine_hours
from tools.optimize.gpu.prices import Offer, all_offers, names
from tools.registry import ToolContext
from tools.semantic.numbers import EXACT, QUOTIENT, plain
from tools.store.basis import canonical

DAYS = 30
LEAST, MOST = Decimal("0.1"), Decimal("0.9")
"""Shares of the hours, by price, between which a range lies."""
SPOT = "Dynamic"
NEAR = Decimal("0.15")
"""How far memory on a data sheet and in a name may differ: 22.4 GiB are called 24 GB."""
OFFER_CURRENCY = "USD"
Basis = Literal["own", "list"]


@dataclass(frozen=True)
class Rate:
    """The price of an hour of one machine or, of a share, of one GPU."""

    price: Span
    currency: str
    basis: Basis
    told: str
    """Where it is from, in words."""


@dataclass(frozen=True)
class NoRate:
    """Why there is no price."""

    reason: str


@dataclass(frozen=True)
class _Priced:
    """Hours at a price."""

    hours: Decimal
    price: Decimal
    currency: str


class Rates:
    """Prices of machines. `ctx` is None where there is no store."""

    def __init__(self, ctx: ToolContext | None) -> None:
        self._ctx = ctx

    @cached_property
    def own(self) -> FoundHours | None:
        """Hours of machines of the last days, by provider and region; None where nothing is loaded."""
        ctx, last = self._ctx, self._last_day
        if ctx is None or last is None:
            return None
        days = Period(start=last - timedelta(days=DAYS - 1), end=last + timedelta(days=1))
        by = tuple(name for name in ("HostProviderName", "RegionId") if name in ctx.store.columns)
        try:
            return read_machine_hours(ctx, by, (), days, apart_by_price=True)
        except NoData:
            return None

    @cached_property
    def _last_day(self) -> date | None:
        if self._ctx is None or self._ctx.store.loaded_through is None:
            return None
        return min(self._ctx.store.loaded_through, self._ctx.as_of)

    def of(self, machines: Machines) -> Rate | NoRate:
        """The price of an hour of one of the machines; of alternatives the range over all of them."""
        if machines.is_share:
            return self._of_share(machines)
        if not machines.instances:
            return NoRate(machines.lacks or "which machine it is is not named")
        found = [self._of_instance(one, machines) for one in machines.instances]
        return _together(found)

    def _of_instance(self, instance: str, machines: Machines) -> Rate | NoRate:
        mine = self._rows(machines, lambda row: names(row.name, instance))
        if rate := _spread([_Priced(one.hours, _over(one), one.currency) for one in mine]):
            return Rate(rate[0], rate[1], "own", f"what {instance} cost in the {DAYS} days to {self._last_day}")
        listed = self._listed(instance, machines)
        if isinstance(listed, Rate):
            return listed
        holds = gpus_of(instance)
        if holds is not None and (by_card := self._own_by_card(holds.card, machines)) is not None:
            return Rate(by_card.price.times(holds.gpus), by_card.currency, "own", by_card.told)
        return listed

    def _listed(self, instance: str, machines: Machines) -> Rate | NoRate:
        known = [one for one in all_offers() if one.instance.lower() == instance.lower() and _offered_by(one, machines)]
        if not known:
            what = "" if gpus_of(instance) else ", nor is it a machine with GPUs that is known"
            return NoRate(f"no price of {instance} is known, neither paid nor listed{what}")
        here = [one for one in known if machines.region is None or one.region in (None, machines.region)]
        if not here:
            there = ", ".join(sorted({one.region or "" for one in known}))
            return NoRate(f"no price of {instance} in {machines.region} is known; its list price is in {there}")
        where = machines.region or ", ".join(sorted({one.region or "every region" for one in here}))
        return _list_rate(here, machines, lambda one: Decimal(1), f"{instance} in {where}")

    def _of_share(self, machines: Machines) -> Rate | NoRate:
        """The price of one GPU, by the instance it is in where that is named, else by its card."""
        by_instance = [(one, held) for one in machines.instances if (held := gpus_of(one)) is not None]
        if by_instance:
            whole = [(self._of_instance(one, machines), held.gpus) for one, held in by_instance]
            return _together([_per_gpu(rate, gpus) for rate, gpus in whole])
        if not machines.cards:
            return NoRate(machines.lacks or "which card it is is not named")
        return _together([self._of_card(card, machines) for card in machines.cards])

    def _of_card(self, card: str, machines: Machines) -> Rate | NoRate:
        if (own := self._own_by_card(card, machines)) is not None:
            return own
        fitting = [
            one for one in all_offers() if one.card == card and _offered_by(one, machines) and _fits(one, machines)
        ]
        here = [one for one in fitting if machines.region is None or one.region in (None, machines.region)]
        if not here:
            of = f" of {machines.provider}" if machines.provider else ""
            at = f" in {machines.region}" if machines.region else ""
            return NoRate(f"no price of a {card}{of}{at} is known, neither paid nor listed")
        sellers = sorted({one.provider for one in here})
        told = f"{len(here)} machines with {card} of {', '.join(sellers)}"
        return _list_rate(here, machines, lambda one: Decimal(one.count), told)

    def _own_by_card(self, card: str, machines: Machines) -> Rate | None:
        priced = []
        for row in self._rows(machines, lambda row: (kind := machine_type(row.name)) is not None and kind.kind == card):
            kind = machine_type(row.name)
            assert kind is not None
            hours = EXACT.multiply(row.hours, Decimal(kind.gpus))
            priced.append(_Priced(hours, QUOTIENT.divide(row.cost, hours), row.currency))
        found = _spread(priced)
        if found is None:
            return None
        where = f" of {machines.provider}" if machines.provider else ""
        return Rate(found[0], found[1], "own", f"what {card}-hours{where} cost in the {DAYS} days to {self._last_day}")

    def _rows(self, machines: Machines, fits: Callable[[MachineHours], bool]) -> list[MachineHours]:
        """Own hours of that kind and market at the provider; of the region alone where it has some."""
        if self.own is None or self._ctx is None:
            return []
        by = [name for name in ("HostProviderName", "RegionId") if name in self._ctx.store.columns]
        found = []
        for row in self.own.rows:
            own = dict(zip(by, row.values, strict=True))
            at = machines.provider is None or canonical(own.get("HostProviderName") or "") == canonical(
                machines.provider
            )
            if at and (row.pricing == SPOT) == (machines.market == "spot") and fits(row):
                found.append((own.get("RegionId"), row))
        here = [row for region, row in found if region == machines.region]
        return here or [row for _, row in found]


def _offered_by(one: Offer, machines: Machines) -> bool:
    return machines.provider is None or canonical(one.provider) == canonical(machines.provider)


def _fits(one: Offer, machines: Machines) -> bool:
    """Whether a GPU has the memory that the plan names."""
    wanted = machines.memory_gib
    return wanted is None or abs(Decimal(str(one.memory_gib)) - wanted) <= wanted * NEAR


def _list_rate(offers: Sequence[Offer], machines: Machines, parts: Callable[[Offer], Decimal], told: str) -> Rate:
    """The range of list prices; of spot that of the market, at most on demand where it is not known."""
    spans = []
    for one in offers:
        low = high = one.usd_per_hour
        if machines.market == "spot":
            low, high = one.spot or one.usd_per_hour, one.spot_high or one.usd_per_hour
        spans.append(Span(QUOTIENT.divide(low, parts(one)), QUOTIENT.divide(high, parts(one))))
    if machines.market == "spot":
        known = all(one.spot is not None for one in offers)
        told += ", on the spot market" if known else ", on demand, which spot is below"
    price = Span(min(one.low for one in spans), max(one.high for one in spans))
    return Rate(Span(plain(price.low), plain(price.high)), OFFER_CURRENCY, "list", told)


def _spread(priced: Iterable[_Priced]) -> tuple[Span, str] | None:
    """The prices at LEAST and MOST of the hours, cheapest first, in the currency that most hours are paid in."""
    by_currency: dict[str, list[_Priced]] = {}
    for one in priced:
        by_currency.setdefault(one.currency, []).append(one)
    if not by_currency:
        return None
    currency = max(sorted(by_currency), key=lambda key: sum(one.hours for one in by_currency[key]))
    rows = sorted(by_currency[currency], key=lambda one: one.price)
    whole = sum((one.hours for one in rows), Decimal(0))
    return Span(_price_at(rows, LEAST * whole), _price_at(rows, MOST * whole)), currency


def _price_at(rows: Sequence[_Priced], hours: Decimal) -> Decimal:
    running = Decimal(0)
    for one in rows:
        running += one.hours
        if running >= hours:
            return plain(one.price)
    return plain(rows[-1].price)


def _over(row: MachineHours) -> Decimal:
    return QUOTIENT.divide(row.cost, row.hours)


def _per_gpu(rate: Rate | NoRate, gpus: int) -> Rate | NoRate:
    if isinstance(rate, NoRate):
        return rate
    price = Span(*(plain(QUOTIENT.divide(one, Decimal(gpus))) for one in rate.price))
    return Rate(price, rate.currency, rate.basis, f"{rate.told}, its part of one GPU")


def _together(found: Sequence[Rate | NoRate]) -> Rate | NoRate:
    """The range over alternatives; none where one of them has no price, or they are in several currencies."""
    rates = [one for one in found if isinstance(one, Rate)]
    lacking = next((one for one in found if isinstance(one, NoRate)), None)
    if lacking is not None:
        return lacking
    if len({one.currency for one in rates}) > 1:
        return NoRate(f"its alternatives are priced in {' and '.join(sorted({one.currency for one in rates}))}")
    price = rates[0].price
    for one in rates[1:]:
        price = price.over_all(one.price)
    basis: Basis = "own" if all(one.basis == "own" for one in rates) else "list"
    return Rate(price, rates[0].currency, basis, "; or ".join(dict.fromkeys(one.told for one in rates)))
