"""The prompt, driven by keys through prompt_toolkit's own pipe."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from agent.cli.chat.commands import COMMANDS
from agent.cli.chat.completion import ChatCompleter
from agent.cli.chat.conversation import Conversation, new_thread
from agent.cli.chat.history import FILE
from agent.cli.chat.prompt import make_prompt
from agent.cli.chat.toolbar import toolbar
from agent.cli.context import CliContext
from tests.cli.conftest import Run

CTRL_C, CTRL_D, ESCAPE, ENTER, UP, TAB = "\x03", "\x04", "\x1b", "\r", "\x1b[A", "\t"


@contextmanager
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


@pytest.fixture
def conversation(home: Path) -> Conversation:
    return Conversation(CliContext(home), thread="t")


def typed(conversation: Conversation, keys: str) -> str:
    with keyboard() as keyboard_input:
        keyboard_input.send_text(keys)
        return make_prompt(conversation).prompt()


def test_enter_asks(conversation: Conversation) -> None:
    assert typed(conversation, "spend by team" + ENTER) == "spend by team"


def test_escape_enter_begins_a_new_line(conversation: Conversation) -> None:
    assert typed(conversation, "spend" + ESCAPE + ENTER + "by team" + ENTER) == "spend\nby team"


def test_a_backslash_at_the_end_begins_a_new_line(conversation: Conversation) -> None:
    assert typed(conversation, "spend\\" + ENTER + "by team" + ENTER) == "spend\nby team"


def test_ctrl_c_clears_and_ctrl_d_leaves(conversation: Conversation) -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(conversation, "spend" + CTRL_C)
    with pytest.raises(EOFError):
        typed(conversation, CTRL_D)


def test_questions_are_kept_where_only_their_owner_can_read_them(conversation: Conversation, home: Path) -> None:
    typed(conversation, "spend by team" + ENTER)
    path = home / "state" / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "spend by team" in path.read_text(encoding="utf-8")


def test_a_history_that_others_could_read_is_closed_to_them(conversation: Conversation, home: Path) -> None:
    path = home / "state" / FILE
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    path.chmod(0o644)
    typed(conversation, "spend" + ENTER)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_later_session_has_the_earlier_ones_questions(conversation: Conversation, home: Path) -> None:
    typed(conversation, "first" + ENTER)
    prompt = make_prompt(Conversation(CliContext(home), thread="t2"))
    history = prompt.history
    history.history.may_load.set()  # type: ignore[attr-defined]
    assert list(history.load_history_strings()) == ["first"]


def test_a_home_that_can_not_be_used_costs_only_the_history(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert typed(Conversation(CliContext(blocked), thread="t"), "spend" + ENTER) == "spend"


def test_the_agent_warms_up_once_the_prompt_is_drawn(conversation: Conversation) -> None:
    assert not conversation.warmup.has_begun
    typed(conversation, "spend" + ENTER)
    assert conversation.warmup.has_begun


def completions(conversation: Conversation, text: str) -> list[str]:
    found = ChatCompleter(conversation).get_completions(Document(text), CompleteEvent())
    return [one.text for one in found]


def test_commands_and_their_choices_are_completed(conversation: Conversation) -> None:
    assert completions(conversation, "/ch") == ["/chart"]
    assert completions(conversation, "/chart s") == ["stacked"]
    assert completions(conversation, "/persona fin") == ["finance", "finops_practitioner"]
    assert completions(conversation, "/nonsense x") == []
    assert completions(conversation, "/") == [f"/{command.name}" for command in COMMANDS]


def test_names_of_the_store_are_completed_once_it_is_read(conversation: Conversation, outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    assert completions(conversation, "spend on quartz-l") == []
    conversation.warmup.get()
    assert completions(conversation, "spend on quartz-l") == ["quartz-large"]


def test_names_loaded_meanwhile_are_completed_too(conversation: Conversation, outlay: Run, bill: Path) -> None:
    conversation.warmup.get()
    assert completions(conversation, "spend on quartz") == []
    outlay("ingest", "focus", bill)
    assert "quartz-small" in completions(conversation, "spend on quartz")


def test_threads_are_completed(conversation: Conversation, outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    outlay("ask", "spend", "--thread", "budget-2027")
    conversation.warmup.get()
    assert completions(conversation, "/thread b") == ["budget-2027"]


def shown(conversation: Conversation) -> str:
    return fragment_list_to_text(toolbar(conversation))


def test_the_toolbar_says_thread_persona_day_and_how_far_the_data_go(home: Path, outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    conversation = Conversation(CliContext(home), thread="t", persona="finance")
    assert shown(conversation).endswith("warming up")
    conversation.warmup.get()
    assert shown(conversation) == f" thread t · finance · as of {conversation.as_of} · data through 2026-10-31"


def test_the_toolbar_of_an_empty_home_says_how_to_fill_it(conversation: Conversation) -> None:
    conversation.warmup.get()
    assert shown(conversation).endswith("no data yet: outlay demo")


def test_the_toolbar_of_a_home_with_a_fault_names_the_doctor(home: Path) -> None:
    home.mkdir()
    (home / "outlay.toml").write_text('colour = "blue"\n', encoding="utf-8")
    conversation = Conversation(CliContext(home), thread="t")
    conversation.warmup.start().exception()
    assert shown(conversation).endswith("not ready: outlay doctor says why")


def test_a_thread_name_can_not_move_the_cursor(home: Path) -> None:
    assert "\x1b" not in shown(Conversation(CliContext(home), thread="\x1b[2J"))


def test_new_threads_differ() -> None:
    assert len({new_thread() for _ in range(50)}) > 45
