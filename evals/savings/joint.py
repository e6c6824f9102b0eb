"""The world with several recommendations at once, from plain rows: a row's cost times what each edit leaves of it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from evals.savings.rows import Row
from evals.savings.world import World

Edits = Sequence[tuple[Mapping[str, tuple[str | None, ...]], Fraction]]
"""(Column → values, what is left); a row matches when each column has one of the values."""


def joint_cost(world: World, edits: Edits, added: Iterable[Decimal]) -> Decimal:
    """A month's cost of everything that could be avoided, with edits made and what the changes themselves cost."""
    with localcontext() as context:
        context.prec = 60
        rows = [*world.tokens, *world.others]
        return sum((_cost(row, edits) for row in rows), Decimal(0)) + sum(added, Decimal(0))


def _cost(row: Row, edits: Edits) -> Decimal:
    cost = row.priced
    for where, left in edits:
        if all(row[column] in values for column, values in where.items()):
            cost *= Decimal(left.numerator) / Decimal(left.denominator)
    return cost
