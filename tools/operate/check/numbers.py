"""Numbers in plans: exact, or not known. A word or a template is no number, and never 0."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

SMALLEST, LARGEST = Decimal("1e-12"), Decimal("1e24")
"""Tokens of the largest runs are some 1e14."""
_SUFFIXES = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
_QUANTITY = re.compile(r"^([0-9]+(?:\.[0-9]+)?)(k|M|G|T|Ki|Mi|Gi)?$")


def count_of(value: Any) -> int | None:
    """A whole number that is not negative, written as one; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 <= value < 10**12 else None
    text = str(value).strip() if value is not None else ""
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None


def quantity_of(value: Any) -> int | None:
    """A Kubernetes quantity of whole things: 2, "2", 1k."""
    found = _QUANTITY.match(str(value).strip()) if value is not None else None
    if found is None:
        return None
    number = Decimal(found[1]) * _SUFFIXES.get(found[2] or "", 1)
    return int(number) if number == number.to_integral_value() else None


def number_of(value: Any) -> Decimal | None:
    """A number that is not negative: 2e-5, 7_000_000_000, 1.5; None for anything else, and for what no plan means."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    is_sensible = number.is_finite() and (number == 0 or SMALLEST <= number <= LARGEST)
    return number if is_sensible else None
