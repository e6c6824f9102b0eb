"""From a reading to a query of costs."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from agent.planner.calls import PlannedCall
from agent.planner.lexicon import Lexicon
from agent.planner.periods import Periods, periods
from agent.planner.reading import RATES, Reading
from agent.planner.text import words
from tools.domain.query import CostQuery, Granularity, Threshold
from tools.domain.scope import Filter

_SEVERAL = 5
"""How many a plural superlative without a number shows: "the most expensive models"."""


def query_call(query: CostQuery) -> PlannedCall:
    """The call with what differs from the defaults, and always the metrics."""
    arguments = query.model_dump(mode="json", exclude_defaults=True)
    return PlannedCall("query_costs", {"metrics": list(query.metrics), **arguments})


def build_query(reading: Reading, lexicon: Lexicon, as_of: date) -> CostQuery:
    """The query that a complete question asks for."""
    when = periods(reading, as_of)
    fields: dict[str, Any] = {
        "metrics": tuple(reading.metrics) or ("EffectiveCost",),
        "period": when.period,
        "compare_to": when.compare_to,
        "currency": reading.currency,
    }
    grain = reading.granularity or when.granularity or _day_of_the_most(reading)
    groups = _groups(reading, lexicon, when)
    fields |= {"group_by": tuple(groups), "granularity": grain, "filters": _filters(reading, groups)}
    fields |= _ranking(reading, groups, grain, when)
    if reading.has("share") and not reading.has("ratio", "change") and reading.threshold is None:
        fields["with_share"] = True
        fields["filters"] = tuple(f for f in fields["filters"] if f.dimension not in groups or f.operator != "in")
    fields["threshold"] = _threshold(reading, when)
    return CostQuery(**{name: value for name, value in fields.items() if value is not None})


_ALWAYS_NAMED = words(
    "ServiceName ServiceCategory HostProviderName ServiceProviderName InvoiceIssuerName ChargeCategory BillingCurrency"
)


def _day_of_the_most(reading: Reading) -> Granularity | None:
    """when did we spend the most?"""
    asks = "when" in reading.lows() and reading.has("rank", "most") and not reading.groups
    return "day" if asks else None


def _filters(reading: Reading, groups: list[str]) -> tuple[Filter, ...]:
    """The filters that were said; and what is ranked or counted has a name: no team is not a team."""
    filters = list(reading.filters)
    named_only = reading.has("rank", "most", "ratio") or reading.counted is not None or reading.threshold is not None
    if named_only and not reading.has("missing", "share"):
        people = ["x_Team"] if not reading.groups and groups == ["x_Team"] else []
        return ranked_filters(tuple(filters), (*reading.groups, *people))
    return tuple(filters)


def ranked_filters(filters: tuple[Filter, ...], groups: Sequence[str]) -> tuple[Filter, ...]:
    """The filters of a breakdown of which only the first few are asked for: "(not set)" has no place among them."""
    said = {filter_.dimension for filter_ in filters if filter_.operator != "not_in"}
    wanted = [name for name in groups if name not in said and name not in _ALWAYS_NAMED]
    return (*filters, *(Filter(dimension=name, operator="is_not_null") for name in wanted[:1]))


def _groups(reading: Reading, lexicon: Lexicon, when: Periods) -> list[str]:
    groups = list(reading.groups)
    if groups:
        return groups
    if (
        reading.lows() & {"who", "spender", "spenders"}
        and ("who" in reading.lows() or reading.has("rank", "most", "change", "threshold"))
        and lexicon.values.get("x_Team")
    ):
        return ["x_Team"]
    if reading.has("share") and reading.names and not reading.has("ratio", "change"):
        return [_part(reading)]
    if reading.granularity is not None or when.granularity is not None or _day_of_the_most(reading):
        return []
    if reading.has("why", "drivers", "breakdown"):
        return [lexicon.default_dimension]
    compares = when.compare_to is not None and reading.has("change")
    ranked = reading.has("rank", "most")
    if ranked and not _compares_totals(reading):
        return [lexicon.default_dimension]
    if compares and _asks_what_changed(reading):
        return [lexicon.default_dimension]
    return []


def _asks_what_changed(reading: Reading) -> bool:
    """what changed, which grew: the thing is asked for; "by what percentage" asks for its size."""
    saying = [span for span in reading.spans if span.kind != "filler"]
    return any(
        a.kind == "which" and b.kind in ("change", "time") for a, b in pairwise(saying)
    ) and not _compares_totals(reading)


def _part(reading: Reading) -> str:
    """The dimension whose share is asked for: production's in "what share of AWS spend is production"."""
    verb = next((t.start for t in reading.tokens if t.low in _SHARE_VERBS), 0)
    after = [
        span for span in reading.spans if span.kind in ("names", "fixed") and reading.tokens[span.start].start > verb
    ]
    named = [span for span in reading.spans if span.kind in ("names", "fixed")]
    index = named.index(after[0]) if after and verb and reading.text(named[0]) else 0
    return reading.names[min(index, len(reading.names) - 1)].dimension


