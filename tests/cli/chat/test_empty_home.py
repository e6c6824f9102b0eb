"""A conversation before anything is loaded."""

from pathlib import Path

from tests.cli.chat.conftest import Piped


def test_a_question_says_how_to_load_something(piped: Piped) -> None:
    outcome = piped("spend by model")
    assert outcome.code == 3
    assert "outlay demo, or outlay ingest focus PATH" in outcome.out


def test_there_is_no_thread_to_list(piped: Piped) -> None:
    assert "There is no thread yet" in piped("/thread list").out


def test_an_unknown_setting_is_one_sentence_for_each_question(piped: Piped, home: Path) -> None:
    home.mkdir()
    (home / "outlay.toml").write_text('colour = "blue"\n', encoding="utf-8")
    outcome = piped("spend", "spend")
    assert outcome.code == 1
    assert outcome.err.count("colour") == 2
