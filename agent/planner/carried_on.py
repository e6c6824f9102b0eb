"""What a follow-up takes over from the question before, beyond what it leaves unsaid."""

from collections.abc import Sequence

from agent.planner.periods import Periods
from agent.planner.reading import Reading
from agent.planner.text import words
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.scope import Filter

_BACK = words("again back")
_WITH = words("with include including add")
_UNTIL = words("until till til through")
_AMONG = words("among amongst")
TOKEN_TYPE = "x_TokenType"


def put_back(before: CostQuery, reading: Reading) -> CostQuery | None:
    """ "with AWS again", after "excluding AWS": the query without that exclusion."""
    is_asked = reading.tokens[0].low in _WITH and bool(reading.lows() & (_BACK | words("include including")))
    if not is_asked or reading.metrics or reading.groups or not reading.filters:
        return None
    wanted = {(one.dimension, value) for one in reading.filters for value in one.values}
    kept = [left for one in before.filters if (left := _without(one, wanted)) is not None]
    return before.model_copy(update={"filters": tuple(kept)}) if tuple(kept) != before.filters else None


def _without(filter_: Filter, wanted: set[tuple[str, str]]) -> Filter | None:
    if filter_.operator != "not_in":
        return filter_
    values = tuple(value for value in filter_.values if (filter_.dimension, value) not in wanted)
    return filter_.model_copy(update={"values": values}) if values else None


def ranks_what_is_shown(before: CostQuery, reading: Reading) -> bool:
    """ "top 3 models", after a breakdown by model: of what was broken down."""
    says_more = reading.metrics or reading.times or reading.filters or reading.has("which", "how_much", "list", "price")
    return reading.has("rank") and not says_more and tuple(reading.groups) == before.group_by


def is_among(reading: Reading) -> bool:
    """ "and among teams?": the same pick, from others."""
    return bool(reading.lows() & _AMONG)


def counts_what_is_shown(before: CostQuery, reading: Reading) -> bool:
    """ "how many projects is that?": the breakdown again, which says how many there are."""
    counted = reading.counted or next(iter(reading.groups), None)
    return reading.has("count") and not reading.metrics and before.group_by == (counted,)


def breaks_down_anew(before: CostQuery, reading: Reading) -> bool:
    """ "by model", after "month by month": instead of the months, where "and by model" would add to them."""
    begins = reading.spans[0].kind == "by" and not reading.has("also", "link", "grain")
    return begins and bool(reading.groups) and before.granularity is not None and not before.group_by


def until_then(before: CostQuery, reading: Reading, when: Periods) -> Period | None:
    """ "until the end of September", after "since July": from where the period before began."""
    if len(reading.times) != 1 or before.period is None or when.period is None:
        return None
    said = reading.tokens[reading.times[0].start].low in _UNTIL
    fits = before.period.start < when.period.end
    return Period(start=before.period.start, end=when.period.end) if said and fits else None


def of_all_tokens(metrics: Sequence[str], reading: Reading) -> tuple[str, ...] | None:
    """ "and output?", after input tokens: tokens, as the kind is said by a filter now."""
    by_kind = any(one.dimension == TOKEN_TYPE for one in reading.filters)
    one_kind = bool(metrics) and all(name.endswith("Tokens") and name != "Tokens" for name in metrics)
    return ("Tokens",) if by_kind and one_kind and not reading.metrics else None
