"""The bridge from one account to the other, and the tables that show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tools.domain.result import Cell, Column
from tools.inform.reconciliation.causes import CAUSES
from tools.inform.reconciliation.request import ACCOUNTS, ReconcileRequest
from tools.semantic.model import load_model
from tools.semantic.numbers import plain


@dataclass
class Bridge:
    """What leads from the records to the reference."""

    records: Decimal
    reference: Decimal
    causes: dict[str, Decimal] = field(default_factory=dict)

    @property
    def unexplained(self) -> Decimal:
        return sum((self.causes.get(c.key, Decimal(0)) for c in CAUSES if not c.is_known), Decimal(0))


def bridges_of(rows: Sequence[tuple[Any, ...]]) -> dict[str | None, Bridge]:
    """Group → its two totals and the difference by cause."""
    bridges: dict[str | None, Bridge] = {}
    for group, records, reference, cause, amount in rows:
        bridge = bridges.setdefault(group, Bridge(Decimal(records), Decimal(reference)))
        if cause is not None and amount:
            bridge.causes[cause] = Decimal(amount)
    return bridges


def steps(
    bridges: dict[str | None, Bridge], request: ReconcileRequest, currency: str
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """From the records, cause by cause, to the reference."""
    columns = (
        Column(name="Step", kind="dimension", label="step", plural="steps"),
        Column(name="Amount", kind="metric", label="amount", unit=currency, metric="Amount"),
    )
    bridge = next(iter(bridges.values()))
    known = sorted(
        (c for c in CAUSES if c.is_known and c.key in bridge.causes), key=lambda c: -abs(bridge.causes[c.key])
    )
    rows: list[tuple[Cell, ...]] = [(ACCOUNTS[str(request.records)], plain(bridge.records))]
    rows += [(cause.label, plain(bridge.causes[cause.key])) for cause in known]
    open_ones = [cause for cause in CAUSES if not cause.is_known and cause.key in bridge.causes]
    rows += [(cause.label, plain(bridge.causes[cause.key])) for cause in open_ones]
    if not open_ones:
        rows.append(("unexplained", Decimal(0)))
    rows.append((ACCOUNTS[str(request.reference)], plain(bridge.reference)))
    return columns, tuple(rows)


def by_group(
    bridges: dict[str | None, Bridge], group: str, request: ReconcileRequest, currency: str
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """One row a group: both accounts, their difference, and what of it has no known cause."""
    dimension = load_model().dimensions[group]
    amounts = (
        ("Reference", ACCOUNTS[str(request.reference)]),
        ("Records", ACCOUNTS[str(request.records)]),
        ("Difference", "difference"),
        ("Unexplained", "unexplained"),
    )
    columns = (
        Column(name=group, kind="dimension", label=dimension.label, plural=dimension.plural),
        *(Column(name=key, kind="metric", label=label, unit=currency, metric=key) for key, label in amounts),
    )
    ordered = sorted(bridges.items(), key=lambda item: (-abs(item[1].reference - item[1].records), str(item[0])))
    return columns, tuple((name, *_amounts(bridge)) for name, bridge in ordered)


def _amounts(bridge: Bridge) -> tuple[Decimal, ...]:
    difference = bridge.reference - bridge.records
    return plain(bridge.reference), plain(bridge.records), plain(difference), plain(bridge.unexplained)


def totals_of(bridges: dict[str | None, Bridge]) -> dict[str, Decimal | None]:
    names = ("Reference", "Records", "Difference", "Unexplained")
    sums = (sum(column, Decimal(0)) for column in zip(*(_amounts(b) for b in bridges.values()), strict=True))
    return {name: plain(total) for name, total in zip(names, sums, strict=True)}
