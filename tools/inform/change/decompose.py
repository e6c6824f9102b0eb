"""decompose: cells to contributions, exact to the last stored digit."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from tools.inform.change.cells import AmountCell, TokenCell, UsageCell
from tools.inform.change.effects import Contribution
from tools.inform.change.tokens import token_contributions
from tools.inform.change.usage import amount_contributions, usage_contributions
from tools.semantic.numbers import EXACT

STORED_PLACES = 24
"""Decimals of a cost in the store; a converted amount may have more."""


def decompose(
    tokens: Sequence[TokenCell] = (), usage: Sequence[UsageCell] = (), amounts: Sequence[AmountCell] = ()
) -> list[Contribution]:
    """Every contribution other than nought. Their sum is the sum of costs now less that before, with no remainder,
    and so it is for each group, and for any part that whole lines fall into."""
    with localcontext(EXACT):
        money = [*(cell.cost for cell in tokens), *(cell.cost for cell in usage)]
        places = max([STORED_PLACES, *(_places(amount) for amount in money)])
        return [
            *token_contributions(tokens, places),
            *usage_contributions(usage, places),
            *amount_contributions(amounts),
        ]


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
