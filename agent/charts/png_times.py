"""Lines and stacked bars along a time axis of dates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.charts.axis import date_mark, thinned
from agent.charts.palette import MARKED
from agent.charts.spec import ChartSpec, Series
from agent.charts.stacks import Stacks, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEW_POINTS = 45
"""Up to these a line shows its points."""
ROOM_FOR_DATES = 78
"""Characters of dates, with the gaps between them, that fit under a chart."""
_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 28, "quarter": 90, "year": 360}
"""How wide a bucket's bar may be, in days, which is matplotlib's unit of time."""


def draw_lines(spec: ChartSpec, axes: "Axes", tints: Sequence[str]) -> None:
    """A line a series; an unknown value leaves a gap."""
    marker = "o" if len(spec.places) <= FEW_POINTS else ""
    for tint, series in zip(tints, spec.series, strict=True):
        axes.plot(spec.days, _gaps(series), color=tint, linewidth=1.8, marker=marker, markersize=3.5, label=series.name)
    if spec.marked is not None:
        points = axes.plot(spec.days, _gaps(spec.marked), "o", color=MARKED, markersize=7, label=spec.marked.name)
        points[0].set(zorder=3, clip_on=False)
    if all(value is None or value >= 0 for series in spec.series for value in series.values):
        axes.set_ylim(bottom=0)
    _date_axis(spec, axes)


def draw_bands(spec: ChartSpec, axes: "Axes", tints: Sequence[str]) -> None:
    """The intervals of a fan as areas around its line, the last one where there are several; the narrower on top."""
    for band in spec.bands:
        low, high = _floats(band.low), _floats(band.high)
        axes.fill_between(
            spec.days, low, high, color=tints[-1], alpha=0.18 if len(tints) == 1 else 0.3, linewidth=0, label=band.name
        )


def draw_stacked_times(spec: ChartSpec, axes: "Axes", tints: Sequence[str]) -> None:
    """A stack of parts for each bucket; a single series is a row of plain bars."""
    stacks, width = Stacks(len(spec.places)), 0.8 * _DAYS.get(spec.granularity or "day", 1)
    for tint, series in zip(tints, spec.series, strict=True):
        values = [drawn(value) for value in series.values]
        axes.bar(spec.days, values, bottom=stacks.start(values), width=width, color=tint, label=series.name)
    axes.axhline(0, color="#888888", linewidth=0.8)
    _date_axis(spec, axes)


def _gaps(series: Series) -> list[float]:
    return _floats(series.values)


def _floats(values: Sequence[Decimal | None]) -> list[float]:
    """Unknown values become gaps."""
    return [float("nan") if value is None else float(value) for value in values]


def _date_axis(spec: ChartSpec, axes: "Axes") -> None:
    """A mark under the bucket it stands for, as many as fit."""
    moments, texts = spec.days, [date_mark(moment, spec.granularity) for moment in spec.times]
    shown = thinned(len(texts), ROOM_FOR_DATES // (max(map(len, texts)) + 2))
    axes.set_xticks([moments[i] for i in shown], [texts[i] for i in shown])
