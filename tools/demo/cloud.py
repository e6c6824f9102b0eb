"""Building blocks of a cloud bill: who pays, what is charged, and for how much."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tools.demo.calendar import Calendar, Floats, Ints
from tools.demo.lines import UNITS, Block, day_starts, seconds_of
from tools.demo.metering import Meter
from tools.demo.prices import PriceTable

MILLION = 10**6


@dataclass(frozen=True)
class Account:
    """The names that every line of a bill carries."""

    names: Mapping[str, str | None]


@dataclass(frozen=True)
class Item:
    """What a line is about. `contract` is the negotiated price in hundredths of the list price."""

    service: str
    category: str
    subcategory: str
    description: str
    unit: str
    region: str | None = None
    sub_account: tuple[str, str] | None = None
    resource: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    workload: str | None = None
    contract: int = 100
    more: Mapping[str, str | None] = field(default_factory=dict)

    def tagged(self, **tags: str) -> "Item":
        return replace(self, tags={**self.tags, **tags})

    def text(self, account: Account, charge: str = "Usage", pricing: str | None = "Standard") -> dict[str, str | None]:
        sub_account = self.sub_account or (None, None)
        return {
            **account.names,
            "ChargeCategory": charge,
            "ChargeDescription": self.description,
            "ChargeFrequency": "Usage-Based" if charge == "Usage" else "Recurring",
            "PricingCategory": pricing if charge in ("Usage", "Purchase") else None,
            "PricingUnit": self.unit if charge == "Usage" else None,
            "ConsumedUnit": self.unit if charge == "Usage" else None,
            "ServiceName": self.service,
            "ServiceCategory": self.category,
            "ServiceSubcategory": self.subcategory,
            "RegionId": self.region,
            "RegionName": REGION_NAMES.get(self.region or ""),
            "ResourceId": self.resource,
            "ResourceName": self.resource,
            "SubAccountId": sub_account[0],
            "SubAccountName": sub_account[1],
            "x_Workload": self.workload,
            **self.more,
        }


REGION_NAMES = {
    "us-east-1": "US East (N. Virginia)",
    "us-west-2": "US West (Oregon)",
    "eu-west-1": "Europe (Ireland)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "us-central1": "Iowa",
    "europe-west4": "Netherlands",
    "us-mid-2": "Omaha",
}


def usage(account: Account, item: Item, start: Ints, seconds: int, quantity: Ints, price: Ints | int) -> Block:
    """On-demand lines: `quantity` in millionths of the unit, `price` in 10⁻¹⁰ USD per unit and a multiple of 10⁶."""
    listed = quantity * (np.asarray(price, dtype=np.int64) // MILLION)
    agreed = listed * item.contract // 100
    money = {
        "BilledCost": agreed,
        "EffectiveCost": agreed,
        "ListCost": listed,
        "ContractedCost": agreed,
        "ListUnitPrice": np.broadcast_to(np.asarray(price, dtype=np.int64), quantity.shape).copy(),
    }
    amounts = {"PricingQuantity": quantity, "ConsumedQuantity": quantity}
    block = Block(start, seconds, item.text(account), money, amounts, item.tags)
    return block.where(quantity > 0)


def flat(account: Account, item: Item, charge: str, start: Ints, cost: Ints, **more: str | None) -> Block:
    """Monthly or one-off lines with the same amount in all four costs."""
    money = dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), cost)
    return Block(start, None, {**item.text(account, charge), **more}, money, {}, item.tags)


def month_firsts(calendar: Calendar) -> Ints:
    return np.array([seconds_of(first) for first, _ in calendar.months()], dtype=np.int64)


def dollars(amount: float | Floats) -> Ints:
    """Whole cents, in 10⁻¹⁰ USD."""
    return np.asarray(np.rint(np.asarray(amount) * 100), dtype=np.int64) * (UNITS // 100)


def daily_level(calendar: Calendar, level: float, noise: np.random.Generator, growth: float = 1.25) -> Floats:
    """A slowly growing daily amount with a little noise."""
    days = np.arange(calendar.days)
    return np.asarray(level * growth ** (days / 365.0) * np.exp(0.05 * noise.standard_normal(calendar.days)))


def daily_usage(
    account: Account, item: Item, calendar: Calendar, quantity: Floats, price: int, first: int = 0
) -> Block:
    """One line a day from day `first` on; `quantity` in units, cut to millionths."""
    whole = np.rint(quantity * MILLION).astype(np.int64)
    whole[:first] = 0
    return usage(account, item, day_starts(calendar), 86_400, whole, price)


def token_lines(
    account: Account, item: Item, made: Meter, prices: PriceTable, start: Ints, *, hourly: bool
) -> list[Block]:
    """A metered stream on a cloud bill, a line an hour or day for each kind of token.

    Lines without tags of their own carry none of the stream's owners either.
    """
    stream = made.stream
    blocks = []
    for kind, words in TOKEN_METERS.items():
        tokens = made.tokens[kind].ravel() if hourly else made.daily(kind)
        unit = np.repeat(prices.units(stream.model, kind), 24) if hourly else prices.units(stream.model, kind)
        text = {
            "x_Model": stream.model,
            "x_ModelDeveloper": stream.developer,
            "x_TokenType": kind,
            "SkuMeter": words,
            "ChargeDescription": f"{stream.model} {words.lower()}",
        }
        named = replace(item, more={**item.more, **text}, description=text["ChargeDescription"])
        # A price per token is below the 10⁻⁴ that `usage` works with, so tokens are priced by the million.
        blocks.append(_by_the_million(usage(account, named, start, 3600 if hourly else 86_400, tokens, unit * MILLION)))
    return [block for block in blocks if len(block)]


TOKEN_METERS = {
    "input": "Input Tokens",
    "cached_input": "Cache Read Input Tokens",
    "output": "Output Tokens",
}


def _by_the_million(block: Block) -> Block:
    """Lines whose quantity was given in whole tokens: priced per million, consumed in tokens."""
    tokens = block.quantity["ConsumedQuantity"]
    quantity = {"PricingQuantity": tokens, "ConsumedQuantity": tokens * MILLION}
    text = {**block.text, "PricingUnit": "1M Tokens", "ConsumedUnit": "Tokens"}
    return replace(block, quantity=quantity, text=text)
