"""`/chart` after questions about anomalies, and after what one was called has been kept."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.chat.conftest import Piped
from tests.cli.conftest import Run
from tests.semantic.bill import charge

START, DAYS = date(2026, 8, 24), 60
SPIKE = START + timedelta(days=50)
OPTIONS = ("--as-of", (START + timedelta(days=DAYS)).isoformat())


@pytest.fixture
def spiked(outlay: Run, tmp_path: Path) -> None:
    """Two months of a team's days, one of them ten times the usual."""
    rows = [
        charge(day, str(1000 if day == SPIKE else 100 + index % 3), x_Team="birch")
        for index, day in enumerate(START + timedelta(days=number) for number in range(DAYS))
    ]
    path = tmp_path / "spiked.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert outlay("ingest", "focus", path).code == 0


@pytest.mark.usefixtures("spiked")
def test_the_days_around_an_anomaly_are_drawn_in_the_terminal_and_as_a_picture(piped: Piped, tmp_path: Path) -> None:
    path = tmp_path / "spike.png"
    outcome = piped("any anomalies in October 2026?", "/chart", f"/chart {path}", options=OPTIONS)
    assert (outcome.code, outcome.err) == (0, "")
    assert "spike, 13 October 2026 (A-" in outcome.out
    assert "█ anomaly" in outcome.out
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("spiked")
def test_another_kind_of_chart_draws_the_table_as_before(piped: Piped) -> None:
    assert "one figure makes no chart" in piped("any anomalies?", "/chart stacked", options=OPTIONS).err


@pytest.mark.usefixtures("spiked")
def test_a_period_without_anomalies_has_no_chart(piped: Piped) -> None:
    outcome = piped("any anomalies on 16 October 2026?", "/chart", options=OPTIONS)
    assert (outcome.code, "there is no chart" in outcome.err) == (2, True)
