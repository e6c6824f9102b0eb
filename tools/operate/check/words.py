"""Amounts and ranges as people read them: `4,100–5,300 USD`, `192 GPU-hours`."""

from decimal import ROUND_HALF_UP, Decimal

from tools.operate.check.span import Span
from tools.semantic.numbers import EXACT

WHOLE_FROM = 100
"""From here on amounts are told without decimals."""


def number_words(value: Decimal) -> str:
    """`4,100`, `12.50`, `0.0042`: two decimals below a hundred, two digits below a cent."""
    size = abs(value)
    if value == value.to_integral_value():
        return f"{value:,.0f}"
    if size >= WHOLE_FROM:
        return f"{value.quantize(Decimal(1), ROUND_HALF_UP, EXACT):,.0f}"
    if size >= Decimal("0.01"):
        return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP, EXACT):,.2f}"
    return f"{value:.2g}" if value else "0"


def amount_words(value: Decimal, unit: str) -> str:
    if unit == "ratio":
        return f"{number_words(value * 100)} %"
    return f"{number_words(value)} {unit}".strip()


def span_words(span: Span, unit: str) -> str:
    """One figure where both ends read alike."""
    if unit == "ratio":
        span, unit = Span(span.low * 100, span.high * 100), "%"
    low, high = number_words(span.low), number_words(span.high)
    return f"{low if low == high else f'{low}–{high}'} {unit}".strip()


def signed_words(span: Span, unit: str) -> str:
    """What is more or less: `+109,846–273,090 USD`, `−24,150 USD`; `±` where it may be either."""
    size = Span(min(abs(span.low), abs(span.high)), max(abs(span.low), abs(span.high)))
    sign = "+" if span.low >= 0 else "−" if span.high <= 0 else "±"
    return f"{sign}{span_words(size, unit)}"


def plural(count: Decimal | int, word: str) -> str:
    return f"{number_words(Decimal(count))} {word}{'' if count == 1 else 's'}"
