"""`outlay sql`: a person's SELECT, on the guarded path."""

from pathlib import Path

from agent.identity import os_user
from tests.cli.conftest import Run

BY_TEAM = "SELECT x_Team, SUM(EffectiveCost) AS spend FROM daily WHERE x_CountsForCost GROUP BY 1 ORDER BY 2 DESC"


def test_a_select_is_answered_as_a_question_is(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    outcome = outlay("sql", BY_TEAM, "--json")
    assert (outcome.code, outcome.json["status"], outcome.json["currency"]) == (0, "answered", "USD")
    assert outcome.json["tables"][0]["rows"] == [["search", "15.105"], [None, "1.5"]]
    assert "unreviewed SQL" in outcome.json["caveats"][0]
    assert outcome.json["evidence"][0]["sql"] == BY_TEAM


def test_its_answer_can_be_verified(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    answer = outlay("sql", BY_TEAM, "--json").json["id"]
    assert outlay("verify", answer, "--json").json["holds"] is True


def test_what_is_refused_says_why_and_is_no_failure_of_the_program(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    outcome = outlay("sql", "SELECT * FROM '/etc/passwd'", "--json")
    assert (outcome.code, outcome.json["status"]) == (3, "not_understood")
    assert "the only one is daily" in outcome.json["text"]


def test_nothing_loaded_is_no_data(outlay: Run) -> None:
    outcome = outlay("sql", BY_TEAM, "--json")
    assert (outcome.code, outcome.json["status"]) == (3, "no_data")


def test_a_setting_switches_it_off(outlay: Run, bill: Path, home: Path) -> None:
    outlay("ingest", "focus", bill)
    (home / "outlay.toml").write_text("[sql]\nenabled = false\n")
    outcome = outlay("sql", BY_TEAM, "--json")
    assert (outcome.code, outcome.json["status"]) == (3, "refused")
    assert "enabled = true" in outcome.json["text"]


def test_it_sees_what_the_person_may_see(outlay: Run, bill: Path, home: Path) -> None:
    outlay("ingest", "focus", bill)
    entry = f"{{name: Ada, os_user: {os_user()}, rows: {{x_Model: [quartz-small]}}}}"
    (home / "people.yaml").write_text(f"people: {{ada: {entry}}}")
    rows = outlay("sql", "SELECT x_Model, SUM(EffectiveCost) AS s FROM daily GROUP BY 1", "--json").json["tables"][0][
        "rows"
    ]
    assert rows == [["quartz-small", "7.505"]]
