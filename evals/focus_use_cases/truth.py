"""Truth from the raw CSV files: plain Python over text and Decimal, with nothing of Outlay in it."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from pathlib import Path

Row = dict[str, str]
Key = tuple[str | None, ...]
EXACT, QUOTIENT = Context(prec=90), Context(prec=28)


@dataclass(frozen=True)
class Value:
    """A sum, or a sum over another."""

    numerator: Callable[[Row], Decimal | None]
    denominator: Callable[[Row], Decimal | None] | None = None


def read(paths: Iterable[Path]) -> list[Row]:
    """Every row of the files, as text."""
    rows: list[Row] = []
    for path in paths:
        with path.open(newline="", encoding="utf-8") as file:
            rows += list(csv.DictReader(file))
    return rows


def number(column: str) -> Callable[[Row], Decimal | None]:
    return lambda row: Decimal(row[column]) if row.get(column) else None


def grouped(
    rows: Iterable[Row],
    keys: Iterable[Callable[[Row], str | None]],
    values: Iterable[Value],
    where: Callable[[Row], bool] = lambda row: True,
) -> dict[Key, tuple[Decimal | None, ...]]:
    """Group and sum."""
    keys, values = tuple(keys), tuple(values)
    groups: dict[Key, list[Row]] = {}
    for row in rows:
        if where(row):
            groups.setdefault(tuple(key(row) for key in keys), []).append(row)
    return {key: tuple(_measure(value, found) for value in values) for key, found in groups.items()}


def _measure(value: Value, rows: list[Row]) -> Decimal | None:
    numerator = _total(value.numerator(row) for row in rows)
    if value.denominator is None:
        return numerator
    denominator = _total(value.denominator(row) for row in rows)
    return QUOTIENT.divide(numerator, denominator) if numerator is not None and denominator else None


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return None
    total = Decimal(0)
    for amount in known:
        total = EXACT.add(total, amount)
    return total
