"""Follow-ups: short questions that change something in the previous query and keep the rest."""

from datetime import date
from typing import Any

from agent.planner.build import build_query, change_order, query_call, ranked_filters
from agent.planner.calendar import a_year_before, to_date
from agent.planner.calls import PlannedCall, ask_back, decline
from agent.planner.carried_on import (
    breaks_down_anew,
    counts_what_is_shown,
    is_among,
    of_all_tokens,
    put_back,
    ranks_what_is_shown,
    until_then,
)
from agent.planner.fixed_values import EXCLUDED_METRICS
from agent.planner.lexicon import Lexicon
from agent.planner.periods import periods, series_grain, shifted_back
from agent.planner.reading import Reading
from agent.planner.suggestions import suggestions
from agent.planner.text import words
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.scope import Filter

_STARTS = words(
    "and only just what how same now also but ok okay then instead without excluding exclude except by per as in for "
    "with why top bottom sort sorted order rank over since on not ignoring split break group compared versus "
    "vs include drop"
)


def follow_up(reading: Reading, lexicon: Lexicon, as_of: date, previous: PlannedCall | None) -> PlannedCall | None:
    """The previous query with what the question changes; None when the question stands alone."""
    if previous is None or previous.name != "query_costs":
        return None
    before = CostQuery.model_validate(previous.arguments)
    if not _is_short(reading) and not _carries_on(before, reading):
        return None
    if reading.has("exclude") and reading.has("it") and not reading.names and not reading.metrics:
        return _without_it(before, lexicon)
    after = put_back(before, reading) or _lifted(before, reading) or _merged(before, reading, lexicon, as_of)
    if after.period is not None and after.period.start > as_of:
        return decline("no_data", "That has not happened yet, so nothing is loaded for it.", suggestions(lexicon))
    if after == before and not reading.has("again", "time") and not counts_what_is_shown(before, reading):
        return decline("not_understood", "That changes nothing in the question before.", suggestions(lexicon))
    return query_call(after)


def _carries_on(before: CostQuery, reading: Reading) -> bool:
    return _asks_who(before, reading) or _asks_what_moved(before, reading) or ranks_what_is_shown(before, reading)


def _asks_who(before: CostQuery, reading: Reading) -> bool:
    """ "who spends the most", after a breakdown by customer: one of those customers."""
    ranks = (
        "who" in reading.lows() and reading.has("rank", "most") and not reading.has("data", "help", "exist", "price")
    )
    return ranks and bool(_PEOPLE & set(before.group_by)) and not reading.groups


def _asks_what_moved(before: CostQuery, reading: Reading) -> bool:
    """ "which provider grew the most?", after a comparison: between the same periods."""
    return before.compare_to is not None and not reading.times and bool(reading.groups) and reading.has("change")


_PEOPLE = frozenset(["x_Team", "x_Customer"])


def _lifted(before: CostQuery, reading: Reading) -> CostQuery | None:
    """ "drop the team filter", "include taxes again": the previous query without some of its filters."""
    if reading.has("exclude") and reading.lows() & {"filter", "filters"}:
        dimensions = {span.value for span in reading.spans if span.kind == "dimension"}
        kept = [f for f in before.filters if dimensions and f.dimension not in dimensions]
        return before.model_copy(update={"filters": tuple(kept)})
    if reading.tokens[0].low in ("include", "including") and reading.metrics and not reading.groups:
        back = [EXCLUDED_METRICS[name] for name in reading.metrics if name in EXCLUDED_METRICS]
        if len(back) == len(reading.metrics):
            gone = {(names.dimension, value) for names in back for value in names.values}
            kept = [f for f in before.filters if f.operator != "not_in" or (f.dimension, f.values[0]) not in gone]
            return before.model_copy(update={"filters": tuple(kept)})
    return None


def _is_short(reading: Reading) -> bool:
    """Whether the question leans on the one before: no sentence of its own, and something to change."""
    alone = reading.times or reading.filters or reading.groups
    points = reading.has("it") or "it" in reading.lows()
    if points and not reading.has("help", "price", "exist") and not (reading.metrics and alone):
        return True
    if reading.has("data", "help", "exist", "list", "price") and not reading.has("again", "why"):
        return False
    first = reading.tokens[0].low if reading.tokens else ""
    if reading.has("why") and not reading.metrics and not reading.groups:
        return True
    if reading.metrics and not alone and _is_only_a_metric(reading):
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


