"""Marks on an axis: round numbers in few characters, and short dates."""

import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from agent.answer.dates import MONTHS
from agent.answer.display import is_currency, money_text, name_text
from tools.domain.query import Granularity

_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
SMALLEST_SPAN, SMALLEST_PART = 1e-25, 1e-9
"""Below the last digit of money; and of the values themselves, what floats still tell apart."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def mark_text(value: float, unit: str) -> str:
    """`$20K`, `1.5B`, `40 %`, `-$3`, `$0.002`; the unit of a count stands in the axis's label."""
    if unit == "ratio":
        return f"{value * 100:.4g} %"
    numerator = unit.split("/")[0]
    short = _short(abs(value))
    sign = "-" if value < 0 and short != "0" else ""
    return f"{sign}{_symbol(numerator)}{short}" if is_currency(numerator) else f"{sign}{short}"


def axis_label(metric: str, unit: str) -> str:
    """`effective cost (USD)`, `tokens`, `cache-hit rate`, `unit price (USD per million tokens)`."""
    if unit in ("ratio", metric):
        return metric
    numerator, slash, denominator = name_text(unit).partition("/")
    per = f" per {denominator.replace('1M ', 'million ', 1)}" if slash else ""
    return f"{metric} ({numerator}{per})"


def marks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`; a span too small to draw is made wider."""
    if high - low < max(SMALLEST_SPAN, abs(low) * SMALLEST_PART):
        high = low + (abs(low) if abs(low) > SMALLEST_SPAN else 1.0)
    raw = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in _STEPS if factor * power >= raw * 0.999999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [index * step for index in range(first, last + 1)]


def date_mark(moment: datetime, granularity: Granularity | None) -> str:
    """`6 Oct`, `14:00`, `Oct 2026`, `Q4 2026`, `2026`."""
    month = MONTHS[moment.month - 1][:3]
    match granularity:
        case "hour":
            return f"{moment:%H:%M}" if moment.hour else f"{moment.day} {month}"
        case "month":
            return f"{month} {moment.year}"
        case "quarter":
            return f"Q{(moment.month + 2) // 3} {moment.year}"
        case "year":
            return str(moment.year)
        case _:
            return f"{moment.day} {month}"


def thinned(count: int, most: int) -> Sequence[int]:
    """Indices of at most `most` of `count` places, evenly apart, from the first."""
    return range(0, count, max(1, math.ceil(count / max(1, most))))


def _short(size: float) -> str:
    for scale, letter in _SCALES:
        if size >= scale * 0.9999:
            return f"{size / scale:.4g}{letter}"
    return f"{size:.4g}" if size >= 1e-4 or size == 0 else f"{size:.2e}"


def _symbol(currency: str) -> str:
    """What stands before an amount: `$`, `CHF `."""
    text = money_text(Decimal(0), currency, digits=0)
    return "" if text.startswith("0") else text[:-1]
