"""knowledge/gpu_prices.yaml: what GPU machines and TPUs cost by the hour."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

import knowledge
from tools.inform.scenario.gpus import MachineType, machine_type, spelled
from tools.store.basis import canonical


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Fact):
    source: str
    checked: date


class Offer(_Fact):
    """A machine's price by the hour in US dollars; `spot` is None where it is not known."""

    provider: str
    region: str | None
    """None: the same in all regions."""
    instance: str
    card: str
    count: int
    memory_gib: float
    usd_per_hour: Decimal
    of: str
    spot: Decimal | None = None
    spot_high: Decimal | None = None

    @property
    def source(self) -> str:
        return _book().sources[self.of].source


class _Book(_Fact):
    sources: dict[str, Source]
    prices: tuple[Offer, ...]
    tpus: tuple[Offer, ...]


def offers(provider: str | None, region: str | None = None) -> tuple[Offer, ...]:
    """What GPU machines a provider offers, in one region when that is named."""
    return _of(_book().prices, provider, region)


def offers_like(kind: str) -> tuple[Offer, ...]:
    """Every provider's machines with that kind of GPU; a kind of TPU is only ever like itself."""
    return tuple(one for one in all_offers() if one.card == kind)


def all_offers() -> tuple[Offer, ...]:
    """GPU machines, then TPUs."""
    return (*_book().prices, *_book().tpus)


@cache
def accelerator(name: str) -> MachineType | None:
    """What a charge's description says of a machine with GPUs, or of a TPU with its chips; None for other charges."""
    if found := machine_type(name):
        return found
    tpu = next((one for one in _book().tpus if names(name, one.instance)), None)
    return MachineType(tpu.instance, tpu.card, tpu.count) if tpu else None


def offer(provider: str | None, region: str | None, description: str | None) -> Offer | None:
    """The list price of the machine that a charge describes; None for one of a managed service, which has its own."""
    mine = _of(all_offers(), provider, region)
    return next((one for one in mine if names(description, one.instance)), None)


def price_here(found: Offer, region: str | None, present: str | None) -> Fraction | None:
    """A machine's list price in a region: known, or taken from another one by what the present machine differs there.

    None when neither is known.
    """
    if found.region in (None, region):
        return Fraction(found.usd_per_hour)
    here = offer(found.provider, region, present)
    there = offer(found.provider, found.region, present)
    if here is None or there is None:
        return None
    return Fraction(found.usd_per_hour) * Fraction(here.usd_per_hour) / Fraction(there.usd_per_hour)


def names(description: str | None, instance: str) -> bool:
    """Whether a charge's description names an instance type itself: `ml.p5.48xlarge` is not p5.48xlarge."""
    return re.search(rf"(?<![\w.-]){spelled(instance)}(?![\w-])", description or "", re.I) is not None


def _of(known: tuple[Offer, ...], provider: str | None, region: str | None) -> tuple[Offer, ...]:
    named = canonical(provider or "")
    mine = (one for one in known if canonical(one.provider) == named)
    return tuple(one for one in mine if region is None or one.region in (None, region))


@cache
def _book() -> _Book:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _Book.model_validate(yaml.load(knowledge.read("gpu_prices.yaml"), Loader=loader))
