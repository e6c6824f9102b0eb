"""Colours that stay apart for colour-blind readers and on paper, in this order; grey for the rest.

After Okabe and Ito's set (https://jfly.uni-koeln.de/color/, checked 2026-11), with more of other lightness.
"""

from collections.abc import Sequence

from agent.charts.spec import ChartSpec, Series

COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D31", "#6A51A3", "#B2DF8A", "#882255",
)  # fmt: skip
REST = "#B8B8B8"


ROSE, FELL = "#D55E00", "#009E73"
"""What a waterfall's bars add and take off."""
MARKED = ROSE
"""Points singled out of a line."""


def colours_of(spec: ChartSpec) -> list[str]:
    """A colour for each series of a chart."""
    if spec.kind == "waterfall":
        return [{"rose": ROSE, "fell": FELL}.get(one.name, REST) for one in spec.series]
    return colours(spec.series)


def colours(series: Sequence[Series]) -> list[str]:
    """A colour for each series."""
    named = iter(COLOURS * (1 + len(series) // len(COLOURS)))
    return [REST if one.is_rest else next(named) for one in series]
