"""Witness: how far the trail had come, kept beside the database, so that a database set back as a whole is noticed."""

import json
import secrets
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, select

from agent.state.remediation import tables
from agent.state.remediation.events import head_text
from agent.state.remediation.seal import Seal
from agent.state.remediation.trail import Head, TrailBroken

FILE = "trail.witness"


class Witness:
    """A sealed file in the home's state; every machine that shares a desk has one of its own."""

    def __init__(self, state: Path, seal: Seal) -> None:
        self._path, self._seal = state / FILE, seal

    def check(self, connection: Connection) -> None:
        """Raises TrailBroken where the database does not hold what was seen; whoever restored it has to say so."""
        seen = self._seen()
        if seen is None:
            return
        found = connection.execute(select(tables.trail.c.hash).where(tables.trail.c.sequence == seen.sequence)).scalar()
        if found != seen.hash:
            raise TrailBroken(
                f"event {seen.sequence}, which was written, is not in it, as after a backup was restored; what was "
                f"approved and applied since then is not known (who accepts that removes {self._path})"
            )

    def note(self, head: Head) -> None:
        """Remember a head. That it can't be written stops nothing: what it is of has been written already."""
        text = head_text(head.sequence, head.hash)
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(f"{text}\n{self._seal.of('trail witness', text)}\n", "ascii")
            draft.replace(self._path)

    def _seen(self) -> Head | None:
        """None also for a file that nobody's seal is on: who can write it could as well have removed it."""
        try:
            text, seal = self._path.read_text("ascii").splitlines()
        except (OSError, ValueError):
            return None
        if not self._seal.holds("trail witness", text, seal):
            return None
        return Head(**json.loads(text))
