"""A forecast is drawn as a fan."""

from datetime import date
from pathlib import Path

import pytest

from agent.charts.chart import chart_of_result
from agent.charts.png import png
from agent.charts.spec import ChartSpec, NoChart
from agent.charts.terminal import terminal_chart
from tests.inform.forecast.world import AS_OF, forecast, world

DECEMBER = {"start": "2026-12-01", "end": "2027-02-01"}


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> ChartSpec:
    return chart_of_result(forecast(world(tmp_path_factory.mktemp("fan")), period=DECEMBER), AS_OF)


def test_a_forecast_is_a_line_that_opens_to_its_intervals(spec: ChartSpec) -> None:
    assert spec.kind == "fan"
    wide, narrow = spec.bands
    assert wide.low[-1] < narrow.low[-1] < spec.series[0].values[-1] < narrow.high[-1] < wide.high[-1]  # type: ignore[operator]
    first = next(index for index, value in enumerate(narrow.low) if value is not None)
    assert narrow.low[first] == narrow.high[first] == spec.series[0].values[first]


def test_a_fan_is_drawn_on_paper_and_in_a_terminal(spec: ChartSpec) -> None:
    assert png(spec).startswith(b"\x89PNG")
    assert "80 % interval" in terminal_chart(spec, 80, colour=False).plain


def test_a_forecast_by_team_has_no_fan(tmp_path: Path) -> None:
    result = forecast(world(tmp_path), period=DECEMBER, group_by=["x_Team"])
    assert chart_of_result(result, date(2026, 11, 17)).kind == "line"
    with pytest.raises(NoChart):
        chart_of_result(result, AS_OF, "fan")