def _is_only_a_metric(reading: Reading) -> bool:
    """ "how many tokens?" · "cache hit rate?" · "what did they cost?": of what was just spoken of"""
    if reading.has("rank", "most", "drivers", "total", "compare", "share", "list", "price"):
        return False
    return bool(reading.lows() & {"they", "them", "those", "these"}) or len(reading.tokens) <= _FEW_WORDS


_FEW_WORDS = 4


def _leans(reading: Reading, first: str) -> bool:
    if first == "what" and not reading.has("again") and len(reading.tokens) > _FEW_WORDS:
        return False
    return reading.has("again", "also", "it") or (first in _STARTS and not reading.has("how_much", "which", "count"))


def _merged(before: CostQuery, reading: Reading, lexicon: Lexicon, as_of: date) -> CostQuery:
    said = build_query(reading, lexicon, as_of)
    groups = _groups(before, reading, lexicon)
    fields: dict[str, Any] = {name: getattr(before, name) for name in CostQuery.model_fields}
    if reading.metrics:
        sorts = reading.tokens[0].low in ("sort", "sorted", "order", "rank")
        fields["metrics"] = tuple(dict.fromkeys((*said.metrics, *(before.metrics if sorts else ()))))
    fields["filters"] = _filters(before, said, reading, groups)
    fields["metrics"] = of_all_tokens(before.metrics, reading) or fields["metrics"]
    _period(fields, before, reading, as_of)
    _grouping(fields, groups, said, reading, lexicon)
    for name in ("currency", "threshold"):
        fields[name] = getattr(said, name) or fields[name]
    fields["with_share"] = before.with_share or said.with_share
    if breaks_down_anew(before, reading):
        fields["granularity"] = None
    picks = (
        reading.limit is not None
        or (fields["limit"] is not None and is_among(reading))
        or (reading.has("rank", "most") and fields["limit"] is not None)
    )
    if picks and not fields["with_share"] and not reading.has("missing") and fields["granularity"] is None:
        fields["filters"] = ranked_filters(fields["filters"], fields["group_by"])
    return CostQuery(**_consistent(fields))


def _groups(before: CostQuery, reading: Reading, lexicon: Lexicon) -> tuple[str, ...] | None:
    """The new breakdown; None keeps the old one. "also by" adds, "all teams" only lifts a filter."""
    said = [name for name in reading.groups if not (before.group_by and name == reading.implied_group)]
    people = _PEOPLE & set(before.group_by)
    if not said and "who" in reading.lows() and not people and lexicon.values.get("x_Team"):
        return ("x_Team",)
    if not said and (against := _set_against(before, reading)) is not None:
        return (against.dimension,)
    if not said or _lifts(before, reading):
        return None
    return tuple(dict.fromkeys((*(before.group_by if reading.has("also") else ()), *said)))


def _set_against(before: CostQuery, reading: Reading) -> Filter | None:
    """The filter that "is that more than Anthropic" sets beside the one there was, for both."""
    if not reading.has("baseline") or reading.times:
        return None
    for said in reading.filters:
        for old in before.filters:
            if (said.dimension, said.operator, old.operator) == (old.dimension, "in", "in"):
                return said.model_copy(update={"values": tuple(dict.fromkeys((*old.values, *said.values)))})
    return None


def _lifts(before: CostQuery, reading: Reading) -> bool:
    """all teams · across all projects, where one of them was asked about"""
    if not reading.lows() & {"all", "every"} or reading.has("rank", "most", "which", "breakdown"):
        return False
    filtered = {filter_.dimension for filter_ in before.filters if filter_.operator == "in"}
    everywhere = any(span.kind == "by" and reading.text(span).lower().endswith(" all") for span in reading.spans)
    return not reading.has("by") or (everywhere and bool(filtered & set(reading.groups)))


