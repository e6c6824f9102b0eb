"""Who asks: told by the surface that a question comes through, never by the question or an argument."""

import hashlib
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tools.domain.scope import Scope

Surface = Literal["os_user", "email", "slack_id", "token_sha256"]
"""What a surface knows a person by; named like the keys of people.yaml."""


UNLISTED = "_"
"""How the id of somebody begins whom only people.yaml's default covers; no key of a listed person can."""


class Asker(BaseModel):
    """A person as a run needs to know them. Without an `id` it is anybody, in a home without people.yaml."""

    model_config = ConfigDict(frozen=True)

    id: str | None = None
    name: str = ""
    persona: str | None = None
    teams: tuple[str, ...] = ()
    scope: Scope = Scope()

    @property
    def is_listed(self) -> bool:
        """Whether people.yaml names this very person: neither anybody, nor one whom only its default covers."""
        return self.id is not None and not self.id.startswith(UNLISTED)

    def state_path(self, state: Path) -> Path:
        """Where this person's threads and answers are kept: a folder of their own, so that nobody else's can be met."""
        return state if self.id is None else state / "people" / self.id


ANYBODY = Asker()


def unlisted_id(surface: Surface, name: str) -> str:
    """The id of somebody who is only covered by people.yaml's default; no listed person can have it."""
    return f"{UNLISTED}{surface}.{hashlib.sha256(name.encode()).hexdigest()[:24]}"


def os_user() -> str:
    """The user that this process runs as: by its user id, as anybody can set an environment variable."""
    if os.name != "posix":
        return os.getlogin()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
