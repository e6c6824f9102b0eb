"""Conversation: what stays between the questions of one `outlay chat`, whatever it is typed into."""

import os
from datetime import date
from typing import TYPE_CHECKING

from agent.cli.chat.warmup import WarmUp
from agent.cli.context import CliContext
from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from agent.cli.chat.backend import Backend
    from agent.graph.step import Progress
    from tools.domain.answer import Answer

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_thread() -> str:
    """A fresh thread's id: the day and four characters that no one confuses."""
    return f"{date.today().isoformat()}-{''.join(_LETTERS[byte % len(_LETTERS)] for byte in os.urandom(4))}"


class Conversation:
    """Thread, persona and day, and the newest answer."""

    def __init__(
        self,
        cli: CliContext,
        *,
        thread: str,
        persona: str | None = None,
        day: date | None = None,
        model: str | None = None,
    ) -> None:
        self.cli, self.thread, self.persona, self.day, self.model = cli, thread, persona, day, model
        self.is_over = False
        """Set by /quit."""
        self.warmup: WarmUp[Backend] = WarmUp(self._build)
        self._last: Answer | None = None

    @property
    def as_of(self) -> date:
        return self.day or date.today()

    @property
    def backend(self) -> "Backend":
        """The agent and its store, waiting for them where need be. Raises OutlayError."""
        return self.warmup.get()

    def ask(self, question: str, progress: "Progress | None" = None) -> "Answer":
        """Ask in this thread. Raises StoreFault; broken off by Ctrl-C it leaves no trace."""
        answer = self.backend.agent.ask(
            question, as_of=self.as_of, thread=self.thread, persona=self.persona, progress=progress
        )
        self._last = answer
        return answer

    def last(self) -> "Answer":
        """The newest answer of this thread, be it from an earlier session. Raises BadInput when there is none."""
        found = self._last or self.backend.answers.last_of(self.thread)
        if found is None:
            raise BadInput("nothing has been asked in this thread yet; ask a question first")
        return found

    def go_to(self, thread: str) -> None:
        """Carry on another conversation."""
        self.thread, self._last = thread, None

    def _build(self) -> "Backend":
        from agent.cli.chat.backend import Backend

        return Backend(self.cli.settings_for(self.model), self.as_of)
