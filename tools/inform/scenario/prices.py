"""Unit prices: what was paid in the base, and for what was not used there what was paid elsewhere or is listed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tools.domain.errors import BadRequest, UnknownName
from tools.inform.scenario.levers import STANDARD
from tools.inform.scenario.usage import TOKEN_TYPES, Line, TokenType
from tools.pricing.meters import LABELS, PARENTS
from tools.registry import PriceBook

Paid = Mapping[tuple[Line, TokenType], Fraction]
"""What one token cost on average."""
Quotes = Callable[[str], Sequence[Mapping[str, Any]]]
"""The price list's rows of a model; none when it has no price."""


@dataclass
class UnitPrices:
    """Looks a price up in the slice, then in all that was paid in the period, then on the price list.

    A token type without a price of its own costs what the type that it is a part of costs: cached and written input as
    input, reasoning as output. `used` collects what was not taken from the slice, for people to know.
    """

    in_slice: Paid
    elsewhere: Paid
    quotes: Quotes
    currency: str
    used: dict[str, dict[str, None]] = field(default_factory=dict)

    def price(self, line: Line, kind: TokenType) -> Fraction:
        """The price of one token. Raises BadRequest when it is nowhere known."""
        found = self.known(line, kind)
        if found is None:
            raise BadRequest(
                f"no price of {kind.replace('_', ' ')} tokens of {line.model} ({line.tier}) is known, from what was "
                "paid or a price list; name a model that has one"
            )
        return found

    def known(self, line: Line, kind: TokenType) -> Fraction | None:
        """The price of one token, None when it is nowhere known."""
        wanted: str | None = kind
        while wanted is not None:
            found = self._of_type(line, _typed(wanted))
            if found is not None:
                return found
            wanted = PARENTS.get(wanted)
        return None

    def has_own(self, line: Line, kind: TokenType) -> bool:
        """Whether this very token type has a price on this line."""
        return self._of_type(line, kind) is not None

    def line_of(self, model: str, like: Line) -> Line:
        """Where requests go that switch to a model: to its provider, and the same tier where that has a price."""
        paid = [*self.in_slice, *self.elsewhere]
        known = [line for line, _ in paid if line.model.lower() == model.lower()]
        same = [line for line in known if line.provider == like.provider] or known
        name, provider = (same[0].model, same[0].provider) if same else (model, "")
        there = Line(provider, name, like.tier)
        return there if self.known(there, "input") is not None else there._replace(tier=STANDARD)

    def notes(self) -> tuple[str, ...]:
        """By which list what was priced that was not used in the base."""
        return tuple(f"priced by list ({source}): {', '.join(names)}" for source, names in self.used.items())

    def _of_type(self, line: Line, kind: TokenType) -> Fraction | None:
        for paid in (self.in_slice, self.elsewhere):
            if (price := paid.get((line, kind))) is not None:
                return price
        return self._listed(line, kind)

    def _listed(self, line: Line, kind: TokenType) -> Fraction | None:
        for quote in self.quotes(line.model):
            matches = quote["Meter"] == LABELS[kind] and quote["ServiceTier"] == line.tier
            if matches and quote["OverInputTokens"] is None and quote["BillingCurrency"] == self.currency:
                price: Decimal = quote["UnitPrice"]
                self.used.setdefault(quote["PriceSource"], {})[_name(line)] = None
                return Fraction(price) / int(quote["PricingQuantity"])
        return None


class ListPrices:
    """The price list of a day; a model without a price has no rows."""

    def __init__(self, book: PriceBook | None, day: date) -> None:
        self._book, self._day = book, day
        self._known: dict[str, Sequence[Mapping[str, Any]]] = {}

    def __call__(self, model: str) -> Sequence[Mapping[str, Any]]:
        if self._book is None:
            return ()
        if model not in self._known:
            try:
                self._known[model] = self._book.quote(model, self._day)
            except UnknownName:
                self._known[model] = ()
        return self._known[model]


def paid_prices(amounts: Iterable[tuple[Line, TokenType, Fraction, Fraction]]) -> Paid:
    """Average prices from (line, token type, tokens, cost); what has no tokens has none."""
    return {(line, kind): cost / tokens for line, kind, tokens, cost in amounts if tokens}


def _name(line: Line) -> str:
    return line.model if line.tier == STANDARD else f"{line.model} ({line.tier})"


def _typed(kind: str) -> TokenType:
    return next(one for one in TOKEN_TYPES if one == kind)
