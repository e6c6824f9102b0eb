"""Charts in a terminal, read as golden files (OUTLAY_REGENERATE_GOLDEN=1 writes them anew)."""

import os
from pathlib import Path

import pytest

from agent.charts.chart import chart_of_result
from agent.charts.spec import ChartSpec
from agent.charts.terminal import terminal_chart
from tests.answer.results import AS_OF, change_result, compared_models, daily_series, top_models
from tests.charts.results import credits_by_month, hostile_names, many_models, many_teams_by_day, two_dimensions

GOLDEN = Path(__file__).parent / "golden"
CHARTS = {
    "ranking": chart_of_result(top_models(), AS_OF),
    "comparison": chart_of_result(compared_models(), AS_OF),
    "line": chart_of_result(daily_series(12), AS_OF),
    "stacked_names": chart_of_result(two_dimensions(), AS_OF),
    "stacked_days": chart_of_result(many_teams_by_day(), AS_OF, "stacked"),
    "negative": chart_of_result(credits_by_month(), AS_OF, "bar"),
    "many_bars": chart_of_result(many_models(), AS_OF),
    "waterfall": chart_of_result(change_result(), AS_OF),
    "hostile_names": chart_of_result(hostile_names(), AS_OF),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_reads_as_its_golden_file_says(name: str) -> None:
    text = "\n".join(line.rstrip() for line in drawn(CHARTS[name], 80).splitlines()) + "\n"
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("OUTLAY_REGENERATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_no_wider_than_the_terminal(name: str, width: int) -> None:
    text = terminal_chart(CHARTS[name], width)
    assert max(line.cell_len for line in text.split("\n")) <= width


def test_every_bar_has_its_row_however_many_there_are() -> None:
    text = drawn(CHARTS["many_bars"], 80)
    assert all(f"m-{number:02d} " in text for number in range(20))
    assert "other (10)" in text


def test_without_colour_there_is_no_escape_and_series_are_told_apart_by_characters() -> None:
    text = drawn(CHARTS["stacked_names"], 80)
    assert "\x1b" not in text
    assert "█ m-1  ▓ m-2  ▒ m-3" in text


def test_a_name_from_the_data_can_not_write_to_the_terminal() -> None:
    assert "\x1b" not in terminal_chart(CHARTS["hostile_names"], 80).plain


def drawn(spec: ChartSpec, width: int) -> str:
    return terminal_chart(spec, width, colour=False).plain
