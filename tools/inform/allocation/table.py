"""Shares as a table: a row per payer, the parts apart, beside the period before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tools.domain.allocation import Part
from tools.domain.result import Cell, Column
from tools.inform.allocation.shares import Share
from tools.semantic.dimension import Dimension
from tools.semantic.numbers import EXACT, difference, over, plain

TOTAL = "TotalCost"
PARTS: Mapping[Part, tuple[str, str]] = {  # what is unallocated is a row of its own
    "direct": ("DirectCost", "direct cost"),
    "shared": ("SharedCost", "shared cost"),
    "fallback": ("FallbackCost", "fallback cost"),
    "adjustment": ("AdjustmentCost", "adjustments"),
}
DETAILS = (
    ("Part", "part", "parts"),
    ("Rule", "rule", "rules"),
    ("HostProviderName", "provider", "providers"),
    ("ServiceName", "service", "services"),
)
Key = tuple[str | None, ...]
"""Payer, and in detail also part, rule, provider and service; the last item tells what lies outside a scope."""


@dataclass
class _Row:
    cost: Decimal = Decimal(0)
    previous: Decimal = Decimal(0)
    parts: dict[Part, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Columns and rows, totals over all rows, and the row of payers that may not be told."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: Mapping[str, Decimal | None]
    other_row: int | None


def tabulate(
    dimension: Dimension,
    unit: str,
    current: Sequence[Share],
    previous: Sequence[Share] | None,
    *,
    detail: bool = False,
) -> Table:
    """Rows by cost, the highest first, what is unallocated and what may not be told last."""
    rows: dict[Key, _Row] = {}
    for share in current:
        row = rows.setdefault(_key(share, detail), _Row())
        row.cost = EXACT.add(row.cost, share.cost)
        row.parts[share.part] = EXACT.add(row.parts.get(share.part, Decimal(0)), share.cost)
    for share in previous or ():
        row = rows.setdefault(_key(share, detail), _Row())
        row.previous = EXACT.add(row.previous, share.cost)
    shown = sorted(rows, key=lambda key: (key[-1] is not None, key[0] is None, -rows[key].cost, _text(key)))
    parts = () if detail else tuple(part for part in PARTS if any(row.parts.get(part) for row in rows.values()))
    compared = previous is not None
    columns = (*_names(dimension, detail), *_amounts(unit, compared), *_parts(parts, unit))
    cells = tuple((*key[:-1], *_cells(rows[key], compared, parts)) for key in shown)
    outside = next((place for place, key in enumerate(shown) if key[-1] is not None), None)
    return Table(columns, cells, _totals(rows.values(), compared, parts), outside)


def _key(share: Share, detail: bool) -> Key:
    outside = "outside" if share.is_outside else None
    if not detail:
        return (share.payer, outside)
    return (share.payer, share.part, share.rule, share.provider, share.service, outside)


def _text(key: Key) -> tuple[str, ...]:
    return tuple(part or "" for part in key)


def _names(dimension: Dimension, detail: bool) -> tuple[Column, ...]:
    named = [(dimension.name, dimension.label, dimension.plural), *(DETAILS if detail else ())]
    return tuple(Column(name=name, kind="dimension", label=label, plural=plural) for name, label, plural in named)


def _amounts(unit: str, compared: bool) -> tuple[Column, ...]:
    total = Column(name=TOTAL, kind="metric", label="total cost", unit=unit, metric=TOTAL)
    if not compared:
        return (total,)
    return (
        total,
        Column(name=f"{TOTAL}_previous", kind="previous", label="previous total cost", unit=unit, metric=TOTAL),
        Column(name=f"{TOTAL}_change", kind="change", label="change of total cost", unit=unit, metric=TOTAL),
        Column(
            name=f"{TOTAL}_change_ratio",
            kind="change_ratio",
            label="relative change of total cost",
            unit="ratio",
            metric=TOTAL,
        ),
    )


def _parts(parts: Iterable[Part], unit: str) -> tuple[Column, ...]:
    named = [PARTS[part] for part in parts]
    return tuple(Column(name=name, kind="metric", label=label, unit=unit, metric=name) for name, label in named)


def _cells(row: _Row, compared: bool, parts: Iterable[Part]) -> tuple[Cell, ...]:
    cost, before = plain(row.cost), plain(row.previous)
    change = difference(cost, before)
    beside = (before, change, over(change, before)) if compared else ()
    return (cost, *beside, *(plain(row.parts.get(part, Decimal(0))) for part in parts))


def _totals(rows: Iterable[_Row], compared: bool, parts: Iterable[Part]) -> dict[str, Decimal | None]:
    whole = _Row()
    for row in rows:
        whole.cost, whole.previous = EXACT.add(whole.cost, row.cost), EXACT.add(whole.previous, row.previous)
        for part, cost in row.parts.items():
            whole.parts[part] = EXACT.add(whole.parts.get(part, Decimal(0)), cost)
    cells = _cells(whole, compared, parts)
    names = [TOTAL, *((f"{TOTAL}_previous", f"{TOTAL}_change", f"{TOTAL}_change_ratio") if compared else ())]
    names += [PARTS[part][0] for part in parts]
    return {name: cell for name, cell in zip(names, cells, strict=True) if not isinstance(cell, str)}
