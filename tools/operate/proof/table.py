"""Realised savings as columns and rows: by proposal, by target, or by week since the change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.result import Cell, Column
from tools.inform.listing import amount, name
from tools.operate.proof.drift_back import Week
from tools.operate.proof.realised import LEVEL, Measured, Realised, TargetRealised, limits_of_all
from tools.semantic.numbers import plain

NARROW = 80


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: Mapping[str, Decimal | None]


def table_of(found: Sequence[Realised], by: str, currency: str) -> Table:
    """The rows, in the order of the changes."""
    columns, rows = _TABLES[by]
    return Table(columns(currency), tuple(row for one in found for row in rows(one)), _totals(found, by))


def _totals(found: Sequence[Realised], by: str) -> dict[str, Decimal | None]:
    """Of what could be measured. The range of all adds up as if all ends came together."""
    each = [one.measured for one in found if one.measured is not None]
    counted: dict[str, Decimal | None] = {
        "Estimated": _sum([one.estimated for one in each if one.estimated is not None]),
        "Realised": _sum([one.realised for one in each]),
        "Counterfactual": _sum([one.counterfactual for one in each]),
        "Actual": _sum([one.actual for one in each]),
    }
    if by == "proposal":
        for level, low, high in ((LEVEL, "RealisedLow", "RealisedHigh"), (NARROW, "Low80", "High80")):
            counted[low], counted[high] = map(plain, limits_of_all(each, level))
        counted["DriftedBack"] = _sum([one.drifted_back or Decimal(0) for one in each])
    if by == "week":
        del counted["Estimated"]
    return counted


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return plain(sum(amounts, Decimal(0)))


def _money(currency: str) -> dict[str, Column]:
    labels = {
        "Estimated": "estimated",
        "Realised": "realised",
        "RealisedLow": "at least",
        "RealisedHigh": "at most",
        "DriftedBack": "drifted back",
        "Counterfactual": "would have cost",
        "Actual": "cost",
    }
    told = {key: amount(key, label, currency) for key, label in labels.items()}
    behind = {"Low80": "80 % low", "High80": "80 % high"}
    return told | {key: amount(key, label, currency, kind="background") for key, label in behind.items()}


_PROPOSAL = name("Proposal", "proposal", "proposals")


def _detail(key: str, label: str) -> Column:
    return Column(name=key, kind="detail", label=label)


def _proposal_columns(currency: str) -> tuple[Column, ...]:
    money = _money(currency)
    return (
        _PROPOSAL,
        _detail("Action", "action"),
        _detail("AppliedOn", "applied on"),
        *(money[key] for key in ("Estimated", "Realised", "RealisedLow", "RealisedHigh", "DriftedBack")),
        amount("Days", "days"),
        _detail("Status", "status"),
        *(money[key] for key in ("Counterfactual", "Actual", "Low80", "High80")),
        _detail("CostsAgain", "costs again"),
        _detail("UndoneOn", "undone on"),
        _detail("Saves", "saves"),
    )


def _proposal_rows(found: Realised) -> Iterator[tuple[Cell, ...]]:
    change, measured = found.of, found.measured
    undone = None if change.undone_at is None else change.undone_at.date().isoformat()
    yield (
        change.proposal,
        change.plan.action,
        change.applied_at.date().isoformat(),
        *_figures(measured),
        found.status,
        *_background(measured),
        None if measured is None else costs_again(measured) or None,
        undone,
        _saves(found),
    )


def _figures(measured: Measured | None) -> tuple[Decimal | None, ...]:
    if measured is None:
        return None, None, None, None, None, Decimal(0)
    low, high = measured.limits[LEVEL]
    drifted = _known(measured.drifted_back)
    told = (measured.realised, low, high)
    return (_known(measured.estimated), *map(plain, told), drifted, Decimal(measured.days.days))


def _known(value: Decimal | None) -> Decimal | None:
    return None if value is None else plain(value)


def _background(measured: Measured | None) -> tuple[Decimal | None, ...]:
    if measured is None:
        return None, None, None, None
    low, high = measured.limits[NARROW]
    return tuple(map(plain, (measured.counterfactual, measured.actual, low, high)))


def costs_again(measured: Measured) -> str:
    """`i-0a since 2026-11-09; i-0b since 2026-11-11`."""
    back = [(one.came_back, one.change.target.id) for one in measured.targets if one.came_back is not None]
    return "; ".join(f"{target} since {day}" for day, target in sorted(back))


def _saves(found: Realised) -> str | None:
    """`capacity` where a commitment paid for some of it, as no bill falls by that."""
    if found.measured is None:
        return None
    return "capacity" if any(one.committed for one in found.measured.targets) else "cash"


def _target_columns(currency: str) -> tuple[Column, ...]:
    money = _money(currency)
    return (
        _PROPOSAL,
        name("Target", "target", "targets"),
        _detail("TargetName", "name"),
        *(money[key] for key in ("Estimated", "Realised", "Counterfactual", "Actual")),
        _detail("CostsAgainOn", "costs again since"),
    )


def _target_rows(found: Realised) -> Iterator[tuple[Cell, ...]]:
    for one in found.measured.targets if found.measured else ():
        yield _target_row(found, one)
    for change in found.unseen:
        yield (found.of.proposal, change.target.id, change.seen.name or None, None, None, None, None, None)


def _target_row(found: Realised, one: TargetRealised) -> tuple[Cell, ...]:
    target, back = one.change.target, one.came_back
    amounts = (_known(one.estimated), *map(plain, (one.realised, one.counterfactual, one.actual)))
    name_of = one.change.seen.name or None
    return (found.of.proposal, target.id, name_of, *amounts, None if back is None else back.isoformat())


def _week_columns(currency: str) -> tuple[Column, ...]:
    money = _money(currency)
    return (
        _PROPOSAL,
        Column(name="Time", kind="time", label="week since the change"),
        *(money[key] for key in ("Counterfactual", "Actual", "Realised")),
        amount("Kept", "kept", "ratio"),
        amount("Days", "days"),
    )


def _week_rows(found: Realised) -> Iterator[tuple[Cell, ...]]:
    for week in found.measured.weeks if found.measured else ():
        yield _week_row(found, week)


def _week_row(found: Realised, week: Week) -> tuple[Cell, ...]:
    amounts = map(plain, (week.counterfactual, week.actual, week.realised))
    return (found.of.proposal, week.days.start.isoformat(), *amounts, _known(week.kept), Decimal(week.days.days))


_TABLES: dict[str, tuple[Callable[[str], tuple[Column, ...]], Callable[[Realised], Iterator[tuple[Cell, ...]]]]] = {
    "proposal": (_proposal_columns, _proposal_rows),
    "target": (_target_columns, _target_rows),
    "week": (_week_columns, _week_rows),
}
