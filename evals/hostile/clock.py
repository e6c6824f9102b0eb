"""How long this thread was ready to run and had no processor, so that a busy machine is not taken for an overrun."""

from decimal import Decimal
from pathlib import Path

_SCHEDULED = Path("/proc/thread-self/schedstat")
"""Linux: nanoseconds on a processor, nanoseconds waiting for one, and the number of turns, of the reading thread."""


def seconds_kept_waiting() -> Decimal:
    """Since the thread began; 0 where the system doesn't tell."""
    try:
        _, waited, _ = _SCHEDULED.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return Decimal(0)
    return Decimal(waited) / 10**9
