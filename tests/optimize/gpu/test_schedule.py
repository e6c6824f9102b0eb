"""Hours of the week without work may be switched off; serving and idle machines are left to other levers."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.optimize.gpu.world import IDLE, WORK, Did, Machine, world
from tools.domain.recommendation import Recommendation
from tools.optimize.gpu.schedule import resting, told
from tools.optimize.gpu.telemetry import WeekHour
from tools.optimize.search import savings
from tools.registry import ToolContext


def found(ctx: ToolContext) -> dict[str, Recommendation]:
    return {one.target: one for one in savings(ctx, None, "schedule").everything}


def at_work(hour: datetime) -> bool:
    return hour.weekday() < 5 and 8 <= hour.hour < 18


def test_a_machine_that_works_in_office_hours_saves_the_other_118_of_168(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", lambda hour, _: WORK if at_work(hour) else IDLE))
    one = found(ctx)["i-1"]
    assert one.saving == pytest.approx(Decimal(744 * 20) * 118 / 168)
    assert "Sat-Sun 0-24" in one.evidence[0]


def test_work_in_one_of_four_weeks_keeps_the_hour(tmp_path: Path) -> None:
    night = datetime(2026, 10, 14, 2)
    ctx = world(tmp_path, Machine("i-1", lambda hour, _: WORK if at_work(hour) or hour == night else IDLE))
    # The stretch from Tuesday evening to Wednesday morning falls apart around 2 o'clock, and keeps its long parts.
    assert found(ctx)["i-1"].saving == pytest.approx(Decimal(744 * 20) * 117 / 168)


def test_a_machine_that_is_off_at_night_already_has_nothing_to_save(tmp_path: Path) -> None:
    assert not found(world(tmp_path, Machine("i-1", lambda *_: WORK, runs=at_work)))


def test_an_endpoint_or_an_idle_machine_is_none_of_its_business(tmp_path: Path) -> None:
    calls = Machine("i-1", lambda hour, _: Did(0.5, 30, 9) if at_work(hour) else Did(0, 30, 0))
    assert not found(world(tmp_path, calls, Machine("i-2", lambda *_: IDLE)))


def test_hours_without_samples_are_not_switched_off(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", lambda hour, _: WORK if at_work(hour) else None))
    assert not found(ctx)


def test_charges_alone_name_development_machines_with_little_confidence(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", environment="development"), Machine("i-2"))
    assert list(found(ctx)) == ["i-1"]
    one = found(ctx)["i-1"]
    assert one.confidence < Decimal("0.5")
    assert one.low == 0
    # 28 days to 31 October: 20 working days of 12 hours are office hours.
    assert one.saving == pytest.approx(Decimal(744 * 20) * (28 * 24 - 20 * 12) / (28 * 24))


def test_what_stands_for_a_week_joins_sunday_and_monday() -> None:
    week = {slot: WeekHour(4, 0 if slot < 2 or slot >= 166 else 4, 4, 0) for slot in range(168)}
    assert resting(week).slots == {0, 1, 166, 167}
    assert told(frozenset({0, 1, 166, 167})) == "Mon 0-2, Sun 22-24 (UTC)"
