"""Rows of the store → cells, totals, shares and changes, all exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tools.domain.errors import MixedCurrencies
from tools.domain.result import Cell, Column
from tools.semantic.compile import LEFT_OUT, CompiledQuery
from tools.semantic.metric import Metric
from tools.semantic.numbers import difference, exact, over, times, total
from tools.semantic.parts import Role, Side, alias_of, currencies, parts_of, roles
from tools.semantic.plan import Plan
from tools.semantic.units import unit_of

OTHER = "other"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """What `assemble` makes of the rows; the fields are those of ToolResult."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: dict[str, Decimal | None]
    other_row: int | None
    groups: int
    buckets: frozenset[str]


@dataclass(frozen=True)
class _Row:
    names: tuple[Cell, ...]
    time: Any
    is_other: bool
    values: dict[str, Decimal | None]


def assemble(plan: Plan, compiled: CompiledQuery, records: Sequence[Record], loaded: Sequence[bool]) -> Table:
    """Build the table.

    `loaded`: for the current and the previous period, whether any of it is loaded: nothing found there is then zero.
    Raises MixedCurrencies when amounts of several currencies would be one cell.
    """
    _refuse_mixed(plan, records)
    plan = _without_idle_units(plan, records)
    shown = [record for record in records if record.get("place") != LEFT_OUT]
    splitters = [one.name for one in plan.dimensions if one.name in plan.splitters]
    whole: dict[tuple[Any, ...], dict[str, Decimal | None]] = {}
    for key in {tuple(record[name] for name in splitters) for record in records}:
        alike = [record for record in records if tuple(record[name] for name in splitters) == key]
        whole[key] = _values(plan, alike, loaded, {})
    rows = []
    for record in shown:
        key = tuple(record[name] for name in splitters)
        is_other = compiled.limit is not None and record["place"] > compiled.limit
        rows.append(_row(plan, record, _values(plan, [record], loaded, whole[key]), is_other))
    rows.sort(key=lambda row: _order(plan, row))
    units = {metric.name: unit_of(metric, plan, records) for metric in plan.metrics}
    others = [index for index, row in enumerate(rows) if row.is_other]
    one_whole = next(iter(whole.values())) if len(whole) == 1 else {}
    columns = _columns(plan, units)
    measured = [column.name for column in columns if column.metric]
    return Table(
        columns=columns,
        rows=tuple((*row.names, *(row.values[name] for name in measured)) for row in rows),
        totals={name: _total_cell(name, one_whole) for name in measured},
        other_row=others[0] if len(others) == 1 else None,
        groups=_groups(plan, compiled, shown),
        buckets=frozenset(str(_time(plan, record["Time"])) for record in shown if record.get("Time") is not None),
    )


def _refuse_mixed(plan: Plan, records: Sequence[Record]) -> None:
    if plan.detects_currency:
        found = {record[name] for record in records for name in ("first_currency", "last_currency")} - {None}
        if len(found) > 1:
            raise MixedCurrencies(tuple(found))
    without = [currency for currency in plan.currencies if plan.rates and currency not in plan.rates]
    aliases = parts_of(plan).aliases
    touched = [
        currency
        for currency in without
        if any(record[name] for record in records for name in aliases if name.endswith(f"_{currency}"))
    ]
    if touched:
        raise MixedCurrencies((*touched, plan.query.currency or ""))


def _without_idle_units(plan: Plan, records: Sequence[Record]) -> Plan:
    """Drop unit columns that were added for safety and turned out to hold one unit."""
    idle = {name for name in plan.added if len({record[name] for record in records}) == 1}
    if not idle:
        return plan
    kept = tuple(one for one in plan.dimensions if one.name not in idle)
    left = tuple(name for name in plan.added if name not in idle)
    caveats = plan.caveats if left else tuple(one for one in plan.caveats if not one.startswith("amounts in different"))
    return replace(plan, dimensions=kept, added=left, caveats=caveats)


def _values(
    plan: Plan, records: Sequence[Record], loaded: Sequence[bool], whole: Mapping[str, Decimal | None]
) -> dict[str, Decimal | None]:
    """Every measured cell of the sum of `records`; shares are parts of `whole`, or 1 when that is empty."""
    values: dict[str, Decimal | None] = {}
    for position, metric in enumerate(plan.metrics):
        sides = [_value(plan, metric, side, records) for side in parts_of(plan).sides]
        if len(sides) == 2 and metric.additive:
            sides = [
                Decimal(0) if side is None and is_loaded else side
                for side, is_loaded in zip(sides, loaded, strict=True)
            ]
        values[metric.name] = sides[0]
        if plan.query.with_share and position == 0:
            values[f"{metric.name}_share"] = over(sides[0], whole.get(metric.name, sides[0]))
        if len(sides) == 2:
            change = difference(sides[0], sides[1])
            values[f"{metric.name}_previous"] = sides[1]
            values[f"{metric.name}_change"] = change
            values[f"{metric.name}_change_ratio"] = over(change, sides[1])
    return values


