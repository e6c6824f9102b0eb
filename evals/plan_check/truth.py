"""The truth of a generated plan, in plain fractions: units × hours × runs × price, written from the formats' documents.

Nothing of the product is called. Facts (list prices, data sheets) are read from the same files as the product's, by
plain YAML; own rates are those of a bill that this eval writes itself.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import knowledge

KNOWLEDGE = Path(str(knowledge.__file__)).parent
Ends = tuple[Fraction, Fraction]
OPEN = Fraction(730)


def exactly(value: int | str | Fraction) -> Ends:
    return Fraction(value), Fraction(value)


@dataclass(frozen=True)
class Part:
    """Something that takes machines or GPUs. `instance` is priced by the machine, else `card` by the GPU."""

    units: Ends
    """Machines of an instance, or GPUs of a card, at a time."""
    hours: Ends
    runs: Fraction = Fraction(1)
    instances: tuple[str, ...] = ()
    card: str | None = None
    memory: int | None = None
    provider: str | None = None
    region: str | None = None
    spot: bool = False
    sign: int = 1
    """-1 for what the plan takes away."""
    shared: bool = False
    """Of instances: whether units are GPUs in them."""
    resource: int = -1
    """Sides of one change have the same number: what it adds is known only where both have a price."""
    adds: bool = True


@dataclass(frozen=True)
class Truth:
    """`unpriceable`: how many resources nobody can price; `refused`: that the file is no plan as it stands."""

    parts: tuple[Part, ...] = ()
    unpriceable: int = 0
    refused: bool = False
    resources: int | None = None
    """How many resources there are; None: one for each part that is added, and the unpriceable ones."""


@dataclass(frozen=True)
class Plan:
    name: str
    text: str
    truth: Truth
    traps: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


@cache
def offers() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load((KNOWLEDGE / "gpu_prices.yaml").read_text("utf-8"))["prices"])


@cache
def teraflops(card: str) -> Fraction:
    rows = yaml.safe_load((KNOWLEDGE / "gpu_cards.yaml").read_text("utf-8"))
    return Fraction(str(next(row["tflops"] for row in rows if row["card"] == card)))


@dataclass(frozen=True)
class OwnHours:
    """Hours on the bill of the eval's own company."""

    provider: str
    region: str
    description: str
    instance: str | None
    card: str
    gpus: int
    hours: int
    price: str
    """Of an hour of the machine."""


OWN = (
    OwnHours("Neo", "here-1", "8x H100 SXM node", None, "H100", 8, 480, "16"),
    OwnHours("Neo", "here-1", "8x H100 SXM node", None, "H100", 8, 120, "24"),
    OwnHours("AWS", "us-east-1", "p4d.24xlarge on demand", "p4d.24xlarge", "A100", 8, 600, "20"),
    OwnHours("AWS", "us-east-1", "ml.g5.12xlarge endpoint", "ml.g5.12xlarge", "A10G", 4, 300, "7"),
    OwnHours("Google Cloud", "us-central1", "A2 high-GPU 1g node", None, "A100", 1, 210, "3.5"),
)


def price_of(part: Part, *, has_bill: bool) -> Ends | None:
    """Of a unit's hour: own rates first (the hours between a tenth and nine tenths, cheapest first), then list."""
    if not part.instances:
        return _card_price(part, has_bill)
    found = []
    for instance in part.instances:
        one = _instance_price(part, instance, has_bill)
        if one is None:
            return None
        gpus = _gpus_in(instance) if part.shared else 1
        found.append((one[0] / gpus, one[1] / gpus))
    return min(low for low, _ in found), max(high for _, high in found)


def _instance_price(part: Part, instance: str, has_bill: bool) -> Ends | None:
    own = [one for one in OWN if has_bill and one.instance == instance and part.provider in (None, one.provider)]
    if own and not part.spot:
        return _middle([(Fraction(one.hours), Fraction(one.price)) for one in own])
    listed = [
        row for row in offers()
        if row["instance"] == instance.lower() and part.provider in (None, row["provider"])
    ]  # fmt: skip
    here = [row for row in listed if part.region is None or row["region"] in (None, part.region)]
    if here:
        return min(_list(row, part.spot, 0) for row in here), max(_list(row, part.spot, 1) for row in here)
    card = _card_in(instance)
    if not has_bill or part.spot or card is None:
        return None
    mine = [one for one in OWN if one.card == card and part.provider in (None, one.provider)]
    same = [one for one in mine if one.region == part.region] or mine
    if not same:
        return None
    low, high = _middle([(Fraction(o.hours * o.gpus), Fraction(o.price) / o.gpus) for o in same])
    return low * _gpus_in(instance), high * _gpus_in(instance)


