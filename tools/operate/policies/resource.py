"""A kind of thing that rules are about: its columns, and how its rows are read from the store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from tools.domain.period import Period
from tools.domain.result import Evidence
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext


class Number(NamedTuple):
    """A column that a rule may limit; `unit` is None for money, which is in the row's currency."""

    label: str
    unit: str | None

    @property
    def is_money(self) -> bool:
        return self.unit is None


@dataclass(frozen=True)
class Row:
    """One thing as it was observed in the period; a number that is not known is None, never 0."""

    target: str
    owner: str | None
    numbers: Mapping[str, Decimal | None]
    currency: str | None = None
    facts: tuple[str, ...] = ()
    """What else was seen, in words."""


@dataclass(frozen=True)
class Reading:
    """Rows that pass a rule's text filters, the queries that told them, and remarks on what they leave out."""

    rows: tuple[Row, ...]
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResourceKind:
    """`read` raises NoData where the store lacks what a judgement needs, ToolFault where a rule asks for nonsense."""

    name: str
    says: str
    """What is judged, in words: "spend on GPU machines"."""
    numbers: Mapping[str, Number]
    measure: str
    """What is told of a violation of a rule without a limit."""
    texts: tuple[str, ...]
    read: Callable[[ToolContext, Rule, Period], Reading] | None
    """None for things that the store does not hold: plans."""
    by: tuple[str, ...] = ()
    is_open: bool = False
    """Whether any dimension of a charge is a column too: FOCUS columns, x_ columns, tag:KEY."""
    can_group: bool = field(default=False)
    """Whether a rule may say `by`."""

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.numbers, *self.texts)
