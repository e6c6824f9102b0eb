"""Who asks is told by the operating system; people.yaml says what they may see."""

from pathlib import Path

import pytest

from agent.identity import os_user
from tests.cli.conftest import Outcome, Run

AS_OF = ("--as-of", "2026-10-31")
BY_TEAM = ("ask", "cost by team in October 2026", "--json", *AS_OF)


def let(home: Path, rows: str, key: str = "ada", more: str = "") -> None:
    """Say what the user of this process may see."""
    home.mkdir(exist_ok=True)
    entry = f"{{name: Ada, os_user: {os_user()}, persona: finance, rows: {rows}}}"
    (home / "people.yaml").write_text(f"people: {{{key}: {entry}}}\n{more}", encoding="utf-8")


@pytest.fixture
def loaded(outlay: Run, bill: Path) -> Run:
    text = bill.read_text("utf-8")
    extra = text.splitlines()[1].replace("quartz-large,search", "opal-medium,ads").replace("10.10", "40.00")
    bill.write_text(text + extra + "\n", encoding="utf-8")
    assert outlay("ingest", "focus", bill).code == 0
    return outlay


def teams(outcome: Outcome) -> dict[str, str]:
    table = outcome.json["tables"][0]
    names = [column["name"] for column in table["columns"]]
    return {row[names.index("x_Team")]: row[names.index("EffectiveCost")] for row in table["rows"]}


def test_without_people_everything_is_seen(loaded: Run) -> None:
    assert teams(loaded(*BY_TEAM)) == {"ads": "40", "search": "15.105", None: "1.5"}


def test_a_scoped_person_sees_their_rows_and_totals_of_them(loaded: Run, home: Path) -> None:
    let(home, "{x_Team: [search]}")
    answer = loaded(*BY_TEAM)
    assert teams(answer) == {"search": "15.105"}
    assert "15.105" in [figure["value"] for figure in answer.json["figures"]]
    assert "56.6" not in answer.out


def test_the_summary_of_the_data_is_that_of_the_scope(loaded: Run, home: Path) -> None:
    let(home, "{x_Team: [search]}")
    summary = loaded("data", "--json").json
    assert summary["rows"] == 2
    assert [total["EffectiveCost"] for total in summary["totals"]] == ["15.105000000000000000000000"]
    assert summary["loads"] == []


def test_somebody_who_is_not_listed_is_refused_and_told_what_to_do(loaded: Run, home: Path) -> None:
    (home / "people.yaml").write_text("people: {bob: {name: Bob, os_user: somebody-else, rows: everything}}")
    outcome = loaded(*BY_TEAM)
    assert (outcome.code, outcome.json["status"]) == (3, "refused")
    assert f"add os_user: {os_user()}" in outcome.json["text"]
    assert (loaded("data", "--json").code, loaded("data", "--json").json["status"]) == (3, "refused")
    assert loaded("verify", "a-1").code == 3


def test_the_environment_can_not_make_somebody_else_of_me(
    loaded: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "people.yaml").write_text("people: {bob: {name: Bob, os_user: bob, rows: everything}}")
    for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "bob")
    assert loaded(*BY_TEAM).json["status"] == "refused"


def test_a_default_is_for_whoever_is_not_listed(loaded: Run, home: Path) -> None:
    (home / "people.yaml").write_text("people: {}\ndefault: {rows: {x_Team: [ads]}}")
    assert teams(loaded(*BY_TEAM)) == {"ads": "40"}


def test_a_file_that_can_not_be_used_shows_nothing(loaded: Run, home: Path) -> None:
    (home / "people.yaml").write_text("people: {ada: {name: Ada, teams: [search]}}")
    outcome = loaded(*BY_TEAM)
    assert outcome.code == 1
    assert "write rows: everything" in outcome.err


def test_an_answer_is_verified_in_the_scope_it_was_given_in(loaded: Run, home: Path) -> None:
    let(home, "{x_Team: [search]}")
    answer = loaded(*BY_TEAM).json["id"]
    assert loaded("verify", answer, "--json").json["holds"] is True
    let(home, "{x_Team: [search, ads]}")
    assert loaded("verify", answer, "--json").json["holds"] is True


def test_an_answer_of_a_wider_scope_is_gone_for_whoever_may_see_less_today(loaded: Run, home: Path) -> None:
    let(home, "{x_Team: [search, ads]}")
    answer = loaded(*BY_TEAM).json["id"]
    let(home, "{x_Team: [search]}")
    hidden, absent = loaded("verify", answer), loaded("verify", "a-none")
    assert hidden.code == absent.code == 1
    assert hidden.err.replace(answer, "a-none") == absent.err


def test_answers_belong_to_who_asked(loaded: Run, home: Path) -> None:
    let(home, "everything", key="ada")
    answer = loaded(*BY_TEAM).json["id"]
    let(home, "everything", key="bob")
    hidden, absent = loaded("verify", answer), loaded("verify", "a-none")
    assert hidden.code == absent.code == 1
    assert hidden.err.replace(answer, "a-none") == absent.err


def test_a_thread_of_the_same_name_is_another_person_s_own(loaded: Run, home: Path) -> None:
    let(home, "everything", key="ada")
    assert loaded("ask", "spend in October 2026", "--thread", "budget", *AS_OF).code == 0
    assert loaded("ask", "and by team?", "--json", "--thread", "budget", *AS_OF).json["period"]["start"] == "2026-10-01"
    let(home, "everything", key="bob")
    first = loaded("ask", "and by team?", "--json", "--thread", "budget", "--as-of", "2026-11-20").json
    assert first["period"] is None or first["period"]["start"] != "2026-10-01"


def test_doctor_says_who_i_am_and_what_i_see(loaded: Run, home: Path) -> None:
    let(home, "{x_Team: [search]}")
    assert "you are ada, and see x_Team in search" in " ".join(loaded("doctor").out.split())
