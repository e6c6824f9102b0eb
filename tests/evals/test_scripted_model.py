"""`python -m evals.scripted_model`: a run with a model configured, from the environment to the table."""

import os
from pathlib import Path

import pytest

from evals.scripted_model import MODEL, VARIABLES, run


def test_a_suite_is_asked_of_the_scripted_model_and_what_it_used_is_printed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {name: os.environ.get(name) for name in VARIABLES}
    run(["demo:shares", "--configured"])
    printed = capsys.readouterr().out
    assert f"asked of {MODEL}" in printed
    assert " 0 refused: []" in printed, "the strict server refused a request"
    [row] = [line.split() for line in printed.splitlines() if line.startswith("all ") and "/" in line]
    right, asked = row[4].split("/")
    assert right == asked != "0", "the model called other tools than the planner does"
    bound, answers = row[5].split("/")
    assert bound == answers
    assert int(row[6].replace(",", "")) > 0
    assert float(row[7]) > 0
    assert {name: os.environ.get(name) for name in VARIABLES} == before
