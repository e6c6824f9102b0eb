"""The graph of a question, put together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.graph.control import Vet
from agent.graph.nodes import Nodes, after_check, after_plan, after_tools, after_write
from agent.graph.planners import Deputy, Planners
from agent.graph.state import Run, TurnState
from tools.registry import Tool

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

TurnGraph = CompiledStateGraph[TurnState, Run, TurnState, TurnState]


def build_graph(
    model: BaseChatModel,
    tools: Sequence[Tool],
    checkpointer: "BaseCheckpointSaver[Any] | None" = None,
    *,
    trusted: bool = False,
    deputy: Deputy | None = None,
    vet: Vet | None = None,
) -> TurnGraph:
    """plan → tools → … → write → check → answer; with a checkpointer a thread goes on from where it was."""
    nodes = Nodes(Planners(model, tools, deputy), tools, trusted=trusted, vet=vet)
    graph = StateGraph(TurnState, context_schema=Run)
    graph.add_node("plan", nodes.plan)
    graph.add_node("tools", nodes.tools)
    graph.add_node("write", nodes.write)
    graph.add_node("check", nodes.check)
    graph.add_node("answer", nodes.answer)
    graph.add_edge(START, "plan")
    graph.add_conditional_edges("plan", after_plan, ["tools", "write"])
    graph.add_conditional_edges("tools", after_tools, ["plan", "write"])
    graph.add_conditional_edges("write", after_write, ["plan", "check"])
    graph.add_conditional_edges("check", after_check, ["plan", "answer"])
    graph.add_edge("answer", END)
    return graph.compile(checkpointer=checkpointer)