def _value(plan: Plan, metric: Metric, side: Side, records: Sequence[Record]) -> Decimal | None:
    sums: dict[Role, Decimal | None] = {}
    for role, terms in roles(metric):
        parts: list[Decimal | None] = []
        for currency in currencies(plan, terms):
            amount = total(exact(record[alias_of(metric, role, side, currency)]) for record in records)
            parts.append(amount if currency is None else times(amount, plan.rates.get(currency, Decimal(0))))
        sums[role] = total(parts)
    if metric.additive:
        return sums["numerator"]
    part = any(metric.numerator)  # a part of the denominator's rows: when none is found, the part is zero
    numerator = Decimal(0) if part and sums["numerator"] is None else sums["numerator"]
    return over(numerator, sums["denominator"], metric.scale)


def _row(plan: Plan, record: Record, values: dict[str, Decimal | None], is_other: bool) -> _Row:
    names: list[Cell] = []
    for position, dimension in enumerate(plan.dimensions):
        value = record[dimension.name]
        names.append(OTHER if is_other and position == 0 else None if value is None else str(value))
    time = record.get("Time")
    if plan.query.granularity:
        cell = OTHER if is_other and not plan.dimensions else _time(plan, time)
        names.insert(0 if not plan.dimensions else len(names), cell)
    return _Row(tuple(names), time, is_other, values)


def _time(plan: Plan, value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.isoformat() if plan.query.granularity == "hour" else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else WEEKDAYS[int(value) - 1]


def _order(plan: Plan, row: _Row) -> tuple[Any, ...]:
    query, first = plan.query, plan.metrics[0].name
    by_time = query.granularity is not None and query.order_by in (None, "time")
    time_key: Any = ()
    if by_time:
        number = row.time.toordinal() * 24 if isinstance(row.time, date) else int(row.time or 0)
        number += row.time.hour if isinstance(row.time, datetime) else 0
        time_key = (-number if query.order_by == "time" and query.order == "descending" else number,)
    wanted = {"change": f"{first}_change", "absolute_change": f"{first}_change"}.get(query.order_by or "", first)
    wanted = f"{first}_change_ratio" if query.order_by == "change_ratio" else wanted
    value = row.values[wanted]
    if value is not None:
        value = abs(value) if query.order_by == "absolute_change" else value
        value = -value if query.order == "descending" else value
    ties = tuple((name is None, str(name)) for name in row.names)
    alone = row.is_other and not plan.dimensions
    return (alone, time_key, row.is_other, value is None, value if value is not None else 0, ties)


def _columns(plan: Plan, units: Mapping[str, str | None]) -> tuple[Column, ...]:
    columns = [Column(name=one.name, kind="dimension", label=one.label, plural=one.plural) for one in plan.dimensions]
    if plan.query.granularity:
        columns.append(Column(name="Time", kind="time", label=plan.query.granularity))
    for position, metric in enumerate(plan.metrics):
        unit = units[metric.name]
        columns.append(Column(name=metric.name, kind="metric", label=metric.label, unit=unit, metric=metric.name))
        if plan.query.with_share and position == 0:
            columns.append(_ratio(metric, "share", f"share of {metric.label}"))
        if plan.span.previous is not None:
            for kind, label in (("previous", f"previous {metric.label}"), ("change", f"change of {metric.label}")):
                name = f"{metric.name}_{kind}"
                columns.append(Column(name=name, kind=kind, label=label, unit=unit, metric=metric.name))  # type: ignore[arg-type]
            columns.append(_ratio(metric, "change_ratio", f"relative change of {metric.label}"))
    return tuple(columns)


def _ratio(metric: Metric, kind: str, label: str) -> Column:
    name = f"{metric.name}_{kind}"
    return Column(name=name, kind=kind, label=label, unit="ratio", metric=metric.name)  # type: ignore[arg-type]


def _total_cell(name: str, whole: Mapping[str, Decimal | None]) -> Decimal | None:
    return whole.get(name)


def _groups(plan: Plan, compiled: CompiledQuery, shown: Sequence[Record]) -> int:
    if compiled.limit is not None:
        return max((int(record["groups"]) for record in shown), default=0)
    names = [one.name for one in plan.dimensions] or (["Time"] if plan.query.granularity else [])
    return len({tuple(record[name] for name in names) for record in shown}) if names else len(shown)