def _filters(
    before: CostQuery, said: CostQuery, reading: Reading, groups: tuple[str, ...] | None
) -> tuple[Filter, ...]:
    """A filter on a dimension replaces the one there was; "all teams" lifts it."""
    if (both := _set_against(before, reading)) is not None:
        return (*(f for f in before.filters if f.dimension != both.dimension), both)
    shown = before.group_by if groups is None else groups
    wanted = [f for f in said.filters if f in reading.filters or f.dimension in shown]
    if reading.has("also"):
        wanted = [_added_to(before, filter_) for filter_ in wanted]
    gone = {filter_.dimension for filter_ in wanted}
    if reading.lows() & {"each", "every"}:
        gone |= {f.dimension for f in before.filters if f.dimension in reading.groups and len(f.values) == 1}
    if reading.has("everyone"):
        gone |= {filter_.dimension for filter_ in before.filters}
    if _lifts(before, reading):
        gone |= set(reading.groups)
    kept = [filter_ for filter_ in before.filters if filter_.dimension not in gone]
    if groups is not None:
        implied = [f for f in kept if f.operator == "is_not_null" and f.dimension in before.group_by]
        kept = [f for f in kept if f not in implied or f.dimension in groups]
    return (*kept, *wanted)


def _added_to(before: CostQuery, filter_: Filter) -> Filter:
    """ "leave out search too": what was left out before stays out."""
    same = [
        f
        for f in before.filters
        if (f.dimension, f.operator) == (filter_.dimension, filter_.operator) == (f.dimension, "not_in")
    ]
    values = tuple(dict.fromkeys(value for one in (*same, filter_) for value in one.values))
    return filter_.model_copy(update={"values": values})


def _period(fields: dict[str, Any], before: CostQuery, reading: Reading, as_of: date) -> None:
    when = periods(reading, as_of)
    shifts = [span.time for span in reading.times if span.time and span.time.kind == "shift"]
    if shifts and len(reading.times) == 1:
        base = before.period or to_date("month", as_of)
        moved = shifted_back(base, shifts[0])
        compares = reading.has("compare", "baseline", "change", "why")
        fields["compare_to" if compares else "period"] = (
            moved if moved != base.preceding() or not compares else "previous"
        )
    elif _is_over_a_year(reading) and before.period is not None:
        fields["compare_to"] = a_year_before(before.period)
    elif reading.has("compare") and reading.has("it") and before.period is not None and len(reading.times) == 1:
        fields["compare_to"] = when.period
    else:
        if reading.times and when.period is not None:
            fields["period"] = until_then(before, reading, when) or when.period
            if isinstance(before.compare_to, Period) and when.compare_to is None:
                fields["compare_to"] = "previous"
        if when.compare_to is not None:
            fields["compare_to"] = when.compare_to
    if reading.has("why"):
        fields |= {"granularity": None, "limit": None, "order": "descending"}
        fields["compare_to"] = fields["compare_to"] or "previous"


def _is_over_a_year(reading: Reading) -> bool:
    times = [span.time for span in reading.times if span.time]
    return len(times) == 1 and times[0].kind == "over" and times[0].unit == "year"


def _grouping(
    fields: dict[str, Any], groups: tuple[str, ...] | None, said: CostQuery, reading: Reading, lexicon: Lexicon
) -> None:
    if groups is not None:
        if not reading.has("rank", "most") and fields["group_by"] != groups and not is_among(reading):
            fields["limit"] = None
        fields["group_by"] = groups
    if reading.has("total") and groups is None and not reading.has("share"):
        fields |= {"group_by": (), "limit": None, "granularity": None, "order": "descending", "order_by": None}
    _series(fields, said, reading)
    if reading.limit is not None or reading.has("rank", "most"):
        if not fields["group_by"] and not fields["granularity"]:
            fields["group_by"] = (lexicon.default_dimension,)
        one = 1 if "who" in reading.lows() and fields["group_by"] and not fields["granularity"] else None
        moves = fields["compare_to"] is not None and reading.has("change")
        moved = said.limit if moves and (reading.groups or fields["limit"] is None) else None
        fields["limit"] = reading.limit or one or moved or fields["limit"]
    if reading.has("rank", "most") and reading.order is not None:
        fields["order"] = reading.order
    if reading.has("why"):
        fields["group_by"] = fields["group_by"] or (lexicon.default_dimension,)
    if reading.has("change", "ratio", "why") and fields["compare_to"] is not None and fields["group_by"]:
        fields |= change_order(reading)


def _series(fields: dict[str, Any], said: CostQuery, reading: Reading) -> None:
    """A grain of time that is asked for; a trend is not compared with a period."""
    grain = said.granularity
    if reading.has("trend"):
        fields["compare_to"] = None
        if reading.granularity is None and fields["period"] is not None:
            grain = series_grain(fields["period"])
    if grain is None:
        return
    fields |= {"granularity": grain, "order_by": None, "order": "descending"}
    if fields["period"] is None:
        fields["period"] = said.period


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
