"""Which kind of chart suits a result, and why another can't be drawn."""

from dataclasses import dataclass

from agent.charts.spec import ChartKind, NoChart

ONE_FIGURE = "one figure makes no chart; ask for it by something, such as `by day` or `by team`"


@dataclass(frozen=True)
class Shape:
    """What decides on the kind. `names`: columns that tell rows apart, beside time; `label`: what is drawn."""

    rows: int
    buckets: int
    """Points in time; 0 where there is no time axis."""
    names: int
    label: str
    is_additive: bool
    has_bands: bool = False
    """Whether it is a forecast of one thing, with intervals."""

    @property
    def is_split(self) -> bool:
        """Whether there are parts at each place."""
        return self.names > (0 if self.buckets else 1)


def kind_for(shape: Shape, asked: ChartKind | None) -> ChartKind:
    """The kind asked for, or the one that suits. Raises NoChart with what would work instead."""
    if shape.rows < 2:
        raise NoChart(ONE_FIGURE)
    if asked is None:
        return _suited(shape)
    if asked == "fan":
        return _fan(shape)
    if asked == "line":
        return _line(shape)
    if asked == "bar" and not (shape.buckets and shape.is_split):
        return "bar"
    return _stacked(shape)


def _suited(shape: Shape) -> ChartKind:
    if shape.has_bands and shape.buckets > 1:
        return "fan"
    if shape.buckets > 1:
        return "line"
    return "stacked" if shape.is_split and shape.is_additive else "bar"


def _line(shape: Shape) -> ChartKind:
    if not shape.buckets:
        raise NoChart("a line needs time; ask for it by day, week or month, or draw it as `bar`")
    if shape.buckets < 2:
        raise NoChart("a line needs more than one point in time; ask for it by a finer one, or draw it as `bar`")
    return "line"


def _fan(shape: Shape) -> ChartKind:
    if not shape.has_bands or shape.buckets < 2:
        raise NoChart("a fan shows a forecast of one thing over time, such as `forecast spend by month`")
    return "fan"


def _stacked(shape: Shape) -> ChartKind:
    """Stacked bars, also where bars over time have parts: side by side they could not be told apart."""
    if not shape.is_additive:
        raise NoChart(f"parts of {shape.label} do not sum to a whole, so they can't be stacked; draw it as `line`")
    if not shape.is_split:
        raise NoChart("there is nothing to stack; ask by two things, such as `spend by month and team`")
    return "stacked"
