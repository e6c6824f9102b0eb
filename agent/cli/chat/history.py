"""Questions asked before, kept in the home's state where nobody else can read them."""

import os
import threading
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory, History

from agent.cli.chat.conversation import Conversation
from tools.domain.errors import OutlayError

FILE = "chat_history"
PRIVATE = 0o600


class HomeHistory(History):
    """A file of questions. It waits for `may_load`, as finding the home imports the settings.

    Where the file can't be used, the questions of this session are all there is.
    """

    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self._conversation = conversation
        self.may_load = threading.Event()

    def load_history_strings(self) -> Iterable[str]:
        self.may_load.wait()
        file = self._file()
        return file.load_history_strings() if file else ()

    def store_string(self, string: str) -> None:
        file = self._file()
        if file:
            file.store_string(string)

    def _file(self) -> FileHistory | None:
        try:
            path = self._conversation.cli.settings.state_path / FILE
            _make_private(path)
        except (OutlayError, OSError):
            return None
        return FileHistory(path)


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, PRIVATE)
    try:
        os.fchmod(opened, PRIVATE)
    finally:
        os.close(opened)
