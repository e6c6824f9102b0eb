"""Horizontal bars, so that names stand in full beside them."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.charts.spec import ChartSpec
from agent.charts.stacks import Stacks, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_CHARACTERS = 40
THICKNESS = 0.74


def draw_bars(spec: ChartSpec, axes: "Axes", tints: Sequence[str]) -> None:
    """Bars from the top, with their figures; several series side by side."""
    thickness = THICKNESS / len(spec.series)
    for number, series in enumerate(spec.series):
        offset = (number - (len(spec.series) - 1) / 2) * thickness
        bars = axes.barh(
            [place + offset for place in range(len(spec.places))],
            [drawn(value) for value in series.values],
            height=thickness,
            color=tints[number],
            label=series.name,
        )
        axes.bar_label(bars, labels=list(series.labels), padding=4, fontsize=9)
    axes.margins(x=0.16)
    _name_places(spec, axes)


def draw_waterfall(spec: ChartSpec, axes: "Axes", tints: Sequence[str]) -> None:
    """Bars from where the last one ended, each with its figure at its right end."""
    starts = [float(start) for start in spec.starts]
    for series, tint in zip(spec.series, tints, strict=True):
        places = [place for place, value in enumerate(series.values) if value is not None]
        lengths = [_length(spec, place, drawn(series.values[place])) for place in places]
        axes.barh(places, lengths, left=[starts[place] for place in places], height=THICKNESS, color=tint,
                  label=series.name)  # fmt: skip
        for place, length in zip(places, lengths, strict=True):
            right = max(starts[place], starts[place] + length)
            axes.annotate(series.labels[place], (right, place), (4, 0), textcoords="offset points", va="center", size=9)
    left, right = axes.get_xlim()
    axes.set_xlim(left=starts[0] if any(starts) else left, right=right + 0.14 * (right - (starts[0] or left)))
    _name_places(spec, axes)


def _length(spec: ChartSpec, place: int, value: float) -> float:
    """How far a bar goes: a cost to its amount, a reason by it."""
    is_cost = place in (0, len(spec.places) - 1)
    return value - float(spec.starts[place]) if is_cost else value


def draw_stacked_names(spec: ChartSpec, axes: "Axes", tints: Sequence[str]) -> None:
    """Parts of each place one after the other; negative parts to the left of zero."""
    stacks = Stacks(len(spec.places))
    for number, series in enumerate(spec.series):
        values = [drawn(value) for value in series.values]
        axes.barh(
            range(len(spec.places)),
            values,
            left=stacks.start(values),
            height=THICKNESS,
            color=tints[number],
            edgecolor="white",
            linewidth=0.4,
            label=series.name,
        )
    axes.margins(x=0.04)
    _name_places(spec, axes)


def _name_places(spec: ChartSpec, axes: "Axes") -> None:
    axes.set_yticks(range(len(spec.places)), [textwrap.fill(place, NAME_CHARACTERS) for place in spec.places])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(spec.places) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color="#888888", linewidth=0.8)
