"""The forecast as columns and rows."""

from collections.abc import Sequence
from decimal import Decimal

from tools.domain.result import Cell, Column
from tools.inform.forecast.horizon import Bucket
from tools.inform.forecast.projection import Expected
from tools.semantic.numbers import plain

BASIS = Column(name="Basis", kind="dimension", label="basis", plural="bases")
ACTUAL, FORECAST, MIXED = "actual", "forecast", "actual and forecast"


def columns_of(dimensions: Sequence[Column], metric: Column, step: str) -> tuple[Column, ...]:
    """Names, time, basis, the metric, then limits, baseline and errors that belong to it."""

    def beside(name: str, label: str, kind: str = "background", unit: str | None = metric.unit) -> Column:
        return Column.model_validate({"name": name, "kind": kind, "label": label, "unit": unit, "metric": metric.name})

    return (
        *dimensions,
        Column(name="Time", kind="time", label=step),
        BASIS,
        metric,
        beside("Low80", "80 % low", "limit"),
        beside("High80", "80 % high", "limit"),
        beside("Low95", "95 % low"),
        beside("High95", "95 % high"),
        beside("Baseline", "seasonal-naive", "limit"),
        beside("Actual", "already actual"),
        beside("Error", "back-tested error", unit="ratio"),
        beside("BaselineError", "back-tested error of the baseline", unit="ratio"),
    )


def row_of(names: Sequence[Cell], bucket: Bucket, expected: Expected, *, is_past: bool) -> tuple[Cell, ...]:
    basis = ACTUAL if is_past else FORECAST if expected.actual is None else MIXED
    return (*names, bucket.name.isoformat(), basis, *cells_of(expected, is_past=is_past))


def cells_of(expected: Expected, *, is_past: bool = False) -> tuple[Decimal | None, ...]:
    """The cells from the metric on, in the order of `columns_of`."""
    if is_past:
        return (plain(expected.amount), *(None,) * 5, plain(expected.amount), None, None)
    low80, high80 = expected.limits.get(80, (None, None))
    low95, high95 = expected.limits.get(95, (None, None))
    found = (
        expected.amount, low80, high80, low95, high95, expected.baseline, expected.actual, expected.error,
        expected.baseline_error,
    )  # fmt: skip
    return tuple(None if cell is None else plain(cell) for cell in found)
