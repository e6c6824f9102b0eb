"""`outlay forecast`, and a forecast that was asked for in words."""

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.inform.forecast.world import AS_OF, rows

DAY = ("--as-of", AS_OF.isoformat())


@pytest.fixture
def loaded(outlay: Run, tmp_path: Path) -> Run:
    bill = rows()
    path = tmp_path / "daily.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list({name: None for row in bill for name in row}))
        writer.writeheader()
        writer.writerows(bill)
    outlay("ingest", "focus", path)
    return outlay


def test_a_command_and_a_question_give_the_same_figures_which_hold(loaded: Run) -> None:
    command = loaded("forecast", "--months", "1", "--json", *DAY)
    asked = loaded("ask", "what will we spend in December?", "--json", *DAY)
    assert (command.code, asked.code) == (0, 0)
    values = [[figure["value"] for figure in outcome.json["figures"]] for outcome in (command, asked)]
    assert values[0] == values[1]
    assert "80 % interval" in asked.json["text"]
    assert "baseline" in asked.json["text"]
    assert loaded("verify", asked.json["id"], "--json").json["holds"] is True


def test_a_wrong_filter_is_told_with_what_would_work(loaded: Run) -> None:
    outcome = loaded("forecast", "--where", "AWS", *DAY)
    assert outcome.code == 1
    assert "DIMENSION=VALUE" in outcome.err


def test_a_metric_that_is_not_known_is_told(loaded: Run) -> None:
    outcome = loaded("forecast", "--metric", "EffectivCost", "--json", *DAY)
    assert outcome.code == 3
    assert "EffectiveCost" in outcome.json["text"]
