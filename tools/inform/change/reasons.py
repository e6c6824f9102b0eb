"""Contributions summed into rows: one for each group and reason, with what raised and lowered the cost kept apart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from tools.inform.change.cells import Names
from tools.inform.change.effects import (
    GONE,
    INSTANCE_MIX,
    NEW,
    OF_MODELS,
    ONLY_HERE,
    ONLY_THERE,
    REGION_MIX,
    Contribution,
)
from tools.semantic.numbers import EXACT, plain

Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReasonRow:
    """What a reason did to a group. `raised` and `lowered` sum the lines it raised and those it lowered."""

    group: Names
    reason: str
    amount: Decimal
    raised: Decimal
    lowered: Decimal
    largest: str | None
    """The name of the part that it did most to."""
    largest_amount: Decimal
    lines: tuple[tuple[Key, Decimal], ...]
    """The lines by size: what each is about, and the amount."""


def reason_rows(contributions: Iterable[Contribution]) -> list[ReasonRow]:
    """Rows by group and reason; groups by the size of their change, reasons by the size of their contribution."""
    with localcontext(EXACT):
        lines: dict[tuple[Names, str], dict[Key, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for one in contributions:
            lines[one.group, one.reason][tuple(sorted(one.about.items()))] += one.amount
        rows = [_row(group, reason, parts) for (group, reason), parts in lines.items()]
        change: dict[Names, Decimal] = defaultdict(Decimal)
        for row in rows:
            change[row.group] += row.amount
    rows = [row for row in rows if row.raised or row.lowered]
    return sorted(
        rows, key=lambda row: (-abs(change[row.group]), str(row.group), -abs(row.amount), -row.raised, row.reason)
    )


def _row(group: Names, reason: str, parts: dict[Key, Decimal]) -> ReasonRow:
    lines = sorted(parts.items(), key=lambda one: (-abs(one[1]), one[0]))
    named: dict[str, Decimal] = defaultdict(Decimal)
    for key, amount in lines:
        if (name := _name(reason, dict(key))) is not None:
            named[name] += amount
    largest = min(named, key=lambda name: (-abs(named[name]), name)) if named else None
    return ReasonRow(
        group=group,
        reason=reason,
        amount=plain(sum((amount for _, amount in lines), Decimal(0))),
        raised=plain(sum((amount for _, amount in lines if amount > 0), Decimal(0))),
        lowered=plain(sum((amount for _, amount in lines if amount < 0), Decimal(0))),
        largest=largest,
        largest_amount=plain(named[largest]) if largest is not None else Decimal(0),
        lines=tuple(lines),
    )


_BY_NAME: dict[str, Sequence[str]] = {
    INSTANCE_MIX: ("InstanceType", "ServiceName"),
    REGION_MIX: ("RegionName", "ServiceName"),
    NEW: ("x_Project", "x_Model", "ServiceName", "HostProviderName"),
    GONE: ("x_Project", "x_Model", "ServiceName", "HostProviderName"),
    ONLY_HERE: ("x_Model", "ServiceName", "HostProviderName"),
    ONLY_THERE: ("x_Model", "ServiceName", "HostProviderName"),
}
_MODELS: Sequence[str] = ("x_Model", "ServiceName", "HostProviderName")
_TOKENS: Sequence[str] = ("x_Project", "x_UseCase", "x_Model", "HostProviderName")
_OTHERS: Sequence[str] = ("ServiceName", "HostProviderName")


def _name(reason: str, about: dict[str, str]) -> str | None:
    """What a part is called in a sentence about this reason."""
    usual = _MODELS if reason in OF_MODELS else _TOKENS if "x_Model" in about else _OTHERS
    wanted = _BY_NAME.get(reason, usual)
    found = next((about[name] for name in wanted if name in about), None)
    if reason in (NEW, GONE) and found is not None and "x_Project" in about and "x_Model" in about:
        return f"{about['x_Model']} in {about['x_Project']}"
    return found
