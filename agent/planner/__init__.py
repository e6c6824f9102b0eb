"""The built-in chat model: question → tool calls; no network, no language model."""

from agent.planner.lexicon import Lexicon
from agent.planner.model import BuiltinPlanner

__all__ = ["BuiltinPlanner", "Lexicon"]
