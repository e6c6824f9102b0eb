"""Late providers are told where an answer depends on them, and only there."""

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace

import pytest

from tools.domain.period import Period
from tools.domain.scope import Filter
from tools.inform.freshness import lateness
from tools.registry import ExpectedLag, ToolContext

NOVEMBER = Period(start=date(2026, 11, 1), end=date(2026, 12, 1))
AS_OF = date(2026, 11, 23)


def _told(
    reach: Mapping[str, date],
    period: Period = NOVEMBER,
    *filters: Filter,
    lag: ExpectedLag = ExpectedLag(),  # noqa: B008
) -> tuple[str, ...]:
    store = SimpleNamespace(reach=dict(reach))
    return lateness(ToolContext(store=store, as_of=AS_OF, lag=lag), period, filters)  # type: ignore[arg-type]


def _provider(operator: str, *values: str) -> Filter:
    return Filter(dimension="HostProviderName", operator=operator, values=values)  # type: ignore[arg-type]


FRESH, LATE = date(2026, 11, 20), date(2026, 11, 10)


def test_what_trails_as_usual_is_not_late() -> None:
    assert _told({"AWS": FRESH, "OpenAI": date(2026, 11, 22)}) == ()


def test_a_late_provider_is_named_with_its_last_day() -> None:
    assert _told({"AWS": FRESH, "OpenAI": LATE}) == (
        "OpenAI is late: its data end on 2026-11-10, and usually trail by 2 days",
    )


@pytest.mark.parametrize("filter_", [_provider("in", "AWS"), _provider("not_in", "openai")])
def test_a_provider_that_is_left_out_is_nobodys_concern(filter_: Filter) -> None:
    assert _told({"AWS": FRESH, "OpenAI": LATE}, NOVEMBER, filter_) == ()


def test_days_that_are_there_are_not_late() -> None:
    assert _told({"AWS": FRESH, "OpenAI": LATE}, Period(start=date(2026, 10, 1), end=date(2026, 11, 1))) == ()


def test_a_provider_may_have_a_lag_of_its_own() -> None:
    assert _told({"AWS": FRESH, "OpenAI": LATE}, lag=ExpectedLag(2, {"OpenAI": 35})) == ()


def test_many_late_providers_are_summed_up_and_all_of_them_are_one_sentence() -> None:
    four = dict.fromkeys(("A", "B", "C"), LATE) | {"D": date(2026, 11, 11), "E": FRESH}
    assert _told(four) == ("4 of 5 providers are late: their data end between 2026-11-10 and 2026-11-11",)
    assert _told({"A": LATE, "B": LATE}) == ("every provider is late: data usually trail by 2 days",)
