"""Colours that stay apart for colour-blind readers and on paper, in this order; grey for the rest.

After Okabe and Ito's set (https://jfly.uni-koeln.de/color/, checked 2026-11), with more of other lightness.
"""

from collections.abc import Sequence

from agent.charts.spec import Series

COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D31", "#6A51A3", "#B2DF8A", "#882255",
)  # fmt: skip
REST = "#B8B8B8"


def colours(series: Sequence[Series]) -> list[str]:
    """A colour for each series."""
    named = iter(COLOURS * (1 + len(series) // len(COLOURS)))
    return [REST if one.is_rest else next(named) for one in series]
