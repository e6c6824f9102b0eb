"""The tokens of a question as the readers of time look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agent.planner.calendar import Unit
from agent.planner.text import Token
from agent.planner.time_senses import TimeSense, period_sense
from agent.planner.time_words import NUMBERS, UNIT_WORDS
from tools.domain.period import Period

Found = tuple[int, TimeSense] | None
"""The position after what was read, with its sense."""


@dataclass(frozen=True)
class Clock:
    """The tokens of a question and the day it was asked."""

    tokens: Sequence[Token]
    as_of: date

    def low(self, index: int) -> str:
        """The word at a position in lower case; "" outside, and for quoted text."""
        if not 0 <= index < len(self.tokens) or self.tokens[index].quoted:
            return ""
        return self.tokens[index].low

    def lemma(self, index: int) -> str:
        return self.tokens[index].lemma if self.low(index) else ""

    def skip(self, index: int, *words: str) -> int:
        """The position after one of `words`, if it stands there."""
        return index + 1 if self.low(index) in words else index

    def number(self, index: int) -> int | None:
        low = self.low(index)
        if low.isdecimal() and len(low) <= 3:
            return int(low)
        return NUMBERS.get(low)

    def unit(self, index: int) -> Unit | None:
        return UNIT_WORDS.get(self.lemma(index))

    def sense(self, period: Period, unit: Unit | None, *, yearless: bool = False, to_date: bool = False) -> TimeSense:
        return period_sense(period, unit, self.as_of, yearless=yearless, to_date=to_date)