_SHARE_VERBS = words("is are was were comes came goes went belongs")


def _compares_totals(reading: Reading) -> bool:
    """Whether "more" or "what" only compares totals: "what was the change", "did we spend more than last month"."""
    lows = reading.lows()
    if reading.has("baseline") and "more" in lows:
        return True
    asks_size = {"change", "difference", "increase", "growth", "decrease", "delta", "variance"} & lows
    return bool(asks_size) and not reading.has("rank", "most")


def _ranking(reading: Reading, groups: list[str], grain: str | None, when: Periods) -> dict[str, Any]:
    ranked = reading.has("rank", "most", "ratio")
    changes = when.compare_to is not None and reading.has("change", "why", "ratio")
    fields: dict[str, Any] = {}
    if groups and changes and (grain is None):
        fields |= change_order(reading)
    elif ranked and reading.order == "ascending":
        fields["order"] = "ascending"
    if grain is not None and not groups and ranked:
        fields["order_by"] = "metric"
        fields["limit"] = reading.limit or 1
        return fields
    if grain is not None and ranked and groups and reading.has("which"):
        fields["order_by"] = "metric"
    fields["limit"] = _limit(reading, groups, ranked, changes)
    return fields


def change_order(reading: Reading) -> dict[str, Any]:
    direction = next((s.value for s in reading.spans if s.kind == "change" and s.value != "any"), "any")
    if reading.has("why"):
        direction = "any"
    if reading.has("ratio"):
        return {"order_by": "change_ratio", "order": "ascending" if direction == "down" else "descending"}
    if direction == "any":
        return {"order_by": "absolute_change"}
    return {"order_by": "change", "order": "ascending" if direction == "down" else "descending"}


def _limit(reading: Reading, groups: list[str], ranked: bool, changes: bool) -> int | None:
    if reading.limit is not None:
        return reading.limit if groups else None
    if not ranked or not groups or reading.compared_names or reading.has("why"):
        return None
    if len(groups) > 1 or reading.threshold is not None:
        return None
    if "who" in reading.lows() and "are" not in reading.lows():
        return 1
    if _asks_for_one(reading):
        return 1
    if reading.has("change") and len(reading.groups) == 1 and _one_change(reading):
        return 1
    one = bool(reading.groups) and not reading.plural_group and not _is_superlative_default(reading)
    return 1 if one else _SEVERAL


def _asks_for_one(reading: Reading) -> bool:
    """which of our customers cost us the least · among our customers, whose cost grew most"""
    said = " ".join(token.low for token in reading.tokens)
    if "where" in reading.lows() and reading.has("most") and reading.has("change") and len(reading.groups) == 1:
        return not reading.plural_group
    asks = "whose" in reading.lows() or "which of " in said or "which one of " in said
    return asks and bool(reading.groups) and "are" not in reading.lows()


def _one_change(reading: Reading) -> bool:
    """the largest decrease by model: one of them; "the largest decreases" are several"""
    pairs = pairwise(span for span in reading.spans if span.kind != "filler")
    return any(
        a.kind == "rank" and b.kind == "change" and reading.tokens[b.end - 1].low in _ONE_CHANGE for a, b in pairs
    )


_ONE_CHANGE = words("decrease increase drop rise fall jump decline gain reduction swing spike surge dip growth")


def _is_superlative_default(reading: Reading) -> bool:
    """Whether the ranked thing was not named with its own word: "biggest costs by model" shows several."""
    broken_down = any(a.kind == "by" and b.kind == "dimension" for a, b in pairwise(reading.spans))
    return broken_down and not reading.has("which")


def _threshold(reading: Reading, when: Periods) -> Threshold | None:
    if reading.threshold is None:
        return None
    operator, value, percent = reading.threshold
    changes = when.compare_to is not None and reading.has("change", "ratio")
    if changes and any(span.kind == "change" and span.value == "down" for span in reading.spans):
        operator, value = "under", -value
    if percent:
        rated = not changes and bool(reading.metrics) and reading.metrics[0] in RATES
        column = "change_ratio" if changes else "metric" if rated else "share"
        return Threshold(operator=operator, value=value / Decimal(100), column=column)  # type: ignore[arg-type]
    value = Decimal(format(value, "f"))
    return Threshold(operator=operator, value=value, column="change" if changes else "metric")  # type: ignore[arg-type]
