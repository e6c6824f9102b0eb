"""What can be promised to providers, and at which price: the shipped offers, and a company's own."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

import knowledge
from tools.domain.errors import BadInput
from tools.pricing.exact_yaml import read_exact

Kind = Literal["reserved", "savings_plan", "capacity_block", "spot"]
Payment = Literal["no upfront", "partial upfront", "all upfront"]
FILE = "commitment_offers.yaml"


class Offer(BaseModel):
    """One offer for some machines. Either `rate`, per machine-hour, or `discount`, a fraction of the list price."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    kind: Kind
    name: str
    machines: tuple[str, ...] = Field(min_length=1)
    regions: tuple[str, ...] = ()
    term_years: int | None = Field(default=None, ge=1, le=5)
    payment: Payment | None = None
    rate: Decimal | None = Field(default=None, ge=0)
    discount: Decimal | None = Field(default=None, ge=0, le=1)
    currency: str
    whole: bool = True
    interruptible: Decimal = Field(default=Decimal(0), ge=0, le=1)
    """Of spot: the part of the demand that can be interrupted."""
    source: str
    checked: date

    @model_validator(mode="after")
    def _has_one_price(self) -> "Offer":
        if (self.rate is None) == (self.discount is None):
            raise ValueError("an offer has a rate or a discount, and not both")
        if (self.term_years is None) == (self.kind in ("reserved", "savings_plan")):
            raise ValueError("reserved and savings_plan have term_years (1 to 5), capacity_block and spot have none")
        return self

    def price(self, list_price: Decimal) -> Decimal:
        """Per machine-hour, where the list price is as given."""
        if self.rate is not None:
            return self.rate
        assert self.discount is not None
        return list_price * (1 - self.discount)

    def covers(self, provider: str, region: str | None, text: str) -> bool:
        """Whether a charge of that description is for one of its machines."""
        if provider.lower() != self.provider.lower() or (self.regions and region not in self.regions):
            return False
        return any(names(machine, text) for machine in self.machines)


class ProvisionedOffer(BaseModel):
    """Throughput for models by the hour. An output token uses as much of it as `output_weight` input tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    provider: str
    models: tuple[str, ...] = Field(min_length=1)
    unit: str
    tokens_per_minute: Decimal = Field(gt=0)
    output_weight: Decimal = Field(gt=0)
    minimum: int = Field(ge=1)
    increment: int = Field(ge=1)
    rate: Decimal = Field(gt=0)
    """Per unit and hour."""
    term: str
    currency: str
    source: str
    checked: date


class Offers(BaseModel):
    """A file of offers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offers: tuple[Offer, ...] = ()
    provisioned: tuple[ProvisionedOffer, ...] = ()


def names(machine: str, text: str) -> bool:
    """Whether a machine's name stands in a text by itself: p4d.24xlarge, but not ml.p4d.24xlarge."""
    return re.search(rf"(?<![\w.-]){re.escape(machine)}(?![\w-])", text, re.IGNORECASE) is not None


@cache
def shipped_offers() -> Offers:
    """Those that ship with Outlay."""
    return Offers.model_validate(_exact(yaml.load(knowledge.read(FILE), Loader=yaml.BaseLoader)))


def own_offers(path: Path) -> Offers:
    """A company's own. Raises BadInput for a file that can't be used, naming what is wrong."""
    try:
        return Offers.model_validate(_exact(read_exact(path).value or {}))
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{path.name}: {where}: {first['msg'].removeprefix('Value error, ')}") from fault


def known_offers(path: Path | None) -> Offers:
    """A company's own offers first, then the shipped ones for what it has none for."""
    shipped = shipped_offers()
    if path is None:
        return shipped
    own = own_offers(path)
    theirs = {key for one in own.offers for key in _keys(one)}
    models = {(one.provider.lower(), model) for one in own.provisioned for model in one.models}
    return Offers(
        offers=(*own.offers, *(one for one in shipped.offers if not theirs & set(_keys(one)))),
        provisioned=(
            *own.provisioned,
            *(one for one in shipped.provisioned if not models & {(one.provider.lower(), m) for m in one.models}),
        ),
    )


def _keys(offer: Offer) -> Sequence[tuple[str, str, str, int | None]]:
    return [(offer.provider.lower(), offer.kind, machine, offer.term_years) for machine in offer.machines]


def _exact(value: Any) -> Any:
    """Numbers are text in YAML that is read exactly; the terms are whole numbers."""
    if isinstance(value, dict):
        return {
            key: int(one) if key == "term_years" and str(one).isdigit() else _exact(one) for key, one in value.items()
        }
    return [_exact(one) for one in value] if isinstance(value, list) else value
