"""The graph of a proposal: it waits for people, for days and over restarts, and only it calls the executor.

    wait ──decided──▶ wait          (the next approval, or somebody who has it applied)
      │──apply──────▶ apply ──▶ wait  (for a rollback)
      │──roll back──▶ roll_back ──▶ wait
      └──settle─────▶ settle ──▶ wait

What wakes it is a word, never a permission: approvals are read from the desk, sealed, by the transaction that spends
them. A word that is made up has no effect.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, interrupt

from tools.domain.errors import BadRequest, OutlayError
from tools.operate.remediation.executor import Executor
from tools.operate.remediation.journal import Execution, Journal

Kind = Literal["decided", "apply", "roll_back", "settle"]


class Word(TypedDict):
    """What a surface says to a waiting proposal."""

    kind: Kind
    by: str
    """The person, as people.yaml names them; told on the trail, and never what allows anything."""


class ProposalState(TypedDict):
    """Kept in the checkpoint: an id and words; what is approved is not in here."""

    proposal: str
    word: Word
    refusal: str
    """Why the last word came to nothing; empty when it did not."""


@dataclass(frozen=True)
class RemediationGraph:
    """The proposals of a home, each in a thread of its own."""

    journal: Journal
    executor: Executor
    saver: Callable[[], AbstractContextManager["BaseCheckpointSaver[Any]"]]

    def start(self, proposal: str) -> None:
        """Let a new proposal wait for its approvals. Again: nothing happens."""
        with self.saver() as saver:
            graph, config = self._built(saver), self._thread(proposal)
            if not graph.get_state(config).next:
                graph.invoke(_beginning(proposal), config, durability="sync")

    def tell(self, proposal: str, kind: Kind, by: str) -> str:
        """Wake a proposal with a word; why nothing came of it, or "" when something did.

        A process that died while the proposal was carried out left it there: that is settled first.
        """
        self.start(proposal)
        with self.saver() as saver:
            graph, config = self._built(saver), self._thread(proposal)
            if graph.get_state(config).next != ("wait",):
                graph.update_state(config, {"word": Word(kind="settle", by=by)}, as_node="wait")
                graph.invoke(None, config, durability="sync")
            told = graph.invoke(Command(resume=Word(kind=kind, by=by)), config, durability="sync")
            return str(told["refusal"])

    def _thread(self, proposal: str) -> Any:
        return {"configurable": {"thread_id": self.journal.proposal(proposal).thread}}

    def _built(self, saver: "BaseCheckpointSaver[Any]") -> "CompiledStateGraph[ProposalState, None, Any, Any]":
        graph = StateGraph(ProposalState)
        graph.add_node("wait", _wait)
        graph.add_node("apply", self._apply)
        graph.add_node("roll_back", self._roll_back)
        graph.add_node("settle", self._settle)
        graph.add_edge(START, "wait")
        graph.add_conditional_edges("wait", _after_wait, ["wait", "apply", "roll_back", "settle"])
        for name in ("apply", "roll_back", "settle"):
            graph.add_edge(name, "wait")
        return graph.compile(checkpointer=saver)

    def _apply(self, state: ProposalState) -> dict[str, str]:
        return _refusal(lambda: self.executor.apply(state["proposal"], state["word"]["by"]))

    def _roll_back(self, state: ProposalState) -> dict[str, str]:
        return _refusal(lambda: self.executor.roll_back(state["proposal"], state["word"]["by"]))

    def _settle(self, state: ProposalState) -> dict[str, str]:
        open_ones = [one for one in self.journal.unfinished() if one.proposal == state["proposal"]]
        return _refusal(lambda: [self.executor.settle(one) for one in open_ones])


def _wait(state: ProposalState) -> dict[str, object]:
    """Nothing stands before the interrupt: the node runs again from its top when it is woken."""
    word: Word = interrupt({"proposal": state["proposal"]})
    return {"word": word, "refusal": ""}


def _after_wait(state: ProposalState) -> str:
    kind = state["word"]["kind"]
    if kind not in ("decided", "apply", "roll_back", "settle"):
        raise BadRequest(f"{kind!r} is no word for a proposal")
    return "wait" if kind == "decided" else kind


def _refusal(act: Callable[[], "Execution | list[Execution]"]) -> dict[str, str]:
    """What can be told is told to whoever woke the proposal; it then waits again."""
    try:
        act()
    except (OutlayError, OSError) as fault:
        return {"refusal": str(fault)}
    return {"refusal": ""}


def _beginning(proposal: str) -> ProposalState:
    return {"proposal": proposal, "word": {"kind": "decided", "by": ""}, "refusal": ""}
