"""Lines and stacked bars along time in a terminal."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from agent.charts.axis import date_mark, mark_text, marks, thinned
from agent.charts.spec import ChartSpec
from agent.charts.stacks import Stacks, drawn

HEIGHT = 18
MARK_COLUMNS = 11
"""Room that a date needs."""


def draw_times(spec: ChartSpec, figure: Any, markers: Sequence[Any], width: int) -> None:
    moments = spec.days
    low, high = _lines(spec, figure, markers, moments) if spec.is_line else _bars(spec, figure, markers, moments)
    figure.plot_size(width, HEIGHT)
    at = marks(min(low, 0.0), max(high, 0.0), 5)
    figure.ruler("y").lim(at[0], at[-1])
    figure.ruler("y").ticks(at, [mark_text(mark, spec.unit) for mark in at])
    half = (min(_gaps(moments)) / 2) if not spec.is_line else 0.0
    figure.ruler("x").lim(moments[0] - half, moments[-1] + half)
    shown = thinned(len(moments), max(2, width // MARK_COLUMNS))
    figure.ruler("x").ticks([moments[i] for i in shown], [date_mark(spec.times[i], spec.granularity) for i in shown])


def _lines(spec: ChartSpec, figure: Any, markers: Sequence[Any], moments: Sequence[float]) -> tuple[float, float]:
    """A line a series, broken where a value is unknown."""
    ends = _narrow_band(spec, figure, moments)
    for marker, series in zip(markers, spec.series, strict=True):
        points = [(x, float(y)) for x, y in zip(moments, series.values, strict=True) if y is not None]
        if points:
            across, up = [x for x, _ in points], [y for _, y in points]
            figure.draw(figure.signal(across, up, marker=marker).lines())
            ends += up
    return min(ends, default=0.0), max(ends, default=1.0)


def draw_marked(spec: ChartSpec, figure: Any, marker: Any) -> None:
    """The values singled out, as points over the lines."""
    values = spec.marked.values if spec.marked else ()
    points = [(x, float(y)) for x, y in zip(spec.days, values, strict=True) if y is not None]
    if points:
        figure.draw(figure.signal([x for x, _ in points], [y for _, y in points], marker=marker))


def _narrow_band(spec: ChartSpec, figure: Any, moments: Sequence[float]) -> list[float]:
    """The limits of a fan's narrowest interval as dotted lines; a terminal has no room for more."""
    ends: list[float] = []
    for limits in (spec.bands[-1].low, spec.bands[-1].high) if spec.bands else ():
        points = [(x, float(y)) for x, y in zip(moments, limits, strict=True) if y is not None]
        if points:
            across, up = [x for x, _ in points], [y for _, y in points]
            figure.draw(figure.signal(across, up, marker="·").lines())
            ends += up
    return ends


def _bars(spec: ChartSpec, figure: Any, markers: Sequence[Any], moments: Sequence[float]) -> tuple[float, float]:
    stacks = Stacks(len(moments))
    for marker, series in zip(markers, spec.series, strict=True):
        lengths = [drawn(value) for value in series.values]
        starts = stacks.start(lengths)
        ends = [start + length for start, length in zip(starts, lengths, strict=True)]
        figure.draw(figure.bar(list(moments), starts, ends, width=0.7, marker=marker))
    return stacks.lowest, stacks.highest


def _gaps(moments: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(moments)] or [1.0]
