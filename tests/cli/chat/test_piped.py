"""`outlay chat` without a terminal."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.chat.conftest import Piped
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[3]


@pytest.fixture
def loaded(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)


pytestmark = pytest.mark.usefixtures("loaded")


def test_each_line_is_a_question_and_the_next_one_carries_on(piped: Piped) -> None:
    outcome = piped("spend in October 2026", "", "and by team?")
    assert outcome.code == 0
    assert "Effective cost, October 2026: $16.61." in outcome.out
    assert "Effective cost by team, October 2026:" in outcome.out


def test_an_answer_looks_as_outlay_ask_shows_it(piped: Piped, outlay: Run) -> None:
    asked = outlay("ask", "spend by model", "--as-of", "2026-10-31").out
    told = piped("spend by model").out
    assert without_ids(told) == without_ids(asked)


def without_ids(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("outlay verify")]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("spend by model",), 0),
        (("spend by model", "colourless green ideas sleep furiously"), 3),
        (("colourless green ideas sleep furiously", "/nonsense"), 2),
        (("/verify a-none", "spend by model"), 2),
        (("/quit", "/nonsense"), 0),
        ((), 0),
    ],
)
def test_the_exit_code_is_that_of_the_worst_line(piped: Piped, lines: tuple[str, ...], code: int) -> None:
    assert piped(*lines).code == code


def test_a_fault_is_one_sentence_on_standard_error_and_the_next_line_is_answered(piped: Piped) -> None:
    outcome = piped("/chrt", "spend by model")
    assert outcome.err == "outlay: there is no command /chrt; did you mean /chart? /help lists them\n"
    assert "quartz-large" in outcome.out


def test_nothing_but_plain_text_is_written(piped: Piped) -> None:
    assert "\x1b" not in piped("spend by model", "/chart", "/sql", "/why", "/help").out


def test_why_tells_the_query_in_words_with_period_freshness_and_sources(piped: Piped) -> None:
    out = " ".join(piped("top 5 costly models", "/why").out.split())
    assert "query_costs: Top 2 models by effective cost, only charges with a model, October 2026" in out
    assert "2026-10-01 to 2026-10-31, 31 days (UTC)" in out
    assert "data through 2026-10-31" in out
    assert "effective cost What was paid" in out


def test_why_says_when_nothing_was_looked_up(piped: Piped) -> None:
    assert "Nothing was looked up" in piped("colourless green ideas sleep furiously", "/why").out


def test_sql_shows_the_query_and_its_parameters(piped: Piped) -> None:
    out = piped("spend by model", "/sql").out
    assert "SUM(EffectiveCost)" in out
    assert "parameters 2026-10-01" in out


def test_a_command_about_the_last_answer_needs_one(piped: Piped) -> None:
    for command in ("/why", "/sql", "/chart", "/export a.csv", "/verify"):
        outcome = piped(command)
        assert outcome.code == 2
        assert "nothing has been asked in this thread yet" in outcome.err


def test_a_chart_is_drawn_with_its_title_and_figures(piped: Piped) -> None:
    out = piped("spend by model excluding credits", "/chart bar").out
    assert "effective cost (USD)" in out
    assert "quartz-large  $10.10 ┤█" in out


def test_a_chart_that_can_not_be_drawn_says_why(piped: Piped) -> None:
    outcome = piped("spend in October 2026", "/chart")
    assert (outcome.code, outcome.err) == (
        2,
        "outlay: one figure makes no chart; ask for it by something, such as `by day` or `by team`\n",
    )


def test_a_picture_is_written_once_and_replaced_only_when_told_to(piped: Piped, tmp_path: Path) -> None:
    path = tmp_path / "a chart.png"
    assert piped("spend by model", f"/chart '{path}'").code == 0
    assert path.read_bytes().startswith(b"\x89PNG")
    again = piped("spend by model", f"/chart '{path}'")
    assert "there already" in again.err
    assert piped("spend by day", f"/chart line '{path}' replace").code == 0


def test_words_that_a_command_does_not_know_are_named(piped: Piped) -> None:
    assert "'pie' is not understood here; write /chart" in piped("spend by model", "/chart pie").err
    assert "a quotation mark is not closed" in piped("spend by model", "/export 'a.csv").err
    assert "no folder" in piped("spend by model", "/export /nowhere/at/all.csv").err


def test_an_answer_is_exported_exactly(piped: Piped, tmp_path: Path) -> None:
    assert "2 rows of r1" in piped("spend by team", f"/export {tmp_path / 'a.csv'}").out
    assert "search,15.105" in (tmp_path / "a.csv").read_text(encoding="utf-8")


def test_the_last_answer_is_verified(piped: Piped) -> None:
    outcome = piped("spend by team", "/verify")
    assert outcome.code == 0
    assert "hold" in outcome.out


def test_another_day_changes_what_this_month_means(piped: Piped) -> None:
    out = piped("/as-of 2026-10-04", "spend by model this month").out
    assert "as of 2026-10-04" in out
    assert "1–4 October 2026" in out
    assert "is not a day" in piped("/as-of yesterday").err


def test_a_persona_that_is_not_known_is_answered_with_those_there_are(piped: Piped) -> None:
    out = piped("/persona astronaut")
    assert "astronaut" in out.out + out.err
    assert "finops_practitioner" in out.out + out.err


def test_a_persona_is_chosen_and_dropped(piped: Piped) -> None:
    out = piped("/persona finance", "/persona", "/persona none").out
    assert out.count("persona finance; there are") == 2
    assert "persona none" in out


def test_a_thread_is_left_taken_up_and_listed(piped: Piped) -> None:
    out = piped("spend in October 2026", "/thread new", "/thread one", "spend by team", "/thread list").out
    assert "thread one: nothing asked yet" in out
    assert "spend in October 2026" in out.split("last question")[1]
    assert "thread one: 1 question, the last: spend by team" in piped("/thread one").out


def test_help_lists_every_command(piped: Piped) -> None:
    from agent.cli.chat.commands import COMMANDS

    out = piped("/help").out
    assert all(f"/{command.name}" in out for command in COMMANDS)


def test_a_thread_is_carried_on_by_a_later_process_and_its_last_answer_is_known(home: Path) -> None:
    def chat(*lines: str) -> str:
        code = "from agent.cli.main import main; main()"
        command = [sys.executable, "-c", code, "--home", str(home), "chat", "--thread", "t", "--as-of", "2026-10-31"]
        text = "\n".join(lines)
        return subprocess.run(command, input=text, text=True, capture_output=True, check=True, cwd=ROOT).stdout

    chat("spend in October 2026")
    out = chat("/why", "and by team?")
    assert "query_costs: Effective cost, October 2026" in out
    assert "Effective cost by team, October 2026:" in out
