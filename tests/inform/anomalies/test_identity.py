"""An anomaly that is found again is the same anomaly, under the same id and with what people said of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.inform.anomalies.ledgers import DAYS, START, costs, ledger
from tests.semantic.bill import charge, load
from tools.inform.anomalies.explain import ExplainAnomalyRequest, explain_anomaly, incident_named
from tools.inform.anomalies.find import AnomaliesRequest, find_anomalies
from tools.inform.anomalies.find_incidents import find_incidents
from tools.inform.anomalies.identity import MOVES_DAYS, id_of, recognised, said_of
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.slices import Slice
from tools.registry import ToolContext

SLICE = Slice((("x_Project", "birch-a"),))


def _found(cost: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> list[Incident]:
    return find_incidents(ledger(cost))


def _at(day: int) -> Incident:
    start = START + timedelta(days=day)
    return Incident("spike", SLICE, start, start, start, 900.0, 100.0, is_open=False)


@pytest.mark.parametrize("days", [1, 2, 3, 8, 25])
def test_days_that_are_added_leave_the_id_as_it_was(days: int) -> None:
    cost = costs()
    cost[2, 90:] *= 4
    (first,) = _found(cost[:, :91])
    assert [one.id for one in _found(cost[:, : 91 + days])] == [first.id]


def test_late_data_that_move_the_first_day_leave_feedback_with_the_incident() -> None:
    cost = costs()
    cost[2, 90:94] *= 4
    (told,) = _found(cost)
    cost[2, 89] *= 4
    (again,) = _found(cost)
    assert (again.start, again.id != told.id) == (told.start - timedelta(days=1), True)
    assert recognised(told.id, [again]) == again
    assert said_of([again], {told.id: "planned"})[again].anomaly == told.id


def test_late_data_of_other_slices_leave_the_id_as_it_was() -> None:
    cost = costs()
    cost[2, 90] *= 6
    (told,) = _found(cost)
    cost[4, 85:95] *= 1.05
    assert [one.id for one in _found(cost)] == [told.id]


def test_another_incident_of_the_same_slice_is_another_anomaly() -> None:
    cost = costs()
    cost[2, 70] *= 6
    cost[2, 90] *= 6
    one, other = sorted(_found(cost), key=lambda each: each.start)
    assert one.where == other.where
    assert one.id != other.id
    assert said_of([one, other], {one.id: "planned"}).keys() == {one}


def test_an_id_counts_for_the_incident_of_its_own_day_before_one_that_is_near() -> None:
    near, own = _at(91), _at(90)
    assert recognised(own.id, [near, own]) == own
    assert recognised(own.id, [near]) == near
    assert recognised(own.id, [_at(90 + MOVES_DAYS + 1)]) is None


def test_a_verdict_on_the_incidents_own_id_counts_over_one_on_an_id_that_it_had() -> None:
    now, before = _at(90), _at(91)
    for feedback in ({now.id: "yes", before.id: "planned"}, {before.id: "planned", now.id: "yes"}):
        assert said_of([now], feedback)[now].verdict == "yes"


def test_a_rise_and_a_fall_of_a_slice_on_the_same_day_have_ids_of_their_own() -> None:
    assert id_of(SLICE, is_rise=True, start=START) != id_of(SLICE, is_rise=False, start=START)


def test_what_was_called_planned_stays_out_after_late_data_and_keeps_the_id_that_people_know(tmp_path: Path) -> None:
    told = _context(tmp_path / "before", first=52)
    anomaly = str(find_anomalies.run(told, AnomaliesRequest()).rows[0][0])
    after = replace(_context(tmp_path / "after", first=51), anomaly_feedback={anomaly: "planned"})
    assert find_anomalies.run(after, AnomaliesRequest()).rows == ()
    assert find_anomalies.run(after, AnomaliesRequest(show_all=True)).rows[0][0] == anomaly
    assert incident_named(after, anomaly.lower()) == anomaly
    assert explain_anomaly.run(after, ExplainAnomalyRequest(anomaly=anomaly)).rows


def _context(folder: Path, first: int) -> ToolContext:
    folder.mkdir()
    rows = []
    for index in range(DAYS // 2):
        day = START + timedelta(days=index)
        for team in ("atlas", "birch"):
            extra = 900 if team == "birch" and first <= index <= 54 else 0
            rows.append(charge(day, str(100 + extra + index % 3), x_Team=team))
    return load(folder, rows, as_of=START + timedelta(days=DAYS // 2))
