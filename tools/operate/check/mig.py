"""MIG instances as parts of a GPU: `1g.10gb` is one of seven compute slices, and one of eight memory slices.

Source: NVIDIA Multi-Instance GPU user guide, the profiles of A100, H100, H200 and B200.
"""

import re
from decimal import Decimal

from tools.operate.check.span import Span
from tools.semantic.numbers import QUOTIENT

COMPUTE_SLICES, MEMORY_SLICES = 7, 8
_PROFILE = re.compile(r"(\d)g\.(\d{1,3})gb", re.I)
_SIZES = {"A100": (40, 80), "H100": (80, 96), "H200": (141,), "B200": (180,)}
"""GB of a whole GPU."""
_MEMORY = {1: (1, 2), 2: (2,), 3: (4,), 4: (4,), 7: (8,)}
"""Compute slices of a profile → memory slices that go with it."""
_NEAR = 0.1


def part_of_gpu(profile: str, card: str | None, memory_gib: Decimal | None = None) -> Span | None:
    """Between the shares of compute and of memory that a profile takes; None for what is no profile.

    A GPU of which an instance takes a seventh of the compute and an eighth of the memory holds seven of them: what the
    instance costs lies between. Where a card comes in two sizes and the profile fits both, the span holds both.
    """
    found = _PROFILE.search(profile)
    if found is None or int(found[1]) not in _MEMORY:
        return None
    slices, memory = int(found[1]), int(found[2])
    fits = {one for size in _sizes(card, memory_gib) if (one := _slices(memory, size)) in _MEMORY[slices]}
    shares = [QUOTIENT.divide(Decimal(one), Decimal(MEMORY_SLICES)) for one in fits or {_MEMORY[slices][0]}]
    shares.append(QUOTIENT.divide(Decimal(slices), Decimal(COMPUTE_SLICES)))
    return Span(min(shares), max(shares))


def _sizes(card: str | None, memory_gib: Decimal | None) -> tuple[int, ...]:
    known = _SIZES.get(card or "") or tuple(sorted({size for sizes in _SIZES.values() for size in sizes}))
    return tuple(size for size in known if memory_gib is None or size == memory_gib) or known


def _slices(memory: int, size: int) -> int | None:
    """The memory slices of a GPU of `size` that `memory` is; None where it is no whole number of them."""
    slices = memory * MEMORY_SLICES / size
    return round(slices) if abs(slices - round(slices)) < _NEAR else None
