"""`python -m evals`: what it refuses before it asks anything."""

import pytest

from evals.__main__ import main
from evals.suites import categories_of


def test_an_unknown_name_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conversation"]) == 2
    assert "there are demo, conversations" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--accept", "demo:totals"], ["--repeats", "0"]])
def test_a_part_of_a_suite_is_not_accepted_and_no_repeats_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert arguments[0] in capsys.readouterr().err


def test_categories_are_gathered_by_suite() -> None:
    assert categories_of(["demo:totals", "demo:top", "prices"]) == {"demo": ("totals", "top"), "prices": ()}
