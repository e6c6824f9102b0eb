"""An anomaly is drawn as the days around it, over what was expected of them."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from agent.charts.anomaly import anomaly_chart
from agent.charts.palette import MARKED
from agent.charts.png import png
from agent.charts.spec import ChartSpec, NoChart
from agent.charts.terminal import terminal_chart
from tests.charts.test_png import of_colour, pixels
from tests.semantic.bill import charge, load
from tools.domain.result import ToolResult
from tools.inform.anomalies.explain import ExplainAnomalyRequest, explain_anomaly
from tools.inform.anomalies.find import AnomaliesRequest, find_anomalies
from tools.registry import ToolContext

START, DAYS = date(2026, 8, 3), 60
SPIKE = START + timedelta(days=50)
AS_OF = START + timedelta(days=DAYS)


def _bill(folder: Path, extra: dict[tuple[str, date], int]) -> ToolContext:
    rows = []
    for index in range(DAYS):
        day = START + timedelta(days=index)
        usual = 60 if day.weekday() >= 5 else 100
        for team in ("atlas", "birch"):
            rows.append(charge(day, str(usual + extra.get((team, day), 0) + index % 3), x_Team=team))
    return load(folder, rows, as_of=AS_OF)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    extra = {("birch", SPIKE): 900, ("atlas", SPIKE - timedelta(days=10)): 300}
    return _bill(tmp_path_factory.mktemp("store"), extra)


@pytest.fixture(scope="module")
def found(context: ToolContext) -> ToolResult:
    return find_anomalies.run(context, AnomaliesRequest())


@pytest.fixture(scope="module")
def spec(context: ToolContext, found: ToolResult) -> ChartSpec:
    return anomaly_chart(context, found)


def test_the_anomaly_of_most_money_is_drawn_from_five_weeks_before_to_the_end_of_the_data(
    spec: ChartSpec, found: ToolResult
) -> None:
    assert spec.title == f"team birch: spike, 22 September 2026 ({found.rows[0][0]})"
    assert (spec.times[0].date(), spec.times[-1].date()) == (SPIKE - timedelta(days=35), AS_OF - timedelta(days=1))
    assert any("another of the 2" in note for note in spec.notes)


def test_the_line_is_what_the_slice_cost_and_only_the_anomalous_day_is_marked(spec: ChartSpec) -> None:
    cost, expected = spec.series
    place = [moment.date() for moment in spec.times].index(SPIKE)
    assert cost.values[place] == Decimal(1000 + 50 % 3)
    assert spec.marked is not None
    assert [index for index, value in enumerate(spec.marked.values) if value is not None] == [place]
    assert expected.values[place] is not None
    assert abs(expected.values[place] - 100) < 10


def test_usual_days_lie_in_the_expected_range_and_the_anomalous_one_above_it(spec: ChartSpec) -> None:
    (band,) = spec.bands
    for moment, cost, low, high in zip(spec.times, spec.series[0].values, band.low, band.high, strict=True):
        if low is None or high is None or cost is None:
            assert moment.date() < START + timedelta(days=28)
        else:
            assert (low <= cost <= high) == (moment.date() != SPIKE)


def test_another_anomaly_is_drawn_once_it_is_explained(context: ToolContext, found: ToolResult) -> None:
    explained = explain_anomaly.run(context, ExplainAnomalyRequest(anomaly=str(found.rows[1][0]).upper()))
    spec = anomaly_chart(context, explained)
    assert spec.title.startswith("team atlas: spike, 12 September 2026 (A-")
    assert spec.title.endswith(f"({found.rows[1][0]})")


def test_a_fall_marks_the_days_that_fell_and_not_one_that_rose_between_them(tmp_path: Path) -> None:
    low = {("birch", SPIKE + timedelta(days=day)): -50 for day in range(6)}
    context = _bill(tmp_path, {**low, ("birch", SPIKE + timedelta(days=2)): 15})
    spec = anomaly_chart(context, find_anomalies.run(context, AnomaliesRequest()))
    assert spec.marked is not None
    marked = [moment.date() for moment, value in zip(spec.times, spec.marked.values, strict=True) if value is not None]
    assert SPIKE in marked
    assert SPIKE + timedelta(days=2) not in marked


def test_it_is_drawn_on_paper_with_its_marks_and_in_a_terminal_without_colours(spec: ChartSpec) -> None:
    assert png(spec).startswith(b"\x89PNG")
    assert of_colour(pixels(spec), MARKED).sum() > 200
    drawn = terminal_chart(spec, 90, colour=False).plain
    assert "█ anomaly" in drawn
    assert "dotted: the expected range" in drawn
    assert drawn.count("█") > 1


def test_an_anomaly_that_the_data_no_longer_show_is_not_drawn(tmp_path: Path, found: ToolResult) -> None:
    quiet = _bill(tmp_path, {})
    with pytest.raises(NoChart, match="no longer"):
        anomaly_chart(quiet, found)
