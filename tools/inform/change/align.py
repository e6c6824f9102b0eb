"""Usage records and invoices of one provider brought onto the same lines: an invoice's cost finds its tokens."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from tools.inform.change.cells import Names, TokenCell

Place = tuple[Names, Names, str | None]
"""Group, what is apart in it, service."""
Key = tuple[int, Names, str | None, str | None, str | None]


def aligned(cells: Sequence[TokenCell]) -> list[TokenCell]:
    """The cells with names that only one of the two tells left out, and usage in the groups of its cost.

    An invoice that names no team can't be matched by team; a usage record knows nothing of the invoice's sub-account.
    """
    return _grouped(_same_names(cells))


def _same_names(cells: Sequence[TokenCell]) -> list[TokenCell]:
    billed: dict[str | None, list[TokenCell]] = defaultdict(list)
    metered: dict[str | None, list[TokenCell]] = defaultdict(list)
    for cell in cells:
        if cell.is_usage_only:
            metered[cell.provider].append(cell)
        elif cell.token_type is None and cell.cost:
            billed[cell.provider].append(cell)
    apart = {provider: _not_shared(billed[provider], metered[provider]) for provider in set(billed) & set(metered)}
    return [_without(cell, apart[cell.provider]) if cell.provider in apart else cell for cell in cells]


def _not_shared(billed: Iterable[TokenCell], metered: Iterable[TokenCell]) -> frozenset[int]:
    """Places of names that one of the two never has; the tier stands at the end."""
    found = []
    for cells in (billed, metered):
        rows = [(*cell.use, cell.tier) for cell in cells]
        found.append({place for row in rows for place, name in enumerate(row) if name is not None})
    return frozenset(found[0] ^ found[1])


def _without(cell: TokenCell, places: frozenset[int]) -> TokenCell:
    if not places:
        return cell
    names = [None if place in places else name for place, name in enumerate((*cell.use, cell.tier))]
    return replace(cell, use=tuple(names[:-1]), tier=names[-1])


def _grouped(cells: Sequence[TokenCell]) -> list[TokenCell]:
    costs: dict[Key, dict[Place, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cell in cells:
        if cell.cost:
            costs[_key(cell)][cell.group, cell.apart, cell.service] += abs(cell.cost)
    return [_adopted(cell, costs.get(_key(cell))) if cell.is_usage_only else cell for cell in cells]


def _adopted(cell: TokenCell, costs: dict[Place, Decimal] | None) -> TokenCell:
    if not costs or (cell.group, cell.apart, cell.service) in costs:
        return cell
    group, apart, service = min(costs, key=lambda one: (-costs[one], str(one)))
    return replace(cell, group=group, apart=apart, service=service)


def _key(cell: TokenCell) -> Key:
    return cell.side, cell.use, cell.provider, cell.model, cell.tier
