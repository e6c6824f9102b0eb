"""Floats become cells: rounded to a fixed number of digits, with parts that sum to their whole exactly.

Linear algebra may differ in its last bits between machines; what is rounded this far does not, so that `outlay verify`
finds the same figures.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

_EXACT = Context(prec=80)
SIGNIFICANT = 6
MOST_DECIMALS, CENTS = 12, 2


def quantum_of(size: float, *, is_count: bool = False) -> Decimal:
    """The unit of the last digit for amounts of about `size`: cents, finer below 10,000 cents; 1 for counts."""
    if is_count and size >= 100:
        return Decimal(1)
    whole_digits = len(str(int(abs(size)))) if abs(size) >= 1 else Decimal(repr(abs(size) or 1.0)).adjusted() + 1
    decimals = min(MOST_DECIMALS, max(CENTS, SIGNIFICANT - whole_digits))
    return Decimal(1).scaleb(-decimals)


def rounded(value: float, quantum: Decimal) -> Decimal:
    return Decimal(repr(float(value))).quantize(quantum, rounding=ROUND_HALF_EVEN, context=_EXACT)


def shared_out(whole: Decimal, parts: Sequence[float], quantum: Decimal) -> tuple[Decimal, ...]:
    """`whole` divided in proportion to `parts` (proportional reconciliation), each a multiple of `quantum`.

    They sum to `whole` exactly: what rounding leaves goes to the largest. Where parts of both signs are, the
    difference to their sum is shared by size instead.
    """
    found = [rounded(part, quantum) for part in _scaled(float(whole), parts)]
    left = whole - sum(found, Decimal(0))
    if found and left:
        largest = max(range(len(found)), key=lambda index: (abs(found[index]), -index))
        found[largest] += left
    return tuple(found)


def _scaled(whole: float, parts: Sequence[float]) -> list[float]:
    total, sizes = sum(parts), sum(abs(part) for part in parts)
    if not sizes:
        return [whole / len(parts)] * len(parts)
    if total > 0 and min(parts) >= 0:
        return [part * whole / total for part in parts]
    return [part + (whole - total) * abs(part) / sizes for part in parts]
