"""Reading: what was understood of a question, before it becomes calls."""

from dataclasses import dataclass, field
from decimal import Decimal

from agent.planner.senses import Kind, Names, Span
from agent.planner.text import Token, words
from tools.domain.query import Granularity
from tools.domain.scope import Filter

COSTS = frozenset(["EffectiveCost", "BilledCost", "ListCost", "ContractedCost", "UsageCost"])


RATES = words(
    "CacheHitRate EffectiveSavingsRate EffectiveSavingsRateList CommitmentUtilization CommitmentWaste "
    "CommitmentCoverage TagCoverage AllocationCoverage UntaggedShare UnallocatedShare ReasoningTokenRatio"
)
"""Metrics that are parts of one, which people name in percent."""


@dataclass
class Unclear:
    """A stretch of the question with several readings; each option is what to say instead of it."""

    span: Span
    options: tuple[str, ...]
    about: str


@dataclass
class Reading:
    """Everything a question says. Lists are in order of mention; None and empty mean: not said."""

    tokens: tuple[Token, ...]
    spans: list[Span]
    metrics: list[str] = field(default_factory=list)
    said_cost: bool = False
    """A cost metric comes from a plain word such as "spend"."""
    groups: list[str] = field(default_factory=list)
    implied_group: str | None = None
    """The group that several names of one dimension imply without a word of comparison."""
    plural_group: bool = False
    counted: str | None = None
    filters: list[Filter] = field(default_factory=list)
    names: list[Names] = field(default_factory=list)
    """What the filters' names stand for, in order; for prices and comparisons."""
    compared_names: bool = False
    granularity: Granularity | None = None
    order: str | None = None
    limit: int | None = None
    threshold: tuple[str, Decimal, bool] | None = None
    """Operator, value, and whether the value is a percentage."""
    unlike: bool = False
    """Names of different kinds are set against each other."""
    conjoined: bool = False
    """Something is to be left out that two names of different kinds say together."""
    two_limits: bool = False
    """More than one threshold was said, of which a query holds one."""
    currency: str | None = None
    times: list[Span] = field(default_factory=list)
    excluded_time: bool = False
    """A period is to be left out, as in "except October"."""
    unclear: list[Unclear] = field(default_factory=list)
    unknown: list[Span] = field(default_factory=list)
    kinds: set[Kind] = field(default_factory=set)
    """The kinds of all spans: cues such as "why" or "compare"."""

    def has(self, *kinds: Kind) -> bool:
        return any(kind in self.kinds for kind in kinds)

    def value_of(self, kind: Kind) -> str | None:
        """The value of the first span of a kind."""
        return next((span.value for span in self.spans if span.kind == kind), None)

    def text(self, span: Span) -> str:
        """The words of a span as they were written."""
        return " ".join(token.text for token in self.tokens[span.start : span.end])

    def lows(self) -> set[str]:
        return {token.low for token in self.tokens if not token.quoted}

    def next_said(self, index: int) -> int | None:
        """The position of the next span that says something."""
        for at in range(index + 1, len(self.spans)):
            if self.spans[at].kind not in ("filler", "prep", "by"):
                return at
        return None
