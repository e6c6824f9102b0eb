"""Questions about the data itself: what there is, how fresh it is, what things are called."""

from agent.planner.calls import PlannedCall
from agent.planner.lexicon import Lexicon
from agent.planner.reading import Reading


def about_data(reading: Reading, lexicon: Lexicon) -> PlannedCall | None:
    """The describe_data call of a question about the data; None for questions about cost."""
    if _asks_for_unpriced(reading):
        return _describe("unpriced")
    if reading.metrics == ["Rows"] and reading.value_of("data") in ("quarantine", "defects"):
        return _describe(reading.value_of("data") or "overview")
    if reading.value_of("data") == "periods" and not (reading.metrics or reading.groups or reading.filters):
        return _describe("periods")
    if reading.metrics or reading.times or reading.has("rank", "most", "share", "change", "compare", "threshold"):
        return None
    if reading.has("help"):
        return _describe("overview")
    about = reading.value_of("data")
    listed = reading.has("exist", "list", "which") and not reading.has("by", "drivers")
    if (
        len(reading.groups) == 1
        and listed
        and reading.counted is None
        and reading.granularity is None
        and not reading.filters
    ):
        return _describe("sources") if reading.groups == ["x_Source"] else _describe("values", reading.groups[0])
    if about is not None and not reading.groups:
        return _describe(about)
    if reading.has("exist") and not reading.groups and not reading.filters:
        return _describe("overview")
    return None


def _asks_for_unpriced(reading: Reading) -> bool:
    """Whether there is unpriced usage, rather than how much of it in some period."""
    only = "UnpricedTokens" in reading.metrics and set(reading.metrics) <= {"UnpricedTokens", "ConsumedQuantity"}
    return only and not reading.groups and not reading.times and not reading.has("count", "how_much")


def _describe(about: str, dimension: str | None = None) -> PlannedCall:
    return PlannedCall("describe_data", {"about": about} | ({"dimension": dimension} if dimension else {}))
