"""A period's shares: closed months as they were issued, the others by today's data and rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tools.domain.closing import Adjustment, Closing, Line
from tools.domain.period import Period, first_of_next_month
from tools.domain.scope import Filter
from tools.inform.allocation.adjust import pending_adjustments
from tools.inform.allocation.engine import Allocation, allocate_period
from tools.inform.allocation.grouping import CostMetric, Source
from tools.inform.allocation.shares import Share
from tools.registry import SqlValue


@dataclass(frozen=True)
class Asked:
    """What is to be allocated. Only whole statements are issued, so a filter or BilledCost is always live."""

    metric: CostMetric = "EffectiveCost"
    filters: tuple[Filter, ...] = ()

    @property
    def is_whole(self) -> bool:
        return self.metric == "EffectiveCost" and not self.filters


@dataclass(frozen=True)
class Told:
    """Shares of a period; `issued` are the months that stand as they were closed."""

    shares: tuple[Share, ...]
    issued: tuple[date, ...]
    sql: str
    parameters: tuple[SqlValue, ...]
    notes: tuple[str, ...]


def tell(source: Source, period: Period, asked: Asked, closings: Sequence[Closing]) -> Told:
    """The period's shares; what the month after the last closed one owes for earlier months is in that month."""
    usable = [one for one in closings if one.statement(source.dimension) is not None] if asked.is_whole else []
    issued = [one for one in usable if period.start <= one.month and one.period.end <= period.end]
    shares = [share for closing in issued for share in _issued(closing, source)]
    live = [allocate_period(source, span, asked.metric, asked.filters) for span in _open(period, issued)]
    shares += [share for one in live for share in one.shares]
    if usable and source.reader.scope.is_whole:
        posted_in = first_of_next_month(usable[-1].month)
        if period.contains(posted_in):
            pending = pending_adjustments(source.reader, source.owners, source.dimension, usable)
            shares += [_adjustment(one, posted_in) for one in pending]
    last = live[-1] if live else Allocation((), "", (), ())
    notes = dict.fromkeys(note for one in live for note in one.notes)
    return Told(tuple(shares), tuple(one.month for one in issued), last.sql, last.parameters, tuple(notes))


def may_be_shown(source: Source, closing: Closing) -> bool:
    """Whether somebody in this scope may see their own lines of a statement: it has to be told by payer alone."""
    filters = source.reader.scope.filters
    return source.reader.scope.is_whole or (len(filters) == 1 and filters[0].dimension == source.dimension)


def _issued(closing: Closing, source: Source) -> Iterator[Share]:
    statement = closing.statement(source.dimension)
    if statement is None:
        return
    scope = source.reader.scope
    own = None if scope.is_whole else set(scope.filters[0].values)
    for line in statement.lines:
        if own is None or line.payer in own:
            yield _share(line, closing.month)
    for adjustment in statement.adjustments:
        if own is None or adjustment.payer in own:
            yield _adjustment(adjustment, closing.month)


def _share(line: Line, month: date) -> Share:
    return Share(month, line.currency, line.provider, line.service, line.part, line.rule, line.payer, line.cost)


def _adjustment(one: Adjustment, posted_in: date) -> Share:
    return Share(posted_in, one.currency, None, None, "adjustment", f"restated {one.month:%Y-%m}", one.payer, one.cost)


def _open(period: Period, issued: Iterable[Closing]) -> Iterator[Period]:
    """The stretches of a period that no closing covers."""
    start = period.start
    for closing in sorted(issued, key=lambda one: one.month):
        if start < closing.month:
            yield Period(start=start, end=closing.month)
        start = closing.period.end
    if start < period.end:
        yield Period(start=start, end=period.end)
