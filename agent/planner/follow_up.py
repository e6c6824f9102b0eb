"""Follow-ups: short questions that change something in the previous query and keep the rest."""

from datetime import date
from typing import Any

from agent.planner.build import build_query, query_call
from agent.planner.calls import PlannedCall, ask_back, decline
from agent.planner.lexicon import Lexicon
from agent.planner.periods import periods, series_grain
from agent.planner.reading import Reading
from agent.planner.suggestions import suggestions
from agent.planner.text import words
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.scope import Filter

_STARTS = words(
    "and only just what how same now also but ok okay then instead without excluding exclude except by per as in for "
    "with why top bottom over since on not ignoring split break group compared versus vs include drop"
)


def follow_up(reading: Reading, lexicon: Lexicon, as_of: date, previous: PlannedCall | None) -> PlannedCall | None:
    """The previous query with what the question changes; None when the question stands alone."""
    if previous is None or previous.name != "query_costs" or not _is_short(reading):
        return None
    before = CostQuery.model_validate(previous.arguments)
    if reading.has("exclude") and reading.has("it") and not reading.names and not reading.metrics:
        return _without_it(before, lexicon)
    return query_call(_merged(before, reading, lexicon, as_of))


def _is_short(reading: Reading) -> bool:
    """Whether the question leans on the one before: no sentence of its own, and something to change."""
    if reading.has("data", "help", "exist", "list", "price") and not reading.has("again", "why"):
        return False
    first = reading.tokens[0].low if reading.tokens else ""
    if reading.has("why") and not reading.metrics and not reading.groups:
        return True
    whole = bool(reading.metrics) and reading.has("how_much", "which", "rank", "most", "count", "compare", "drivers")
    if whole and not (reading.has("again") or first == "and"):
        return False
    if reading.has("rank", "most") and reading.groups and not reading.has("again") and first != "and":
        return False
    if reading.metrics and (reading.groups or reading.times or reading.filters) and not _leans(reading, first):
        return False
    if not reading.metrics and not reading.has("how_much", "count", "drivers"):
        return True
    return _leans(reading, first) or len(reading.tokens) <= 2


def _leans(reading: Reading, first: str) -> bool:
    return reading.has("again", "also", "it") or (first in _STARTS and not reading.has("how_much", "which", "count"))


def _merged(before: CostQuery, reading: Reading, lexicon: Lexicon, as_of: date) -> CostQuery:
    said = build_query(reading, lexicon, as_of)
    fields: dict[str, Any] = {name: getattr(before, name) for name in CostQuery.model_fields}
    if reading.metrics:
        fields["metrics"] = said.metrics
    fields["filters"] = _filters(before, reading)
    _period(fields, before, said, reading, as_of)
    _grouping(fields, before, said, reading, lexicon)
    for name in ("currency", "threshold"):
        fields[name] = getattr(said, name) or fields[name]
    fields["with_share"] = before.with_share or said.with_share
    return CostQuery(**_consistent(fields))


def _filters(before: CostQuery, reading: Reading) -> tuple[Filter, ...]:
    """A filter on a dimension replaces the one there was; "all teams" lifts it."""
    said = {filter_.dimension for filter_ in reading.filters}
    if reading.has("everyone"):
        said |= {f.dimension for f in before.filters if not reading.groups or f.dimension in reading.groups}
    kept = [filter_ for filter_ in before.filters if filter_.dimension not in said]
    return (*kept, *reading.filters)


def _period(fields: dict[str, Any], before: CostQuery, said: CostQuery, reading: Reading, as_of: date) -> None:
    when = periods(reading, as_of)
    if reading.times and when.period is not None:
        fields["period"] = when.period
        if isinstance(before.compare_to, Period) and when.compare_to is None:
            fields["compare_to"] = "previous"
    if when.compare_to is not None:
        fields["compare_to"] = _baseline(when.compare_to, before, reading)
    if reading.has("why"):
        fields |= {
            "granularity": None,
            "limit": None,
            "order": "descending",
            "compare_to": fields["compare_to"] or "previous",
        }


def _baseline(compare_to: Any, before: CostQuery, reading: Reading) -> Any:
    shifts = [span.time for span in reading.times if span.time and span.time.kind == "shift"]
    if before.period is not None and shifts and shifts[0].unit == "year":
        from agent.planner.calendar import a_year_before

        return a_year_before(before.period)
    return compare_to


def _grouping(fields: dict[str, Any], before: CostQuery, said: CostQuery, reading: Reading, lexicon: Lexicon) -> None:
    if reading.groups:
        kept = before.group_by if reading.has("also") else ()
        fields["group_by"] = tuple(dict.fromkeys((*kept, *reading.groups)))
        if not reading.has("rank", "most") and before.group_by != fields["group_by"]:
            fields["limit"] = None
    if reading.has("total") and not reading.groups:
        fields |= {"group_by": (), "limit": None, "granularity": None, "order": "descending", "order_by": None}
    grain = said.granularity
    if reading.has("trend") and reading.granularity is None and fields["period"] is not None:
        grain = series_grain(fields["period"])
    if grain is not None:
        fields |= {"granularity": grain, "order_by": None, "order": "descending"}
        if reading.granularity is not None and fields["period"] is None:
            fields["period"] = said.period
        if reading.has("trend") and fields["period"] is None:
            fields["period"] = said.period
    if reading.limit is not None or reading.has("rank", "most"):
        if not fields["group_by"] and not fields["granularity"]:
            fields["group_by"] = (lexicon.default_dimension,)
        fields["limit"] = reading.limit or fields["limit"]
    if reading.has("rank", "most") and reading.order is not None:
        fields["order"] = reading.order
    if said.order_by is not None:
        fields |= {"order_by": said.order_by, "order": said.order}
    if reading.has("why"):
        fields["group_by"] = fields["group_by"] or (lexicon.default_dimension,)
        fields["order_by"] = "absolute_change"


def _consistent(fields: dict[str, Any]) -> dict[str, Any]:
    if fields["compare_to"] is None and fields["order_by"] in ("change", "absolute_change", "change_ratio"):
        fields |= {"order_by": None, "order": "descending"}
    if fields["granularity"] is None and fields["order_by"] == "time":
        fields["order_by"] = None
    return fields


def _without_it(before: CostQuery, lexicon: Lexicon) -> PlannedCall:
    """ "exclude it": the one thing the previous question was about."""
    named = [filter_ for filter_ in before.filters if filter_.operator == "in"]
    if len(named) == 1:
        others = [filter_ for filter_ in before.filters if filter_ is not named[0]]
        turned = named[0].model_copy(update={"operator": "not_in"})
        return query_call(before.model_copy(update={"filters": (*others, turned)}))
    if len(named) > 1:
        options = [f"Without {', '.join(filter_.values)}" for filter_ in named]
        return ask_back("Without what?", options)
    return decline(
        "not_understood", "It is not clear what to leave out; name it, as in “without …”.", suggestions(lexicon)
    )
