"""Values as people read them; the exact value stands beside each in its figure.

Money has two decimals, tiny amounts as many as show them; a value other than zero is never shown as zero.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal

from tools.domain.money import UNKNOWN_CURRENCY
from tools.domain.result import Cell

NOT_SET, BLANK = "(not set)", "(blank)"
LONGEST_NAME = 120
EXACT_DECIMALS = 6
"""A number without a unit, such as a price among others, is rounded only when it has more decimals than these."""

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "CAD": "CA$", "AUD": "A$"}
_SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
_EXACT = Context(prec=80)
_SPECIAL = re.compile(r"([\\`*\[\]<>|~#]|(?<!\w)_|_(?!\w)|^[-+](?= )|(?<=\d)[.)](?= ))")


def plain(value: Cell) -> str | None:
    """The exact value as text: no exponent, no trailing zeros; None for unknown."""
    if not isinstance(value, Decimal):
        return value
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def is_currency(unit: str | None) -> bool:
    """Whether a unit is an ISO 4217 code."""
    return unit is not None and len(unit) == 3 and unit.isascii() and unit.isupper()


def value_text(value: Decimal | None, unit: str | None) -> str:
    """`$432,472.97`, `466.1 billion tokens`, `62.2 %`, `$3.25 per million tokens`; None: `unpriced` or `unknown`."""
    if value is None:
        return "unpriced" if is_currency((unit or "").split("/")[0]) else "unknown"
    if unit is None:
        decimals = len((plain(value) or "").partition(".")[2])
        return f"{'-' if value < 0 else ''}{_grouped(abs(value), decimals if decimals <= EXACT_DECIMALS else 2)}"
    if unit == "ratio":
        return percent_text(value)
    if is_currency(unit):
        return money_text(value, unit)
    numerator, slash, denominator = name_text(unit).partition("/")
    if not slash:
        return f"{count_text(value)} {unit_word(numerator, value)}"
    return f"{_rate(value, numerator)} per {_denominator(denominator)}"


def money_text(value: Decimal, currency: str | None, digits: int = 2) -> str:
    """`-$12.00`, `$0.0000008`, `CHF 12.00`; without a currency `12.00 (no currency given)`."""
    sign, number = "-" if value < 0 else "", _grouped(abs(value), digits)
    if currency is None or currency == UNKNOWN_CURRENCY:
        return f"{sign}{number} (no currency given)"
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{currency} {number}"


def percent_text(ratio: Decimal) -> str:
    """A fraction 0–1 as `62.2 %`."""
    percent = ratio * 100
    return f"{'-' if percent < 0 else ''}{_grouped(abs(percent), 1)} %"


def count_text(value: Decimal) -> str:
    """`123,456`, `466.1 billion`; parts of one as far as they show."""
    sign, size = "-" if value < 0 else "", abs(value)
    for scale, word in _SCALES:
        scaled = _rounded(size / scale, 1)
        if scaled >= 1 and size >= Decimal(10) ** 6:
            return f"{sign}{scaled:,.1f} {word}"
    if size == size.to_integral_value():
        return f"{sign}{size:,.0f}"
    return f"{sign}{_grouped(size, 2)}"


def unit_word(unit: str, value: Decimal) -> str:
    """The unit's word, singular for one: `1 request`."""
    return unit[:-1] if value == 1 and unit.endswith("s") else unit


def name_text(name: Cell) -> str:
    """A name from the data on one line: invisible characters made visible, a long name cut, none `(not set)`."""
    if name is None or name == "":
        return NOT_SET
    text = "".join(visible(character) for character in " ".join(str(plain(name)).split())) or BLANK
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def escaped(text: str) -> str:
    """Text as Markdown that shows it as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def unescaped(text: str) -> str:
    """What Markdown made by `escaped` shows."""
    return re.sub(r"\\(.)", r"\1", text)


def has_numeral(text: str) -> bool:
    """Whether a character of any script stands for a number."""
    return any(unicodedata.category(c)[0] == "N" for c in text)


def _rate(value: Decimal, numerator: str) -> str:
    """Money has 2 to 4 decimals, below a hundredth 4 digits that count."""
    if not is_currency(numerator):
        return f"{count_text(value)} {unit_word(numerator, value)}"
    shown = Context(prec=4, rounding=ROUND_HALF_UP).plus(value) if abs(value) < Decimal("0.01") else _rounded(value, 4)
    decimals = len((plain(shown) or "").partition(".")[2])
    return money_text(shown, numerator, digits=max(2, decimals))


def _denominator(text: str) -> str:
    return text.replace("1M ", "million ", 1) if text.startswith("1M ") else unit_word(text, Decimal(1))


def _grouped(size: Decimal, digits: int) -> str:
    """A size with thousands separators and `digits` decimals; more where those would show zero."""
    if size and _EXACT.compare(size, Decimal(1).scaleb(-digits)) < 0:
        shown = Context(prec=2, rounding=ROUND_HALF_UP).plus(size)
        return plain(shown) or "0"
    return f"{_rounded(size, digits):,.{digits}f}"


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_EXACT)


def visible(character: str) -> str:
    is_hidden = character != " " and unicodedata.category(character)[0] in "CZ"
    return "\N{REPLACEMENT CHARACTER}" if is_hidden else character
