"""A chart as text for a terminal, by plotext."""

import textwrap
from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from agent.charts.axis import axis_label
from agent.charts.palette import MARKED, colours_of
from agent.charts.spec import ChartSpec
from agent.charts.terminal_bars import draw_names
from agent.charts.terminal_times import draw_marked, draw_times

NARROWEST = 40
FILLS = "█▓▒░#*+=o:."
"""What tells bars apart where colours can't."""
POINTS = "●○◆◇▲△■□✚×·"
"""What tells lines apart where colours can't."""
MARK = "█"
"""A value singled out of a line."""


def terminal_chart(spec: ChartSpec, width: int, *, colour: bool = True) -> Text:
    """Title, legend, chart and notes, `width` columns wide. Not for several threads at once: plotext has one figure."""
    width = max(width, NARROWEST)
    tints, signs = colours_of(spec), _signs(spec, colour)
    blocks = [
        Text(textwrap.fill(spec.title, width), style="bold"),
        Text(axis_label(spec.metric, spec.unit), style="dim"),
        *([_legend(spec, tints, signs, width, colour)] if len(spec.series) > 1 else []),
        _plot(spec, tints, signs, width, colour),
        *([Text(f"dotted: the {spec.bands[-1].name}", style="dim")] if spec.bands else []),
        *([Text(f"{MARK} {spec.marked.name}", style=MARKED if colour else "")] if spec.marked else []),
        *(Text(textwrap.fill(note, width), style="dim") for note in spec.notes),
    ]
    return Text("\n").join(blocks)


def _signs(spec: ChartSpec, colour: bool) -> str:
    """A character for each series; in colour all alike."""
    if colour or len(spec.series) == 1:
        return ("▄" if spec.is_line else "█") * len(spec.series)
    return POINTS if spec.is_line else FILLS


def _legend(spec: ChartSpec, tints: Sequence[str], signs: str, width: int, colour: bool) -> Text:
    """As many series to a line as fit."""
    legend, used = Text(), 0
    for sign, tint, series in zip(signs, tints, spec.series, strict=False):
        needed = cell_len(series.name) + 4
        if used and used + needed > width:
            legend.append("\n")
            used = 0
        legend.append(sign, style=tint if colour else "").append(f" {series.name}  ")
        used += needed
    return legend


def _plot(spec: ChartSpec, tints: Sequence[str], signs: str, width: int, colour: bool) -> Text:
    import plotext

    plotext.terminal.limit(False, False)  # else rows beyond the screen are dropped, not scrolled
    figure: Any = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.canvas("default")
    figure.axes(active=False, axis=[0, 1], side=1)
    is_fine_line = spec.is_line and (colour or len(spec.series) == 1)
    markers = [
        plotext.marker("hd" if is_fine_line else sign, _rgb(tint)) for sign, tint in zip(signs, tints, strict=False)
    ]
    (draw_times if spec.over_time else draw_names)(spec, figure, markers, width)
    if spec.marked is not None:
        draw_marked(spec, figure, plotext.marker(MARK, _rgb(MARKED)))
    drawn = str(figure.build()).rstrip("\n")
    figure.clear()
    return Text.from_ansi(drawn if colour else plotext.uncolorize(drawn))


def _rgb(tint: str) -> tuple[int, int, int]:
    return int(tint[1:3], 16), int(tint[3:5], 16), int(tint[5:7], 16)
