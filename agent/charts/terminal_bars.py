"""Horizontal bars in a terminal: a row a bar, its name and its figure beside it."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size

from agent.charts.axis import mark_text, marks
from agent.charts.spec import ChartSpec, Series
from agent.charts.stacks import Stacks, drawn

WIDEST_NAME = 0.4
"""Of the width; a longer name is cut."""
ROW = 0.1
"""A bar's thickness: less than a row, so that it fills the one that it lies in."""


def draw_names(spec: ChartSpec, figure: Any, markers: Sequence[Any], width: int) -> None:
    stacks = Stacks(len(spec.places))
    rows_each = len(spec.series) if spec.kind == "bar" else 1
    rows = len(spec.places) * rows_each
    texts = list(_names(spec, width))
    left = _value_axis(spec, figure, width - max(map(cell_len, texts)) - 1)
    for number, series in enumerate(spec.series):
        lengths = [drawn(value) for value in series.values]
        starts = stacks.start(lengths)
        starts, ends = _spans(spec, starts, lengths)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if start != end:
                first = left if spec.kind == "waterfall" and place in _edges(spec) else start
                row = place * rows_each + (number if spec.kind == "bar" else 0)
                figure.draw(figure.bar([row], [first], [end], orientation="h", width=ROW, marker=markers[number]))
    figure.plot_size(width, rows + 2)
    figure.ruler("y").lim(0, max(1, rows - 1))
    figure.ruler("y").direction(-1)
    figure.ruler("y").ticks(list(range(rows)), texts)


def _edges(spec: ChartSpec) -> tuple[int, int]:
    """Where a waterfall's two costs stand; they reach from where the axis starts."""
    return 0, len(spec.places) - 1


def _spans(spec: ChartSpec, stacked: list[float], lengths: list[float]) -> tuple[list[float], list[float]]:
    """Where the bars of a series start and end: from zero, from the last bar's end, or from the stack's."""
    if spec.kind == "waterfall":
        starts = [float(start) for start in spec.starts]
        ends = [
            (length or start) if place in _edges(spec) else start + length
            for place, (start, length) in enumerate(zip(starts, lengths, strict=True))
        ]
        return starts, ends
    starts = [0.0] * len(lengths) if spec.kind == "bar" else stacked
    return starts, [start + length for start, length in zip(starts, lengths, strict=True)]


def _names(spec: ChartSpec, width: int) -> Iterator[str]:
    """`claude-sonnet-4-5  $55,258.94`, names to the left and figures to the right."""
    widest = int(width * WIDEST_NAME)
    name_width = min(max(map(cell_len, spec.places)), widest)
    shown = spec.series if spec.kind == "bar" else _merged(spec) if spec.kind == "waterfall" else ()
    figures = max((cell_len(label) for series in shown for label in series.labels), default=0)
    for place, name in enumerate(spec.places):
        text = set_cell_size(name if cell_len(name) <= name_width else _cut(name, name_width), name_width)
        for number in range(max(1, len(shown))):
            label = shown[number].labels[place].rjust(figures) if figures else ""
            yield f"{text if number == 0 else ' ' * name_width}{'  ' if figures else ''}{label} "


def _merged(spec: ChartSpec) -> tuple[Series, ...]:
    """The one figure of each place, whichever series it is of."""
    figures = ["".join(labels) for labels in zip(*(series.labels for series in spec.series), strict=True)]
    return (Series("", (), tuple(figures)),)


def _cut(name: str, width: int) -> str:
    return set_cell_size(name, width - 1).rstrip() + "…"


def _value_axis(spec: ChartSpec, figure: Any, room: int) -> float:
    """Set the axis; gives where it starts."""
    stacks = Stacks(len(spec.places))
    ends = [0.0] if spec.kind != "waterfall" else []
    for series in spec.series:
        lengths = [drawn(value) for value in series.values]
        starts, reached = _spans(spec, stacks.start(lengths), lengths)
        ends += [*reached, *(starts if spec.kind == "waterfall" else ())]
    at = marks(min(ends), max(ends), max(2, min(6, room // 12)))
    figure.ruler("x").lim(at[0], at[-1])
    figure.ruler("x").ticks(at, [mark_text(mark, spec.unit) for mark in at])
    return at[0]
