"""What the database does for the desk."""

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from agent.state.remediation.desk import home_desk, shared_desk
from tests.state.remediation.office import KEY, NOON, Office, plan
from tools.domain.errors import BadSetting, StoreFault
from tools.domain.remediation import RemediationPlan


def test_a_home_s_file_is_written_ahead_and_through(tmp_path: Path) -> None:
    office = Office.at_home(tmp_path)
    office.waiting()
    with sqlite3.connect(tmp_path / "remediation.sqlite") as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    plain.close()
    with office.desk._turns.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://outlay:s3cret@host/db", "PostgreSQL, not mysql"),
        ("s3cret not an address", "can't be read"),
    ],
)
def test_another_kind_of_database_is_refused_without_its_password(url: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=told) as fault:
        shared_desk(SecretStr(url), KEY, tmp_path)
    assert "s3cret" not in str(fault.value)


def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    desk = shared_desk(SecretStr("postgresql://outlay:s3cret@127.0.0.1:1/db"), KEY, tmp_path)
    with pytest.raises(StoreFault, match=r"127\.0\.0\.1/db") as fault:
        desk.proposals()
    assert "s3cret" not in str(fault.value)
    assert fault.value.__suppress_context__


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "remediation.sqlite").write_bytes(os.urandom(4096))
    with pytest.raises(StoreFault, match="not a database"):
        home_desk(tmp_path).proposals()


def test_another_key_reads_nothing_of_a_home(tmp_path: Path) -> None:
    Office.at_home(tmp_path).waiting()
    (tmp_path / "approval.key").unlink()
    with pytest.raises(StoreFault, match="written by another key"):
        home_desk(tmp_path).proposals()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    parameters=st.dictionaries(st.text(max_size=8), JSON, max_size=3),
    amount=st.decimals(-(10**6), 10**6, allow_nan=False, places=4),
    reason=st.text(),
)
def test_a_plan_has_the_same_fingerprint_after_it_was_kept(
    parameters: dict[str, object], amount: object, reason: str
) -> None:
    made = plan(str(amount), parameters=parameters, reason=reason)
    again = RemediationPlan.model_validate_json(made.model_dump_json())
    assert again.fingerprint == made.fingerprint


def test_text_that_no_database_holds_is_kept_all_the_same(office: Office) -> None:
    proposal = office.waiting(reason="nul \0 and a snowman ☃ and 'quotes'")
    assert office.again().proposal(proposal.id).plan.reason == "nul \0 and a snowman ☃ and 'quotes'"
    office.approve(proposal, "eve", verdict="reject", reason="half a character \ud83d and nul \0", now=NOON)
    assert office.again().decisions(proposal.id)[0].reason == "half a character ? and nul \0"
    assert office.desk.verify().holds
