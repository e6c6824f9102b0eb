"""Too many series or bars become the largest ones and a rest."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from agent.charts.spec import ChartSpec, Series
from tools.domain.sums import exact_sum

Item = TypeVar("Item")

MOST_SERIES = 10
MOST_BARS = 20


def folded(spec: ChartSpec, *, is_additive: bool) -> ChartSpec:
    """At most 10 series and, without time, 20 bars; the rest is summed where sums have a meaning, else left out.

    A sum is no cell of the result, so it is drawn without a figure beside it.
    """
    spec = _fewer_series(spec, is_additive)
    return spec if spec.over_time else _fewer_bars(spec, is_additive)


def _fewer_series(spec: ChartSpec, is_additive: bool) -> ChartSpec:
    named = [series for series in spec.series if not series.is_rest]
    rest = [series for series in spec.series if series.is_rest]
    if len(named) <= MOST_SERIES:
        return replace(spec, series=(*named, *rest))
    sizes = [_size(series.values) for series in named]
    shown = set(_largest(sizes, MOST_SERIES))
    kept = [series for index, series in enumerate(named) if index in shown]
    others = [series for index, series in enumerate(named) if index not in shown] + rest
    if not is_additive:
        note = f"not drawn: {len(others)} more, as their {spec.metric} can't be summed"
        return replace(spec, series=tuple(kept), notes=(*spec.notes, note))
    values = tuple(exact_sum(column) for column in zip(*(series.values for series in others), strict=True))
    name = f"other ({len(others)})" if not rest else "other"
    return replace(spec, series=(*kept, Series(name, values, ("",) * len(values), is_rest=True)))


def _fewer_bars(spec: ChartSpec, is_additive: bool) -> ChartSpec:
    if len(spec.places) <= MOST_BARS:
        return spec
    sizes = [_size(values) for values in zip(*(series.values for series in spec.series), strict=True)]
    shown = sorted(_largest(sizes, MOST_BARS))
    others = [index for index in range(len(spec.places)) if index not in set(shown)]
    if not is_additive:
        note = f"not drawn: {len(others)} more, as their {spec.metric} can't be summed"
        return replace(_with_places(spec, shown, ()), notes=(*spec.notes, note))
    return _with_places(spec, shown, others)


def _with_places(spec: ChartSpec, shown: Sequence[int], others: Sequence[int]) -> ChartSpec:
    rest = (f"other ({len(others)})",) if others else ()
    return replace(
        spec,
        places=(*_at(spec.places, shown), *rest),
        series=tuple(
            replace(
                series,
                values=(*_at(series.values, shown), *((exact_sum(_at(series.values, others)),) if others else ())),
                labels=(*_at(series.labels, shown), *(("",) if others else ())),
            )
            for series in spec.series
        ),
    )


def _largest(sizes: Sequence[Decimal], most: int) -> list[int]:
    return sorted(range(len(sizes)), key=lambda index: -sizes[index])[:most]


def _size(values: Iterable[Decimal | None]) -> Decimal:
    return exact_sum(abs(value) for value in values if value is not None) or Decimal(0)


def _at(values: Sequence[Item], indices: Iterable[int]) -> tuple[Item, ...]:
    return tuple(values[index] for index in indices)
