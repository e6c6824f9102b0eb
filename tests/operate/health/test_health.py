"""The health check: each part's score follows from a share, and what can't be judged counts neither way."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.operate.health.measures import MEASURES
from tools.operate.health.tool import HealthRequest, Part, health_check, health_parts, score
from tools.registry import ToolContext
from tools.store import Store


def part(good: str, bad: str) -> Part:
    return Part(name="x", measures="x", good=Decimal(good), bad=Decimal(bad), weight=1, source="own", ask="x")


@pytest.mark.parametrize(("share", "points"), [("0.5", 0), ("0.7", 50), ("0.9", 100), ("0.95", 100), ("0.2", 0)])
def test_a_score_is_a_straight_line_from_bad_to_good_and_ends_there(share: str, points: int) -> None:
    assert score(part(good="0.9", bad="0.5"), Decimal(share)) == points


def test_where_less_is_better_the_line_falls() -> None:
    assert score(part(good="0", bad="0.05"), Decimal("0.01")) == 80


def test_every_part_of_the_file_is_measured_and_nothing_else_is() -> None:
    assert {one.name for one in health_parts()} == set(MEASURES)


def test_an_empty_store_has_no_health(tmp_path: Path) -> None:
    ctx = ToolContext(store=Store(tmp_path).snapshot(), as_of=date(2026, 11, 15))
    assert health_check.run(ctx, HealthRequest()).no_data_reason == "not_loaded"
