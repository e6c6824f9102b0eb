"""Backend: the agent of a home, and what a conversation needs beside it. Building it imports the heavy libraries."""

from datetime import date
from typing import TYPE_CHECKING

from agent.app import build_agent, kept_answers, open_store, threads_path, tool_context
from agent.cli.chat.names import Name, known_names
from agent.settings import Settings
from agent.state.threads import ThreadSummary, recent_threads

if TYPE_CHECKING:
    from tools.registry import ToolContext


class Backend:
    """Everything that a home answers by. Several threads may use it."""

    def __init__(self, settings: Settings, as_of: date) -> None:
        # Imported here, before the first question needs them.

        import agent.cli.terminal  # noqa: F401

        self.settings = settings
        self.agent = build_agent(settings)
        self.answers = kept_answers(settings)
        self._store = open_store(settings)
        self._names: tuple[int, tuple[Name, ...]] = (-1, ())
        self.names(as_of)

    def context(self, as_of: date, generation: int | None = None) -> "ToolContext":
        """What the asker's tools may read. Raises StoreFault."""
        return tool_context(self.settings, self._store, as_of, generation)

    def loaded_through(self) -> date | None:
        """The last day with data; None for an empty store. Raises StoreFault."""
        return self._store.snapshot().loaded_through

    def names(self, as_of: date) -> tuple[Name, ...]:
        """What the asker may call by name in the newest generation, read once for each."""
        context = self.context(as_of)
        if self._names[0] != context.store.generation:
            self._names = (context.store.generation, known_names(context))
        return self._names[1]

    def recent_threads(self) -> tuple[ThreadSummary, ...]:
        return recent_threads(threads_path(self.settings))
