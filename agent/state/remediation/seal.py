"""Seal: HMAC-SHA256 by a key that the database does not hold, so that a row written by anybody else is known for it."""

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Literal

from tools.domain.errors import BadSetting, StoreFault

KEY_FILE = "approval.key"
SHORTEST_KEY = 32
"""Bytes."""
Sealed = Literal["proposal", "decision", "standing approval", "trail head", "trail witness"]
"""What a seal is of. It goes into the seal, so that the seal of one kind is none of another."""


class Seal:
    """Seals and checks texts with one key. Its repr tells nothing of the key."""

    def __init__(self, key: bytes) -> None:
        """Raises BadSetting for a key that is too short."""
        if len(key) < SHORTEST_KEY:
            raise BadSetting(
                f"the approval key has {len(key)} bytes and needs {SHORTEST_KEY}; `openssl rand -hex 32` makes one"
            )
        self._key = key

    def of(self, kind: Sealed, text: str) -> str:
        """64 hex digits."""
        return hmac.new(self._key, f"outlay 1 {kind}\0{text}".encode(errors="replace"), hashlib.sha256).hexdigest()

    def holds(self, kind: Sealed, text: object, seal: object) -> bool:
        """Not for anything but texts: a database gives back whatever was put into it."""
        if not isinstance(text, str) or not isinstance(seal, str):
            return False
        return hmac.compare_digest(self.of(kind, text).encode(), seal.encode(errors="replace"))


def home_key(state: Path) -> bytes:
    """The key of a home, made at first use, for its owner only.

    Raises:
        BadSetting: others can read it.
        StoreFault: it can't be read or made.
    """
    path = state / KEY_FILE
    try:
        if not path.exists():
            _make(path)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BadSetting(f"others than its owner can get at {path}, which approvals are sealed with; chmod 600 it")
        return bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as fault:
        raise StoreFault(f"the key that seals approvals can't be used, {path}: {type(fault).__name__}") from None


def _make(path: Path) -> None:
    """Whole or not at all, and never over another process's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_hex(32).encode())
        os.fsync(descriptor)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.close(descriptor)
        draft.unlink()
