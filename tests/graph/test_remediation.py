"""A proposal waits over restarts, is applied by a word and not by what it says; a death in between is settled."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from langgraph.types import Command

from agent.graph.remediation import RemediationGraph
from agent.state.threads import thread_saver
from tools.domain.errors import BadRequest, NotPermitted


class Office:
    """A journal with one proposal and an executor, as far as the graph knows them; it writes down what it was told."""

    def __init__(self, path: Path) -> None:
        self.path, self.told = path, list[tuple[str, str]]()
        self.fails: BaseException | None = None
        self.open: list[SimpleNamespace] = []

    def proposal(self, proposal: str) -> Any:
        return SimpleNamespace(thread=f"thread of {proposal}")

    def unfinished(self) -> list[SimpleNamespace]:
        return self.open

    def apply(self, proposal: str, by: str) -> None:
        self.told.append(("apply", by))
        if self.fails is not None:
            raise self.fails

    def roll_back(self, proposal: str, by: str) -> None:
        self.told.append(("roll back", by))

    def settle(self, execution: SimpleNamespace) -> None:
        self.told.append(("settle", execution.proposal))
        self.open.clear()

    @contextmanager
    def saver(self) -> Iterator[Any]:
        with thread_saver(self.path) as saver:
            yield saver

    def graph(self) -> RemediationGraph:
        """As another process would make it."""
        return RemediationGraph(self, self, self.saver)  # type: ignore[arg-type]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "proposals.sqlite")


def test_a_proposal_goes_on_waiting_after_restarts_and_is_applied_by_its_word(office: Office) -> None:
    office.graph().start("p-1")
    assert office.graph().tell("p-1", "decided", "ada") == ""
    assert office.told == []
    assert office.graph().tell("p-1", "apply", "ben") == ""
    assert office.graph().tell("p-1", "roll_back", "cyd") == ""
    assert office.told == [("apply", "ben"), ("roll back", "cyd")]


def test_a_refusal_is_told_and_the_proposal_goes_on_waiting(office: Office) -> None:
    office.fails = NotPermitted("it needs another approval")
    assert office.graph().tell("p-1", "apply", "ada") == "it needs another approval"
    office.fails = None
    assert office.graph().tell("p-1", "apply", "ada") == ""
    assert office.told == [("apply", "ada")] * 2


def test_what_a_dead_process_left_is_settled_before_the_next_word_and_not_applied_again(office: Office) -> None:
    office.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        office.graph().tell("p-1", "apply", "ada")
    office.open = [SimpleNamespace(proposal="p-1")]
    assert office.graph().tell("p-1", "decided", "ben") == ""
    assert office.told == [("apply", "ada"), ("settle", "p-1")]


def test_a_process_that_died_before_it_began_leaves_nothing_that_a_later_word_would_apply(office: Office) -> None:
    office.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        office.graph().tell("p-1", "apply", "ada")
    office.fails = None
    office.graph().tell("p-1", "decided", "ben")
    assert office.told == [("apply", "ada")]


def test_a_word_that_is_none_changes_nothing(office: Office) -> None:
    graph = office.graph()
    graph.start("p-1")
    with office.saver() as saver:
        made = graph._built(saver)
        with pytest.raises(BadRequest):
            made.invoke(Command(resume={"kind": "approved", "by": "mallory"}), graph._thread("p-1"))
    assert office.told == []
