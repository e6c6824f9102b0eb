"""Slurm's forms of a time limit.

Source: sbatch(1), --time: "minutes", "minutes:seconds", "hours:minutes:seconds", "days-hours", "days-hours:minutes" and
"days-hours:minutes:seconds"; seconds are rounded up to the next minute, and zero is no limit.
"""

import re
from decimal import Decimal

_CLOCK = re.compile(r"^(?:(?P<days>\d+)-)?(?P<parts>\d+(?::\d+){0,2})$")
_UNLIMITED = ("infinite", "unlimited", "-1")


def hours_of(text: str) -> Decimal | None:
    """The limit in hours; None for no limit. Raises ValueError for what is no time."""
    written = text.strip()
    if written.lower() in _UNLIMITED:
        return None
    found = _CLOCK.match(written)
    if found is None:
        raise ValueError(f"{text!r} is no time of Slurm; write minutes, hours:minutes:seconds or days-hours:minutes")
    parts = [int(one) for one in found["parts"].split(":")]
    if found["days"] is not None:
        hours, minutes, seconds = [*parts, 0, 0][:3]
        hours += 24 * int(found["days"])
    elif len(parts) == 3:
        hours, minutes, seconds = parts
    else:
        hours, (minutes, seconds) = 0, [*parts, 0][:2]
    total = hours * 60 + minutes + (1 if seconds % 60 else 0) + seconds // 60
    return Decimal(total) / 60 if total else None
