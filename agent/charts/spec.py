"""ChartSpec: what a chart shows, before anything draws it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from tools.domain.errors import BadRequest
from tools.domain.query import Granularity

ChartKind = Literal["line", "bar", "stacked", "waterfall", "fan"]
KINDS: tuple[ChartKind, ...] = get_args(ChartKind)


SECONDS_A_DAY = 86_400


class NoChart(BadRequest):
    """An answer that can't be drawn, or not in that kind; says why, and what could be drawn."""


@dataclass(frozen=True)
class Series:
    """One line, or the bars of one colour: a value for each place on the axis; None is unknown or not there.

    `labels` are the values as people read them, each a cell of the result; none where a value is no cell.
    """

    name: str
    values: tuple[Decimal | None, ...]
    labels: tuple[str, ...] = ()
    is_rest: bool = False
    """Whether it sums up what has no series of its own."""


@dataclass(frozen=True)
class Band:
    """An interval for each place on the axis, None where there is none."""

    name: str
    low: tuple[Decimal | None, ...]
    high: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class ChartSpec:
    """A chart over named places, or over time where `times` says when each bucket starts (UTC)."""

    kind: ChartKind
    title: str
    """What is shown, of what and when: the headline of the result."""
    metric: str
    """What the values are: the metric's label."""
    unit: str
    """As in Column.unit."""
    places: tuple[str, ...]
    series: tuple[Series, ...]
    times: tuple[datetime, ...] = ()
    granularity: Granularity | None = None
    bands: tuple[Band, ...] = ()
    """Of a fan, around its last series; the widest first."""
    marked: Series | None = None
    """Values singled out of a line, each a point on it."""
    notes: tuple[str, ...] = ()
    """What a reader has to know: what was folded, left out or is unknown."""
    caveats: tuple[str, ...] = ()
    """Those of the answer, for a chart that stands by itself."""
    source: str = ""
    """Where the figures come from."""

    starts: tuple[Decimal, ...] = ()
    """Of a waterfall: where each bar starts; its value is how far it goes from there."""

    @property
    def days(self) -> tuple[float, ...]:
        """The times as days since 1970."""
        return tuple(moment.timestamp() / SECONDS_A_DAY for moment in self.times)

    @property
    def is_line(self) -> bool:
        """Whether values are joined to a line; a fan is one with its intervals."""
        return self.kind in ("line", "fan")

    @property
    def over_time(self) -> bool:
        return bool(self.times)
