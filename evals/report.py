"""What an evaluation reports: every ask with its outcome, and the rows and totals that follow from them."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal["exact", "wrong", "refused"]
"""`wrong`: stated as answered, but it differs from the truth. `refused`: no answer where there is one, or a refusal
of the wrong kind."""


class Measured(BaseModel):
    """What asking the agent took, and how its answer is made."""

    model_config = ConfigDict(frozen=True)

    seconds: float
    """Of the first time it was asked."""
    tools_right: bool | None = None
    """Whether the tools called are those expected; None where none are."""
    is_bound: bool = True
    """Whether the check of a finished answer finds nothing: each numeral is bound to where it comes from."""
    tokens: int = 0
    cost: Decimal | None = Decimal(0)
    """None where tokens were used that have no known price."""
    times: int = 1
    passes: int = 1
    """How many of `times` were exact."""
    is_same: bool = True
    """Whether every time gave the same text."""


class Ask(BaseModel):
    """One ask and what came of it. `case` is unique in its suite, `number` counts the asks of a case."""

    model_config = ConfigDict(frozen=True)

    category: str
    case: str
    outcome: Outcome
    number: int = 0
    question: str = ""
    expected: str = ""
    got: str = ""
    measured: Measured | None = None
    """None for what does not go through the agent."""


class CategoryScore(BaseModel):
    """How many asks of one category came out how."""

    model_config = ConfigDict(frozen=True)

    category: str
    exact: int = 0
    wrong: int = 0
    refused: int = 0

    @property
    def asked(self) -> int:
        return self.exact + self.wrong + self.refused


class EvalReport(BaseModel):
    """An evaluation's result; `name` tells it apart, `notes` says what a reader has to know (seed, dates, split)."""

    model_config = ConfigDict(frozen=True)

    name: str
    asks: tuple[Ask, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def categories(self) -> tuple[CategoryScore, ...]:
        names = dict.fromkeys(ask.category for ask in self.asks)
        return tuple(tally(name, [ask for ask in self.asks if ask.category == name]) for name in names)

    @cached_property
    def misses(self) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if ask.outcome != "exact")

    @cached_property
    def total(self) -> CategoryScore:
        return tally("all", self.asks)


def tally(name: str, asks: Sequence[Ask]) -> CategoryScore:
    """The asks counted by outcome."""
    counts = {outcome: sum(ask.outcome == outcome for ask in asks) for outcome in ("exact", "wrong", "refused")}
    return CategoryScore(category=name, **counts)


def table(report: EvalReport) -> str:
    """The report as plain text: category, exact, wrong, refused, and the exact share."""
    rows = [*report.categories, report.total]
    width = max(len(row.category) for row in rows)
    lines = [report.name, f"{'':{width}}  exact  wrong  refused  exact share"]
    for row in rows:
        share = f"{row.exact / row.asked:.1%}" if row.asked else "-"
        lines.append(f"{row.category:{width}}  {row.exact:5}  {row.wrong:5}  {row.refused:7}  {share:>11}")
    return "\n".join([*lines, *report.notes])
