"""Hours that bills say a machine ran, in a window that may begin or end within a day, and reach further than the bills.

Samples are measured against them: an hour that was charged and has no sample is a gap, another one is none.
"""

from datetime import date, datetime, time, timedelta
from fractions import Fraction

LEAST_REACH = Fraction(1, 2)
"""Of a window: where bills reach less, they say too little of the rest."""

HOURS_OF_DAY = (
    "date_diff('hour', GREATEST(CAST({day} AS TIMESTAMP), CAST(? AS TIMESTAMP)), "
    "LEAST(CAST({day} AS TIMESTAMP) + INTERVAL 1 DAY, CAST(? AS TIMESTAMP)))"
)
"""SQL for the hours of a day that lie in a window; its parameters are the window's start and end, as text."""


def billed_share(start: datetime, end: datetime, through: date | None) -> Fraction | None:
    """The share of a window's hours that lie in days which bills reach; None where they reach too little of it.

    `through`: the last day with bills. The days after it are taken to be like those before.
    """
    if through is None or end <= start:
        return None
    reached = min(end, datetime.combine(through + timedelta(days=1), time())) - start
    share = Fraction(max(0, int(reached.total_seconds())), int((end - start).total_seconds()))
    return share if share >= LEAST_REACH else None
