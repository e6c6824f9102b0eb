"""A person's own price list: `currency`, and `prices` by model or by meter, each from a day on."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tools.domain.errors import BadInput
from tools.pricing.exact_yaml import Located, read_exact
from tools.pricing.model_names import plain_name
from tools.pricing.rates import METER_PRICE_PLACES, fits_store

Price = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
EXAMPLE = "{model: gpt-4o, input: 2.50, output: 10.00, from: 2026-01-01}"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class TokenPrices(_Strict):
    """Prices of token kinds; None: not given."""

    input: Price | None = None
    output: Price | None = None
    cached_input: Price | None = None
    cache_write: Price | None = None
    cache_write_5m: Price | None = None
    cache_write_1h: Price | None = None
    reasoning: Price | None = None

    def given(self) -> dict[str, Decimal]:
        """The prices that are given, by name."""
        return {name: value for name in TokenPrices.model_fields if (value := getattr(self, name)) is not None}


class LongContext(TokenPrices):
    """Prices of a request with more than `over` input tokens, for all of its tokens."""

    over: Annotated[int, Field(gt=0)]


class _Dated(_Strict):
    provider: str | None = None
    valid_from: date = Field(alias="from")
    valid_to: date | None = Field(default=None, alias="to")
    """Exclusive."""
    per: Annotated[int, Field(gt=0)] = 1_000_000
    line: int = Field(default=0, exclude=True)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"`to` ({self.valid_to}) is exclusive and has to be after `from` ({self.valid_from})")
        return self

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class ModelRow(_Dated, TokenPrices):
    """Token prices of a model from a day on, in currency units per `per` tokens (a million by default)."""

    model: str
    input: Price
    batch_discount: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    """A fraction: 0.5 halves every price of a batch request."""
    long_context: tuple[LongContext, ...] = ()
    service_tiers: dict[str, TokenPrices] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _one_long_context(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("long_context"), dict):
            return {**data, "long_context": (data["long_context"],)}
        return data

    @model_validator(mode="after")
    def _tiers_of_given_prices(self) -> Self:
        for tier in self.long_context:
            if strange := sorted(set(tier.given()) - set(self.given())):
                raise ValueError(
                    f"long_context has a price for {', '.join(strange)}; give the row's own price for it too"
                )
        return self

    @model_validator(mode="after")
    def _exact(self) -> Self:
        every: tuple[TokenPrices, ...] = (self, *self.long_context, *self.service_tiers.values())
        for prices in every:
            for name, price in prices.given().items():
                if not fits_store(price * (1 - (self.batch_discount or 0)), self.per) or not fits_store(
                    price, self.per
                ):
                    raise ValueError(
                        f"{name}: {price} per {self.per} needs more than 24 digits after the point for one token"
                    )
        return self


class MeterRow(_Dated):
    """The price of another meter (web searches, images, seats, provisioned-throughput hours) from a day on."""

    meter: str
    unit: str
    price: Price
    model: str | None = None
    per: Annotated[int, Field(gt=0)] = 1

    @model_validator(mode="after")
    def _exact(self) -> Self:
        if not fits_store(self.price, self.per, METER_PRICE_PLACES):
            raise ValueError(
                f"price: {self.price} per {self.per} needs more than {METER_PRICE_PLACES} digits after the point "
                f"for one {self.unit}"
            )
        return self


class PriceList(_Strict):
    """A whole list; amounts are in `currency`."""

    name: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    models: tuple[ModelRow, ...] = ()
    meters: tuple[MeterRow, ...] = ()


def load_price_list(path: Path) -> PriceList:
    """Read a YAML or JSON price list; numbers keep every digit that is written.

    Raises BadInput naming the line and the model, and what would work.
    """
    content = read_exact(path)
    data = content.value
    if not isinstance(data, dict) or "prices" not in data or "currency" not in data:
        raise BadInput(f"{path.name}: a price list has `currency: USD` and `prices:`, a list of rows such as {EXAMPLE}")
    unknown = sorted(set(data) - {"currency", "prices"})
    if unknown:
        raise BadInput(f"{path.name}: {', '.join(map(str, unknown))} is not known here; use currency and prices")
    if not isinstance(data["prices"], list) or not data["prices"]:
        raise BadInput(f"{path.name}: prices is a list of rows such as {EXAMPLE}")
    rows = [_row(path.name, number, row, content) for number, row in enumerate(data["prices"])]
    currency = str(data["currency"] or "").strip().upper()
    if not (len(currency) == 3 and currency.isalpha() and currency.isascii()):
        raise BadInput(
            f"{path.name}: currency={data['currency']!r} is not a currency; use a three-letter code such as USD"
        )
    models = tuple(row for row in rows if isinstance(row, ModelRow))
    meters = tuple(row for row in rows if isinstance(row, MeterRow))
    _refuse_repeats(path.name, [((plain_name(r.model), r.provider, r.valid_from), r.model, r.line) for r in models])
    _refuse_repeats(path.name, [((r.meter, r.model, r.provider, r.valid_from), r.meter, r.line) for r in meters])
    return PriceList(name=path.name, currency=currency, models=models, meters=meters)


def _row(file: str, number: int, row: Any, content: Located) -> ModelRow | MeterRow:
    line = content.line("prices", number)
    if not isinstance(row, dict):
        raise BadInput(f"{file} line {line}: a row looks like {EXAMPLE}")
    kind: type[ModelRow] | type[MeterRow] = MeterRow if "meter" in row else ModelRow
    about = f"{'meter' if 'meter' in row else 'model'} {row.get('meter') or row.get('model')!r}"
    try:
        return kind.model_validate({**row, "line": line})
    except ValidationError as fault:
        raise BadInput(f"{file} line {line}, {about}: {_explain(kind, fault)}") from fault


def _explain(kind: type[_Dated], fault: ValidationError) -> str:
    known = [field.alias or name for name, field in kind.model_fields.items() if name != "line"]
    sentences = []
    for error in fault.errors():
        where = ".".join(str(part) for part in error["loc"] if part != "line")
        if error["type"] == "extra_forbidden":
            sentences.append(f"{where} is not known; use {', '.join(known)}")
        elif error["type"] == "missing":
            sentences.append(f"{where} is missing")
        else:
            sentences.append(
                f"{where}={error['input']!r}: {error['msg']}" if where else error["msg"].removeprefix("Value error, ")
            )
    return "; ".join(sentences)


def _refuse_repeats(file: str, rows: Iterable[tuple[tuple[Any, ...], str, int]]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for key, name, line in rows:
        if key in seen:
            raise BadInput(f"{file} lines {seen[key]} and {line}: {name} has two prices from the same day; keep one")
        seen[key] = line
