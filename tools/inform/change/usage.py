"""GPU and cloud spend decomposed: usage, region mix, instance mix, commitment coverage, unit price.

A line is one service for one purpose, in one unit. Per region, instance type and coverage its cost is

    quantity × the region's share × the instance type's share in the region × the covered (or on-demand) share of that
             × price per unit
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from tools.inform.change import effects as why
from tools.inform.change.cells import AmountCell, Names, UsageCell
from tools.inform.change.effects import Contribution
from tools.inform.change.shapley import chain_effects, in_decimals

REASONS = (why.USAGE, why.REGION_MIX, why.INSTANCE_MIX, why.COVERAGE, why.UNIT_PRICE)
Leaf = tuple[tuple[str | None, Names], str | None, bool]
"""Region in its group, instance type, whether it is under a commitment."""


def usage_contributions(cells: Sequence[UsageCell], places: int) -> Iterator[Contribution]:
    """What each reason did to each line; sums to the change of the cells' cost."""
    lines: dict[tuple[Names, Names], list[UsageCell]] = defaultdict(list)
    for cell in cells:
        lines[cell.use, cell.apart].append(cell)
    for _, line in sorted(lines.items(), key=lambda one: str(one[0])):
        yield from _line(line, places)


def _line(cells: Sequence[UsageCell], places: int) -> Iterator[Contribution]:
    costs = [any(cell.cost for cell in cells if cell.side == side) for side in (0, 1)]
    if all(costs) and all(cell.quantity > 0 for cell in cells if cell.cost):
        yield from _decomposed(cells, places)
        return
    reason = why.UNCOUNTED if all(costs) else why.NEW if costs[1] else why.GONE
    yield from _netted((cell.group, reason, cell.about, cell.side, cell.cost) for cell in cells)


def _decomposed(cells: Sequence[UsageCell], places: int) -> Iterator[Contribution]:
    totals: list[dict[tuple[object, ...], Decimal]] = [defaultdict(Decimal), defaultdict(Decimal)]
    costs: list[dict[Leaf, Decimal]] = [defaultdict(Decimal), defaultdict(Decimal)]
    names = {}
    for cell in cells:
        leaf = ((cell.region, cell.group), cell.instance, cell.covered)
        for length in range(4):
            totals[cell.side][leaf[:length]] += cell.quantity
        costs[cell.side][leaf] += cell.cost
        names[leaf] = cell.about
    for leaf in sorted(names, key=str):
        chains = [[*(totals[side][leaf[:n]] for n in range(4)), costs[side][leaf]] for side in (0, 1)]
        amounts = in_decimals(chain_effects(*chains), places)
        for reason, amount in zip(REASONS, amounts, strict=True):
            if amount:
                yield Contribution(leaf[0][1], reason, amount, names[leaf])


def amount_contributions(cells: Sequence[AmountCell]) -> Iterator[Contribution]:
    """Credits, refunds, taxes, purchases, unused commitments: what they came to now, less what they came to before."""
    yield from _netted((cell.group, cell.reason, cell.about, cell.side, cell.amount) for cell in cells)


def _netted(amounts: Iterable[tuple[Names, str, Mapping[str, str], int, Decimal]]) -> Iterator[Contribution]:
    """Now less before, for each line."""
    sums: dict[tuple[Names, str, tuple[tuple[str, str], ...]], Decimal] = defaultdict(Decimal)
    for group, reason, about, side, amount in amounts:
        sums[group, reason, tuple(sorted(about.items()))] += amount if side else -amount
    for (group, reason, names), amount in sums.items():
        if amount:
            yield Contribution(group, reason, amount, dict(names))
