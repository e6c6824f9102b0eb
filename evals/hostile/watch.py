"""Watches what this process opens, starts and connects to, by Python's audit events."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.store import sandbox

_STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "shutil.rmtree", "os.chmod", "os.link", "os.symlink")


class Watch:
    """Notes every event outside of what is allowed: files of the home, this interpreter's own, one loopback port."""

    def __init__(self, writable: Sequence[Path], port: int | None) -> None:
        self.writable = tuple(str(path.resolve()) for path in writable)
        self.readable = (*self.writable, *map(str, (sys.prefix, sys.base_prefix)), *(path for path in sys.path if path))
        self.port = port
        self.seen: list[str] = []

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """One audit event."""
        if event in _STARTS and not _is_sandbox(event, arguments):
            self.seen.append(f"{event} {arguments!r:.120}")
        elif event == "socket.connect" and arguments[1] != ("127.0.0.1", self.port):
            self.seen.append(f"connect {arguments[1]!r}")
        elif event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "localhost"):
            self.seen.append(f"look up {arguments[0]!r}")
        elif event == "open" and isinstance(arguments[0], str):
            self._opened(arguments[0], str(arguments[1] or ""), arguments[2])
        elif event in _CHANGES and not str(arguments[0]).startswith(self.writable):
            self.seen.append(f"{event} {arguments[0]!r:.120}")

    def _opened(self, path: str, mode: str, flags: int) -> None:
        writes = any(letter in mode for letter in "wax+") or (not mode and flags & 3)
        allowed = self.writable if writes else self.readable
        if not path.startswith((*allowed, "/proc/", "/sys/", "/dev/", "/usr/share/zoneinfo", "/etc/ssl", "/etc/mime")):
            self.seen.append(f"{'write' if writes else 'read'} {path}")


def _is_sandbox(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether it is the one process that Outlay starts: ad hoc SQL runs there, locked."""
    return event in ("subprocess.Popen", "os.posix_spawn") and tuple(map(str, arguments[1])) == _SANDBOX


_SANDBOX = (sys.executable, "-P", "-S", "-B", str(Path(sandbox.__file__).with_name("sandbox_child.py")))
_current: list[Watch] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    for watch in _current:
        watch.hear(event, arguments)


_installed: list[bool] = []


@contextmanager
def watching(writable: Sequence[Path], port: int | None = None) -> Iterator[Watch]:
    """A watch over everything in this process while the block runs. Audit hooks stay, so that one serves them all."""
    if not _installed:
        sys.addaudithook(_hook)
        _installed.append(True)
    watch = Watch(writable, port)
    _current.append(watch)
    try:
        yield watch
    finally:
        _current.remove(watch)
