"""The causes of a difference between two accounts of the same usage."""

from typing import NamedTuple


class Cause(NamedTuple):
    """A cause by its key in the query, as people read it, and whether it explains its amount."""

    key: str
    label: str
    is_known: bool = True


CAUSES: tuple[Cause, ...] = (
    Cause("tax", "taxes"),
    Cause("credit", "credits"),
    Cause("correction", "refunds and corrections"),
    Cause("purchase", "purchases and fees"),
    Cause("other_unit", "charges that are not for tokens"),
    Cause("unpriced", "usage without a known price"),
    Cause("open", "months that are not billed yet"),
    Cause("missing", "usage that the records lack altogether"),
    Cause("outage", "days without any records"),
    Cause("extra", "usage that is only in the records"),
    Cause("day_boundary", "days cut at another hour"),
    Cause("batch", "batch usage priced as standard"),
    Cause("tier", "usage priced in another service tier"),
    Cause("cached", "cached tokens counted differently"),
    Cause("rounding", "rounding of lines to cents"),
    Cause("quantity", "unexplained: other quantities", is_known=False),
    Cause("price", "unexplained: other prices", is_known=False),
)
"""In the order in which people look for them. An amount that no cause accounts for is shown as unexplained."""
