"""Senses: what a word or a few words can mean in a question about cost."""

from dataclasses import dataclass
from typing import Literal

from agent.planner.time_senses import TimeSense

Kind = Literal[
    "filler",  # says nothing for the query: "please", "the"
    "link",  # and, or: joins things of one kind
    "prep",  # of, for, on, in: something named follows
    "by",  # by, per, for each: a breakdown follows
    "breakdown",  # "breakdown", "split": a breakdown is wanted
    "which",  # which, what, who
    "why",
    "how_much",
    "count",  # how many, number of
    "rank",  # top, most expensive: value "descending" or "ascending"
    "most",  # most, least: ranks by the metric that follows, or the one there is
    "used",  # most used: by tokens, or by requests?
    "share",
    "change",  # value "up", "down" or "any"
    "ratio",  # in percent, fastest: ranks changes by their ratio
    "compare",  # compare A and B
    "baseline",  # versus, than, compared to: what follows is compared with
    "exclude",
    "only",
    "threshold",  # value "over" or "under"
    "trend",
    "grain",  # daily, per month: value is a granularity
    "total",
    "average",
    "missing",  # untagged, unallocated; value "with" or "without"
    "data",  # a question about the data itself; value: what describe_data is asked
    "exist",  # do we have, are there
    "list",
    "price",
    "per_tokens",  # per million tokens, after a price word
    "drivers",  # cost drivers, where does the money go
    "ambiguous_usage",  # usage, of which kind?
    "forecast",
    "budget",  # a budget, what is left of it
    "anomaly",  # anomalies, unusual, stands out
    "savings",  # what can be saved
    "unbuilt",  # value names it
    "act",  # delete, stop, buy
    "override",  # ignore your instructions
    "help",
    "again",  # and, same, what about: marks a follow-up
    "also",
    "it",
    "everyone",
    "metric",
    "dimension",
    "fixed",  # a word that is a filter; value (dimension, values)
    "names",  # a value of the data
    "time",
    "number",
    "currency",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Names:
    """Values of one dimension that a name in the question can stand for."""

    dimension: str
    values: tuple[str, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` to `end` (exclusive) with one meaning. Only the field that belongs to `kind` is set."""

    start: int
    end: int
    kind: Kind
    value: str = ""
    time: TimeSense | None = None
    names: tuple[Names, ...] = ()
    number: str = ""
    corrected: bool = False

    @property
    def length(self) -> int:
        return self.end - self.start
