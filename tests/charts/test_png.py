"""PNG charts, read as pixels."""

import io
from collections.abc import Callable

import matplotlib.colors
import numpy as np
import pytest
from matplotlib.image import imread

from agent.charts.chart import chart_of_result
from agent.charts.palette import COLOURS
from agent.charts.palette import REST as GREY
from agent.charts.png import DOTS_PER_INCH, HEIGHT_INCHES, WIDTH_INCHES, png
from agent.charts.spec import ChartKind, ChartSpec
from tests.answer.results import AS_OF, compared_models, daily_series, top_models
from tests.charts.results import credits_by_month, hostile_names, many_models, many_teams_by_day, two_dimensions
from tools.domain.result import ToolResult

Pixels = np.ndarray


def pixels(spec: ChartSpec) -> Pixels:
    """Rows of RGB values from 0 to 1."""
    return np.asarray(imread(io.BytesIO(png(spec)), format="png"))[:, :, :3]


def of_colour(image: Pixels, colour: str) -> Pixels:
    """Where a colour is, as a mask."""
    wanted = np.array(matplotlib.colors.to_rgb(colour))
    return np.abs(image - wanted).max(axis=2) < 0.02


def chart(make: Callable[[], ToolResult], kind: ChartKind | None = None) -> ChartSpec:
    return chart_of_result(make(), AS_OF, kind)


def test_a_chart_has_its_size_and_a_light_background() -> None:
    image = pixels(chart(daily_series))
    assert image.shape[:2] == (round(HEIGHT_INCHES * DOTS_PER_INCH), round(WIDTH_INCHES * DOTS_PER_INCH))
    assert (image > 0.99).all(axis=2).mean() > 0.85


def test_bars_are_as_long_as_their_amounts() -> None:
    spec = chart(top_models)
    mask = of_colour(pixels(spec), COLOURS[0])
    lengths = bar_lengths(mask)
    amounts = [float(value or 0) for value in spec.series[0].values]
    assert len(lengths) == len(amounts)
    assert lengths == pytest.approx([lengths[0] * amount / amounts[0] for amount in amounts], abs=3)


def bar_lengths(mask: Pixels) -> list[int]:
    """The widths of the horizontal bars, from the top."""
    rows = mask.sum(axis=1)
    lengths, inside = [], False
    for width in rows:
        if width > 3 and not inside:
            lengths.append(int(width))
        elif width > 3:
            lengths[-1] = max(lengths[-1], int(width))
        inside = width > 3
    return lengths


def test_more_bars_make_a_taller_chart() -> None:
    assert pixels(chart(many_models)).shape[0] > pixels(chart(top_models)).shape[0]


def test_each_series_has_a_colour_of_its_own_and_the_rest_is_grey() -> None:
    image = pixels(chart(many_teams_by_day, "stacked"))
    assert all(of_colour(image, colour).sum() > 500 for colour in (*COLOURS, GREY))


def test_both_periods_of_a_comparison_are_drawn() -> None:
    image = pixels(chart(compared_models))
    assert of_colour(image, COLOURS[0]).sum() > 1000
    assert of_colour(image, COLOURS[1]).sum() > 1000


def test_parts_below_zero_hang_below_it() -> None:
    rows = np.nonzero(of_colour(pixels(chart(credits_by_month, "bar")), COLOURS[0]).any(axis=1))[0]
    columns = of_colour(pixels(chart(credits_by_month, "bar")), COLOURS[0])
    tops = [int(np.nonzero(columns[:, x])[0].min()) for x in np.nonzero(columns.any(axis=0))[0]]
    assert max(tops) - min(tops) <= 2
    assert rows.max() > min(tops) + 100


def test_a_line_climbs_where_its_amounts_do() -> None:
    spec = chart(lambda: daily_series(12))
    mask = of_colour(pixels(spec), COLOURS[0])
    xs = np.nonzero(mask.any(axis=0))[0]
    ends = [float(np.nonzero(mask[:, x])[0].mean()) for x in (xs[4], xs[-5])]
    values = [float(value or 0) for value in (spec.series[0].values[0], spec.series[0].values[-1])]
    assert (ends[0] - ends[1]) * (values[1] - values[0]) > 0


@pytest.mark.parametrize("kind", [None, "stacked"])
def test_two_dimensions_are_drawn(kind: ChartKind | None) -> None:
    assert of_colour(pixels(chart(two_dimensions, kind)), COLOURS[1]).sum() > 300


def test_a_name_is_never_read_as_a_formula_and_no_name_breaks_the_drawing() -> None:
    assert of_colour(pixels(chart(hostile_names)), COLOURS[0]).sum() > 1000


def test_the_same_chart_is_the_same_file() -> None:
    assert png(chart(top_models)) == png(chart(top_models))
