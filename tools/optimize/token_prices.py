"""What tokens cost in a ledger, and what they would cost elsewhere."""

from fractions import Fraction

from tools.inform.scenario.prices import ListPrices, UnitPrices, paid_prices
from tools.inform.scenario.usage import TOKEN_TYPES, TokenType
from tools.inform.scenario.usage import Line as PriceLine
from tools.optimize.ledger import Ledger, Line
from tools.registry import ToolContext

STANDARD = "standard"


def token_prices(ctx: ToolContext, ledger: Ledger) -> UnitPrices:
    """Prices as paid in the ledger; by price list for what was not used."""
    amounts = ((price_line(line), token_type(line), line.quantity, line.cost) for line in ledger.tokens)
    sums: dict[tuple[PriceLine, TokenType], tuple[Fraction, Fraction]] = {}
    for priced, kind, tokens, cost in amounts:
        had = sums.get((priced, kind), (Fraction(0), Fraction(0)))
        sums[priced, kind] = (had[0] + tokens, had[1] + cost)
    paid = paid_prices((priced, kind, tokens, cost) for (priced, kind), (tokens, cost) in sums.items())
    return UnitPrices(paid, {}, ListPrices(ctx.prices, ledger.period.last_day), ledger.currency)


def price_line(line: Line) -> PriceLine:
    """The price that a line of token usage is under."""
    return PriceLine(line["HostProviderName"] or "", line["x_Model"] or "", line["x_ServiceTier"] or STANDARD)


def token_type(line: Line) -> TokenType:
    return next(kind for kind in TOKEN_TYPES if kind == line["x_TokenType"])
