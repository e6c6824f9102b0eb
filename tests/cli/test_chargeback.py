"""`outlay chargeback` and `outlay close`: what each payer owes, as a file, and issued once."""

import csv
import io
import os
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from agent.identity import os_user
from tests.cli.conftest import Run

RULES = """
allocate:
  x_Team:
    fallback: [{name: the rest, split: even, among: [ads, search]}]
"""
CHARGEBACK = ("chargeback", "--period", "2026-10", "--as-of", "2026-11-03")
SHARES = {"search": Decimal("15.855"), "ads": Decimal("0.75")}


@pytest.fixture
def loaded(outlay: Run, bill: Path, home: Path) -> Run:
    assert outlay("ingest", "focus", bill).code == 0
    (home / "allocation.yaml").write_text(RULES)
    return outlay


def test_the_screen_tells_each_payer(loaded: Run) -> None:
    outcome = loaded(*CHARGEBACK)
    assert outcome.code == 0
    assert "Chargeback by team, October 2026" in outcome.out
    assert "$15.86" in outcome.out


def test_json_is_that_of_an_answer_and_can_be_verified(loaded: Run) -> None:
    answer = loaded(*CHARGEBACK, "--json").json
    assert {row[0]: Decimal(row[1]) for row in answer["tables"][0]["rows"]} == SHARES
    assert answer["evidence"][0]["arguments"]["rules"]
    assert loaded("verify", answer["id"], "--json").json["holds"] is True


def test_an_answer_under_other_rules_does_not_hold(loaded: Run, home: Path) -> None:
    answer = loaded(*CHARGEBACK, "--json").json["id"]
    (home / "allocation.yaml").write_text(RULES.replace("ads", "risk"))
    report = loaded("verify", answer, "--json").json
    assert report["holds"] is False
    assert "the allocation rules have changed" in report["results"][0]["fault"]


def test_csv_goes_to_stdout_or_a_file(loaded: Run, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(loaded(*CHARGEBACK, "--format", "csv").out)))
    assert {row["x_Team"]: Decimal(row["TotalCost (USD)"]) for row in rows} == SHARES
    path = tmp_path / "october.csv"
    assert loaded(*CHARGEBACK, "--out", path).code == 0
    assert list(csv.DictReader(io.StringIO(path.read_text()))) == rows
    again = loaded(*CHARGEBACK, "--out", path)
    assert (again.code, "is there already" in again.err) == (1, True)
    assert loaded(*CHARGEBACK, "--out", path, "--replace").code == 0


def test_parquet_keeps_every_digit(loaded: Run, tmp_path: Path) -> None:
    path = tmp_path / "october.parquet"
    assert loaded(*CHARGEBACK, "--out", path, "--detail").code == 0
    table = pq.read_table(path)
    assert sum(table["TotalCost"].to_pylist()) == Decimal("16.605")
    assert set(table["Part"].to_pylist()) == {"direct", "fallback"}


@pytest.mark.parametrize(
    "wrong", [("--format", "xlsx"), ("--format", "parquet"), ("--out", "a.txt"), ("--period", "October")]
)
def test_wrong_use_is_told(loaded: Run, wrong: tuple[str, ...]) -> None:
    assert loaded("chargeback", *wrong).code == 2


def test_a_month_is_closed_once_and_listed(loaded: Run, home: Path) -> None:
    closed = loaded("close", "2026-10", "--json").json
    assert closed["status"] == "closed"
    payers = {row["payer"]: Decimal(row["total"]) for row in closed["statements"][0]["payers"]}
    assert payers == SHARES
    files = sorted((home / "state" / "closings").glob("*.json"))
    content = files[0].read_bytes()
    again = loaded("close", "2026-10", "--json").json
    assert again == {**closed, "status": "already_closed"}
    assert sorted((home / "state" / "closings").glob("*.json")) == files
    assert files[0].read_bytes() == content
    assert [one["file"] for one in loaded("close", "--list", "--json").json["closed"]] == [str(files[0])]
    assert "2026-10" in loaded("close", "--list").out


def test_a_closed_month_is_told_as_issued_even_under_new_rules(loaded: Run, home: Path) -> None:
    loaded("close", "2026-10")
    (home / "allocation.yaml").write_text(RULES.replace("ads", "risk"))
    answer = loaded(*CHARGEBACK, "--json").json
    assert {row[0]: Decimal(row[1]) for row in answer["tables"][0]["rows"]} == SHARES
    assert any("is closed: told as it was issued" in caveat for caveat in answer["caveats"])


def test_the_report_reads_well(loaded: Run) -> None:
    out = loaded("close", "2026-10").out
    assert "October 2026 is closed." in out
    assert "Everything in it is invoiced: nothing is accrued." in out
    assert "nothing has changed" in loaded("close", "2026-10").out


def test_a_crash_before_the_last_step_leaves_the_month_open(
    loaded: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", crash)
        outcome = loaded("close", "2026-10")
    assert (outcome.code, "nothing is closed" in outcome.err) == (1, True)
    (home / "state" / "closings" / ".2026-10.0123456789ab.json.99").write_text("{half")  # what a kill leaves behind
    assert loaded("close", "--list", "--json").json["closed"] == []
    assert loaded("close", "2026-10", "--json").json["status"] == "closed"


def test_a_closing_that_was_tampered_with_is_not_told(loaded: Run, home: Path) -> None:
    loaded("close", "2026-10")
    path = next((home / "state" / "closings").glob("*.json"))
    path.chmod(0o644)
    path.write_text(path.read_text().replace("15.105", "1.105"))
    outcome = loaded(*CHARGEBACK)
    assert (outcome.code, "was changed after it was issued" in outcome.err) == (1, True)


def test_somebody_who_sees_a_part_closes_nothing_and_sees_their_own_share(loaded: Run, home: Path) -> None:
    loaded("close", "2026-10")
    entry = f"{{name: Ada, os_user: {os_user()}, rows: {{x_Team: [search]}}}}"
    (home / "people.yaml").write_text(f"people: {{ada: {entry}}}")
    assert loaded("close", "2026-11").code == 3
    assert loaded("close", "--list").code == 3
    answer = loaded(*CHARGEBACK, "--json").json
    assert [(row[0], Decimal(row[1])) for row in answer["tables"][0]["rows"]] == [("search", SHARES["search"])]
    assert "ads" not in str(answer["tables"])


def test_a_rules_file_that_cannot_be_used_says_where(loaded: Run, home: Path) -> None:
    (home / "allocation.yaml").write_text("allocate: {x_Team: {rules: [{name: r, split: evenly}]}}")
    outcome = loaded(*CHARGEBACK)
    assert (outcome.code, "line 1, rule 'r'" in outcome.err) == (1, True)
