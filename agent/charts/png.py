"""A chart as a PNG on a light background, by matplotlib's object interface: no global state, no window."""

import textwrap
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

from agent.charts.axis import axis_label, mark_text
from agent.charts.fonts import fonts_for
from agent.charts.palette import colours_of
from agent.charts.png_bars import draw_bars, draw_stacked_names, draw_waterfall
from agent.charts.png_times import draw_bands, draw_lines, draw_stacked_times
from agent.charts.spec import ChartSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_INCHES, HEIGHT_INCHES, DOTS_PER_INCH = 10.0, 5.6, 150
TITLE_CHARACTERS, LEGEND_CHARACTERS, FOOT_CHARACTERS = 84, 28, 165
TEXT, GRID = "#222222", "#E3E3E3"
SETTINGS: dict[Any, Any] = {
    "text.parse_math": False,  # a `$` in a name or an amount starts no formula
    "font.size": 10,
    "axes.unicode_minus": False,
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
}


NO_GLYPH = "Boxes stand for characters that no font installed here can write; the table has them."


def png(spec: ChartSpec) -> bytes:
    """The drawn chart; names lying along the y axis make it as tall as they need."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fonts = fonts_for(_written(spec))
    with rc_context(SETTINGS | {"font.family": list(fonts.families)}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(
            figsize=(WIDTH_INCHES, _height(spec)), dpi=DOTS_PER_INCH, facecolor="white", layout="constrained"
        )
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        _draw(spec, axes)
        _dress(spec, figure, axes, NO_GLYPH if fonts.missing else "")
        drawn = BytesIO()
        figure.savefig(drawn, format="png", metadata={"Software": None, "Title": spec.title})
    return drawn.getvalue()


def _written(spec: ChartSpec) -> str:
    """All names and sentences in the chart; what is no letter, a line's end for instance, asks for no glyph."""
    names = (*spec.places, *(one.name for one in spec.series), *(one.name for one in spec.bands))
    return " ".join((spec.title, spec.metric, *names, *spec.notes, *spec.caveats, spec.source))


def _height(spec: ChartSpec) -> float:
    if spec.over_time:
        return HEIGHT_INCHES
    bars = len(spec.places) * (len(spec.series) if spec.kind == "bar" else 1)
    lines = sum(len(textwrap.wrap(place, 40) or [""]) for place in spec.places)
    return max(3.0, 1.9 + 0.36 * max(bars, 0.55 * lines))


def _draw(spec: ChartSpec, axes: "Axes") -> None:
    tints = colours_of(spec)
    if spec.is_line:
        draw_bands(spec, axes, tints)
        draw_lines(spec, axes, tints)
    elif spec.over_time:
        draw_stacked_times(spec, axes, tints)
    elif spec.kind == "waterfall":
        draw_waterfall(spec, axes, tints)
    elif spec.kind == "stacked":
        draw_stacked_names(spec, axes, tints)
    else:
        draw_bars(spec, axes, tints)


def _dress(spec: ChartSpec, figure: "Figure", axes: "Axes", no_glyph: str) -> None:
    from matplotlib.ticker import FuncFormatter

    value_axis, side = (axes.yaxis, "y") if spec.over_time else (axes.xaxis, "x")
    value_axis.set_major_formatter(FuncFormatter(lambda value, _: mark_text(float(value), spec.unit)))
    value_axis.set_label_text(axis_label(spec.metric, spec.unit))
    axes.grid(visible=True, axis="y" if side == "y" else "x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)
    axes.set_title(textwrap.fill(spec.title, TITLE_CHARACTERS), loc="left", fontsize=12, fontweight="bold", pad=12)
    if len(spec.series) > 1 or spec.bands:
        _legend(spec, axes)
    lines = (no_glyph, *spec.notes, *spec.caveats, spec.source)
    foot = [textwrap.fill(line, FOOT_CHARACTERS) for line in lines if line]
    if foot:
        figure.supxlabel("\n".join(foot), x=0.01, ha="left", fontsize=7.5, color="#666666")


def _legend(spec: ChartSpec, axes: "Axes") -> None:
    handles, _ = axes.get_legend_handles_labels()
    series = (*spec.series, *((spec.marked,) if spec.marked else ()))
    said = [*(band.name for band in spec.bands), *(one.name for one in series)]
    names = [textwrap.shorten(name, LEGEND_CHARACTERS, placeholder="…") for name in said]
    axes.legend(handles, names, loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, borderaxespad=0)
