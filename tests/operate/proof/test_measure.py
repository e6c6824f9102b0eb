"""What a change has saved is what its targets would have cost, less what they cost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.operate.proof.machines import APPLIED, FIRST, always, change_of, cost, days, office, since
from tools.operate.proof.measure import measure
from tools.operate.proof.realised import Measured, Realised
from tools.operate.proof.target_costs import TargetCost


def figures(found: Realised) -> Measured:
    assert found.measured is not None
    return found.measured


def test_a_machine_that_was_stopped_has_saved_what_it_cost_every_day() -> None:
    found = measure(change_of("i-a"), {"i-a": cost(always("24"), weeks=4)})
    assert (figures(found).realised, found.status) == (Decimal("672.00"), "proven")
    assert figures(found).days == since(count=28)


def test_a_machine_of_working_days_saves_nothing_on_weekends() -> None:
    found = figures(measure(change_of("i-a"), {"i-a": cost(office("10"), weeks=2)}))
    assert found.realised == Decimal("100")
    assert [week.counterfactual for week in found.weeks] == [Decimal("50"), Decimal("50")]


def test_a_twin_that_goes_on_as_before_has_saved_nothing() -> None:
    found = measure(change_of("i-a"), {"i-a": cost(office("10"), office("10"), weeks=4)})
    low, high = figures(found).limits[95]
    assert low <= 0 <= high
    assert (figures(found).realised, found.status) == (Decimal(0), "not proven")


def test_half_of_a_machine_is_half_of_the_saving() -> None:
    assert figures(measure(change_of("i-a"), {"i-a": cost(always("24"), always("12"))})).realised == Decimal("336")


def test_one_that_costs_more_afterwards_is_told_as_such() -> None:
    assert measure(change_of("i-a"), {"i-a": cost(always("24"), always("30"))}).status == "costs more"


def test_days_count_up_to_the_rollback_and_no_further() -> None:
    undone = APPLIED + timedelta(days=10)
    back = {day: Decimal(24) for day in days(undone, APPLIED + timedelta(days=29))}
    machine = cost(always("24"))
    found = figures(
        measure(change_of("i-a", undone=undone), {"i-a": TargetCost(machine.daily | back, {}, machine.complete)})
    )
    assert (found.days, found.realised, found.actual) == (since(count=9), Decimal("216"), Decimal(0))


def test_nothing_is_known_before_a_whole_day_is_over() -> None:
    found = measure(change_of("i-a"), {"i-a": cost(always("24"), weeks=0)})
    assert (found.measured, found.status) == (None, "too early")


def test_a_target_that_no_charge_names_is_not_taken_for_a_saving() -> None:
    found = measure(change_of("i-a", "i-b"), {"i-a": cost(always("24"), weeks=1)})
    assert [one.target.id for one in found.unseen] == ["i-b"]
    assert figures(found).estimated == Decimal("69.041")
    assert measure(change_of("i-b"), {}).status == "no charges"


def test_a_target_that_was_not_changed_is_left_out() -> None:
    machines = {"i-a": cost(always("24"), weeks=1), "i-b": cost(always("24"), always("24"), weeks=1)}
    found = figures(measure(change_of("i-a", "i-b", done=["i-a"]), machines))
    assert (found.realised, len(found.targets)) == (Decimal("168"), 1)


def test_the_estimate_is_told_for_the_days_that_are_measured() -> None:
    found = figures(measure(change_of("i-a", saving="365"), {"i-a": cost(always("24"), weeks=2)}))
    assert found.estimated == Decimal("168")  # 365 a month is 12 a day


def test_where_nothing_told_what_it_would_save_there_is_no_estimate() -> None:
    assert figures(measure(change_of("i-a", saving=None), {"i-a": cost(always("24"))})).estimated is None


@pytest.mark.parametrize("history", [3, 10, 20])
def test_a_short_past_gives_a_wide_interval(history: int) -> None:
    machine = cost(always("24"), first=APPLIED - timedelta(days=history), weeks=1)
    found = measure(change_of("i-a"), {"i-a": machine})
    (low, high), (low80, high80) = figures(found).limits[95], figures(found).limits[80]
    assert found.is_short
    assert high - low > high80 - low80 > Decimal("0.2") * figures(found).realised


def test_a_past_carries_three_times_its_own_length() -> None:
    machine = cost(always("24"), first=APPLIED - timedelta(days=4), weeks=4)
    found = measure(change_of("i-a"), {"i-a": machine})
    assert (figures(found).days.days, found.is_cut) == (12, True)


def test_what_another_change_did_before_is_no_part_of_the_past() -> None:
    stopped = days(APPLIED - timedelta(days=20), APPLIED - timedelta(days=6))
    machine = cost(always("24"), weeks=1)
    held = TargetCost({day: one for day, one in machine.daily.items() if day not in stopped}, {}, machine.complete)
    before = change_of("i-a", proposal="p-0", applied=stopped[0], undone=stopped[-1])
    now = change_of("i-a")
    assert figures(measure(now, {"i-a": held}, (before, now))).counterfactual == Decimal("168")
    assert figures(measure(now, {"i-a": held}, (now,))).counterfactual != Decimal("168")


def test_a_second_change_of_a_target_takes_over_from_the_first() -> None:
    resized = change_of("i-a", proposal="p-0", applied=APPLIED - timedelta(days=14))
    stopped = change_of("i-a")
    daily = {
        day: Decimal(24 if day <= resized.applied_at.date() else 10) for day in days(FIRST, APPLIED + timedelta(days=1))
    }
    machine = {"i-a": TargetCost(daily, {}, APPLIED + timedelta(days=7))}
    first, second = (measure(one, machine, (resized, stopped)) for one in (resized, stopped))
    assert (figures(first).realised, first.is_cut) == (Decimal(13 * 14), True)
    assert figures(second).realised == Decimal(70)


amounts = st.decimals(min_value=0, max_value=10_000, places=4, allow_nan=False)
series = st.lists(amounts, min_size=40, max_size=60)


def machine(values: list[Decimal]) -> TargetCost:
    """Costs that end two weeks after the change."""
    end = APPLIED + timedelta(days=15)
    told = {end - timedelta(days=1 + n): one for n, one in enumerate(values)}
    return TargetCost(told, {}, end - timedelta(days=1))


@settings(max_examples=30, deadline=None)
@given(first=series, second=series)
def test_realised_and_actual_are_the_counterfactual_and_targets_add_up_to_their_plan(
    first: list[Decimal], second: list[Decimal]
) -> None:
    found = figures(measure(change_of("i-a", "i-b"), {"i-a": machine(first), "i-b": machine(second)}))
    assert found.realised + found.actual == found.counterfactual
    assert found.actual == sum(one for one in [*first[:14], *second[:14]])
    assert sum(one.counterfactual for one in found.targets) == found.counterfactual
    assert sum(one.realised for one in found.targets) == found.realised
    assert sum(week.realised for week in found.weeks) == found.realised
    assert all(low <= found.realised <= high for low, high in found.limits.values())


@settings(max_examples=20, deadline=None)
@given(values=series, cut=st.integers(min_value=1, max_value=14))
def test_a_rollback_cuts_the_days_and_what_comes_later_changes_nothing(values: list[Decimal], cut: int) -> None:
    undone = APPLIED + timedelta(days=1 + cut)
    change = change_of("i-a", undone=undone)
    known = machine(values)
    later = {day: one * 3 if day >= undone else one for day, one in known.daily.items()}
    found = figures(measure(change, {"i-a": known}))
    assert found.days == since(count=cut)
    assert found == figures(measure(change, {"i-a": TargetCost(later, {}, known.complete)}))


@settings(max_examples=20, deadline=None)
@given(week=st.lists(amounts, min_size=7, max_size=7))
def test_whatever_its_weeks_look_like_a_target_that_goes_on_has_saved_nothing(week: list[Decimal]) -> None:
    same = lambda day: str(week[day.weekday()])  # noqa: E731
    found = figures(measure(change_of("i-a"), {"i-a": cost(same, same)})) if any(week) else None
    assert found is None or found.limits[95][0] <= 0 <= found.limits[95][1]


def test_the_day_of_the_change_is_neither_before_nor_after_it() -> None:
    plain = cost(always("24"))
    odd = TargetCost(plain.daily | {APPLIED: Decimal(9_999)}, {}, plain.complete)
    assert figures(measure(change_of("i-a"), {"i-a": odd})).realised == Decimal("672")


def test_only_the_days_that_are_asked_for_count() -> None:
    asked = since(date(2026, 10, 11), count=3)
    found = figures(measure(change_of("i-a"), {"i-a": cost(always("24"))}, (), asked))
    assert (found.days, found.realised) == (asked, Decimal("72"))
