"""Seals and the key of a home."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.state.remediation.seal import KEY_FILE, Seal, home_key
from tools.domain.errors import BadSetting, StoreFault

SEAL = Seal(b"k" * 32)


@given(text=st.text(), other=st.text())
def test_a_seal_holds_for_its_text_and_no_other(text: str, other: str) -> None:
    assert SEAL.holds("decision", text, SEAL.of("decision", text))
    assert text == other or not SEAL.holds("decision", other, SEAL.of("decision", text))


def test_a_seal_of_one_kind_or_key_is_none_of_another() -> None:
    made = SEAL.of("decision", "x")
    assert not SEAL.holds("proposal", "x", made)
    assert not Seal(b"l" * 32).holds("decision", "x", made)


@pytest.mark.parametrize("found", [None, 7, b"x", "é", ""])
def test_what_is_no_seal_does_not_hold(found: object) -> None:
    assert not SEAL.holds("decision", "x", found)
    assert not SEAL.holds("decision", found, SEAL.of("decision", "x"))


def test_a_home_s_key_is_made_once_and_is_its_owner_s_only(tmp_path: Path) -> None:
    made = home_key(tmp_path / "state")
    path = tmp_path / "state" / KEY_FILE
    assert (len(made), stat.S_IMODE(path.stat().st_mode)) == (32, 0o600)
    assert home_key(tmp_path / "state") == made
    assert [one.name for one in path.parent.iterdir()] == [KEY_FILE]


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    home_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(BadSetting, match="chmod 600"):
        home_key(tmp_path)


def test_a_key_that_is_none_is_told_without_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    path.touch(0o600)
    path.write_text("not hex", "ascii")
    with pytest.raises(StoreFault, match="can't be used") as told:
        home_key(tmp_path)
    assert "not hex" not in str(told.value)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(BadSetting, match="has 5 bytes and needs 32"):
        Seal(b"short")
