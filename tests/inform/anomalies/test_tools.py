from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.semantic.bill import charge, load
from tools.domain.errors import BadRequest, UnknownName
from tools.domain.period import Period
from tools.domain.scope import Filter
from tools.inform.anomalies.explain import ExplainAnomalyRequest, explain_anomaly
from tools.inform.anomalies.find import AnomaliesRequest, find_anomalies
from tools.registry import ToolContext

START, DAYS = date(2026, 8, 3), 60
SPIKE = START + timedelta(days=50)
AS_OF = START + timedelta(days=DAYS)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    rows = []
    for index in range(DAYS):
        day = START + timedelta(days=index)
        amount = 60 if day.weekday() >= 5 else 100
        for team in ("atlas", "birch"):
            extra = 900 if (team, day) == ("birch", SPIKE) else 0
            rows.append(charge(day, str(amount + extra + index % 3), x_Team=team))
    return load(tmp_path_factory.mktemp("store"), rows, as_of=AS_OF)


def test_an_incident_has_its_money_its_days_and_an_id(context: ToolContext) -> None:
    result = find_anomalies.run(context, AnomaliesRequest())
    (row,) = result.rows
    cells = dict(zip([column.name for column in result.columns], row, strict=True))
    assert str(cells["Anomaly"]).startswith("A-")
    assert cells["Where"] == "team birch"
    assert (cells["From"], cells["Through"]) == (SPIKE.isoformat(), SPIKE.isoformat())
    assert cells["Impact"] == cells["Observed"] - cells["Expected"]  # type: ignore[operator]
    assert Decimal(850) < cells["Impact"] < Decimal(950)  # type: ignore[operator]


def test_running_it_again_gives_the_same_cells(context: ToolContext) -> None:
    first = find_anomalies.run(context, AnomaliesRequest())
    again = find_anomalies.run(context, AnomaliesRequest.model_validate(first.evidence.arguments))
    assert again.rows == first.rows
    assert again.evidence == first.evidence


def test_what_people_called_planned_is_left_out_with_a_note_and_a_kept_answer_stays(context: ToolContext) -> None:
    before = find_anomalies.run(context, AnomaliesRequest())
    from dataclasses import replace

    told = replace(context, anomaly_feedback={str(before.rows[0][0]): "planned"})
    after = find_anomalies.run(told, AnomaliesRequest())
    assert after.rows == ()
    assert any("left out" in caveat for caveat in after.evidence.caveats)
    assert len(find_anomalies.run(told, AnomaliesRequest(show_all=True)).rows) == 1
    kept = find_anomalies.run(told, AnomaliesRequest.model_validate(before.evidence.arguments))
    assert kept.rows == before.rows


def test_a_quiet_period_has_no_anomaly_and_is_no_lack_of_data(context: ToolContext) -> None:
    period = Period(start=START + timedelta(days=35), end=START + timedelta(days=42))
    result = find_anomalies.run(context, AnomaliesRequest(period=period))
    assert (result.rows, result.no_data) == ((), None)


def test_too_short_a_history_says_so(tmp_path: Path) -> None:
    rows = [charge(START + timedelta(days=index), "10") for index in range(20)]
    result = find_anomalies.run(load(tmp_path, rows, as_of=AS_OF), AnomaliesRequest())
    assert "28 days" in (result.no_data or "")
    assert result.no_data_reason == "not_loaded"


def test_it_can_be_narrowed_by_what_is_watched_only(context: ToolContext) -> None:
    atlas = Filter(dimension="x_Team", values=("atlas",))
    assert find_anomalies.run(context, AnomaliesRequest(within=(atlas,))).rows == ()
    with pytest.raises(BadRequest, match="x_Team"):
        find_anomalies.run(context, AnomaliesRequest(within=(Filter(dimension="SkuId", values=("s",)),)))


def test_the_parts_of_an_explanation_sum_to_the_whole(context: ToolContext) -> None:
    anomaly = str(find_anomalies.run(context, AnomaliesRequest()).rows[0][0])
    result = explain_anomaly.run(context, ExplainAnomalyRequest(anomaly=anomaly.lower()))
    whole, *parts = result.rows
    assert whole[2] == whole[3] - whole[4]  # type: ignore[operator]
    by: dict[object, Decimal] = {}
    for row in parts:
        by[row[0]] = by.get(row[0], Decimal(0)) + row[2]  # type: ignore[operator]
    assert set(by.values()) <= {whole[2]}


def test_an_unknown_anomaly_is_answered_with_the_known_ones(context: ToolContext) -> None:
    with pytest.raises(UnknownName, match="A-"):
        explain_anomaly.run(context, ExplainAnomalyRequest(anomaly="A-12"))