def _card_price(part: Part, has_bill: bool) -> Ends | None:
    own = [
        one for one in OWN
        if has_bill and not part.spot and one.card == part.card and part.provider in (None, one.provider)
    ]  # fmt: skip
    own = [one for one in own if one.region == part.region] or own
    if own:
        return _middle([(Fraction(one.hours * one.gpus), Fraction(one.price) / one.gpus) for one in own])
    rows = [row for row in offers() if row["card"] == part.card and part.provider in (None, row["provider"])]
    rows = [row for row in rows if part.region is None or row["region"] in (None, part.region)]
    if part.memory is not None:
        rows = [row for row in rows if abs(row["memory_gib"] - part.memory) <= 0.15 * part.memory]
    if not rows:
        return None
    return (
        min(_list(row, part.spot, 0) / row["count"] for row in rows),
        max(_list(row, part.spot, 1) / row["count"] for row in rows),
    )


def _list(row: dict[str, Any], spot: bool, end: int) -> Fraction:
    key = ("spot", "spot_high")[end] if spot else "usd_per_hour"
    return Fraction(str(row.get(key) or row["usd_per_hour"]))


def _middle(rows: list[tuple[Fraction, Fraction]]) -> Ends:
    """The prices by which a tenth and nine tenths of the hours are reached, cheapest first."""
    whole, ends = sum(hours for hours, _ in rows), []
    for share in (Fraction(1, 10), Fraction(9, 10)):
        running = Fraction(0)
        for hours, price in sorted(rows, key=lambda row: row[1]):
            running += hours
            if running >= share * whole:
                ends.append(price)
                break
    return ends[0], ends[1]


GPUS_IN = {
    "p4d.24xlarge": ("A100", 8), "p5.48xlarge": ("H100", 8), "p3.8xlarge": ("V100", 4), "g5.xlarge": ("A10G", 1),
    "g5.12xlarge": ("A10G", 4), "g6.xlarge": ("L4", 1), "g6e.12xlarge": ("L40S", 4), "g4dn.12xlarge": ("T4", 4),
    "p5.4xlarge": ("H100", 1), "a2-highgpu-1g": ("A100", 1), "a2-highgpu-8g": ("A100", 8), "a3-highgpu-8g": ("H100", 8),
    "standard_nc24ads_a100_v4": ("A100", 1), "standard_nc64as_t4_v3": ("T4", 4), "p5en.48xlarge": ("H200", 8),
    "p4de.24xlarge": ("A100", 8),
}  # fmt: skip
"""By the providers' pages of instance types."""


def _gpus_in(instance: str) -> int:
    return GPUS_IN[instance.lower().removeprefix("ml.")][1]


def _card_in(instance: str) -> str | None:
    found = GPUS_IN.get(instance.lower().removeprefix("ml."))
    return found[0] if found else None


@dataclass(frozen=True)
class Expected:
    """What a check should come to. None: nobody can tell."""

    cost: Ends
    added: Ends
    gpu_hours: Ends
    unpriced: int


def expected(truth: Truth, *, has_bill: bool) -> Expected:
    """Sums over the parts that have a price; the others are counted. What takes nothing costs nothing."""
    prices = [price_of(part, has_bill=has_bill) if part.units[1] else exactly(0) for part in truth.parts]
    doubtful = {part.resource for part, price in zip(truth.parts, prices, strict=True) if price is None}
    cost, gpu_hours, unpriced = [Fraction(0)] * 2, [Fraction(0)] * 2, truth.unpriceable
    changes: dict[int, list[Fraction]] = {}
    for place, (part, price) in enumerate(zip(truth.parts, prices, strict=True)):
        is_known = part.adds and (part.resource < 0 or part.resource not in doubtful)
        unpriced += price is None and part.sign > 0
        for end in (0, 1):
            amount = part.units[end] * part.hours[end] * part.runs
            if part.sign > 0:
                gpu_hours[end] += amount * _gpus_of(part)[end]
                cost[end] += amount * price[end] if price is not None else 0
            if is_known and price is not None:
                own = changes.setdefault(part.resource if part.resource >= 0 else -1 - place, [Fraction(0)] * 2)
                own[end] += part.sign * amount * price[end]
    added = [sum((pick(one) for one in changes.values()), Fraction(0)) for pick in (min, max)]
    return Expected((cost[0], cost[1]), (added[0], added[1]), (gpu_hours[0], gpu_hours[1]), unpriced)


def _gpus_of(part: Part) -> tuple[int, int]:
    """GPUs of one unit; of alternatives the fewest and the most."""
    if part.shared or not part.instances:
        return 1, 1
    counts = [_gpus_in(one) for one in part.instances]
    return min(counts), max(counts)
