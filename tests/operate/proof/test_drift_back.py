"""What was saved at first and costs again is told, with the target and the day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.operate.proof.machines import APPLIED, Day, always, change_of, cost, office
from tools.operate.proof.measure import measure
from tools.operate.proof.realised import Measured, Status

BACK = APPLIED + timedelta(days=16)
"""A Wednesday in the third week."""


def from_back(amount: str, before: str = "0") -> Day:
    return lambda day: amount if day >= BACK else before


def measured(before: Day, after: Day) -> tuple[Status, Measured]:
    found = measure(change_of("i-a"), {"i-a": cost(before, after)})
    assert found.measured is not None
    return found.status, found.measured


def test_a_machine_that_somebody_starts_again_is_named_with_the_day() -> None:
    status, found = measured(always("24"), from_back("24"))
    assert (status, found.targets[0].came_back) == ("drifted back", BACK)
    assert found.drifted_back == found.actual == Decimal(24 * 13)
    assert [week.kept and week.kept.quantize(Decimal("0.01")) for week in found.weeks] == [
        Decimal(1), Decimal(1), Decimal("0.14"), Decimal(0),
    ]  # fmt: skip


def test_one_day_on_which_it_ran_is_told_too() -> None:
    day_of = lambda day: "24" if day == BACK else "0"  # noqa: E731
    assert measured(always("24"), day_of)[1].targets[0].came_back == BACK


def test_a_smaller_machine_that_grows_again_is_back_with_the_week_that_lost_half() -> None:
    status, found = measured(always("24"), from_back("24", before="12"))
    assert status == "drifted back"
    back = found.targets[0].came_back
    assert back is not None
    assert BACK - timedelta(days=4) <= back <= BACK
    assert found.drifted_back == Decimal(12 * 13)


@pytest.mark.parametrize("after", [always("0"), always("12")])
def test_what_stays_as_it_was_changed_to_does_not_drift(after: Day) -> None:
    _, found = measured(always("24"), after)
    assert (found.drifted_back, found.targets[0].came_back) == (Decimal(0), None)


def test_a_machine_of_working_days_that_goes_on_is_not_taken_for_one_that_came_back_on_monday() -> None:
    status, found = measured(office("10"), office("10"))
    assert (status, found.drifted_back, found.targets[0].came_back) == ("not proven", None, None)


def test_a_weekend_between_is_no_drift() -> None:
    status, found = measured(office("10"), office("0"))
    assert (status, found.drifted_back) == ("proven", Decimal(0))


def test_before_the_first_whole_week_is_over_nothing_is_said_of_drift() -> None:
    machine = cost(always("24"), always("0"))
    machine.complete = date(2026, 10, 9)
    found = measure(change_of("i-a"), {"i-a": machine}).measured
    assert found is not None
    assert found.drifted_back is None
