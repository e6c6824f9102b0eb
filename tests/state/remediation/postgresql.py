"""A real PostgreSQL server in a temporary folder, on a socket of its own, run by somebody without rights."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")


class NotInstalled(Exception):
    """There is no PostgreSQL to run; says what is missing."""


class Server:
    """Gives each test a schema of its own: a database of its own takes 7 MB and half a second."""

    def __init__(self, binaries: Path, folder: Path, user: str | None) -> None:
        self._binaries, self._folder, self._user, self._numbers = binaries, folder, user, count(1)

    def url_of_an_empty_desk(self) -> str:
        import psycopg

        name = f"desk_{next(self._numbers)}"
        with psycopg.connect(host=str(self._folder), user="outlay", dbname="postgres") as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"postgresql://outlay@/postgres?host={self._folder}&options=-csearch_path%3D{name}"

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / program, *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            user=self._user,
            group=None if self._user is None else pwd.getpwnam(self._user).pw_gid,
            extra_groups=None if self._user is None else [],
        )


@contextmanager
def running_server() -> Iterator[Server]:
    """Raises NotInstalled."""
    binaries = _binaries()
    user = _unprivileged() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user is not None:
        shutil.chown(folder, user)
    server, data = Server(binaries, folder, user), folder / "data"
    try:
        server.run("initdb", "-D", str(data), "-U", "outlay", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        server.run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield server
        finally:
            server.run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda one: float(one.parents[1].name))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise NotInstalled("PostgreSQL is not installed here (no initdb)")
    return found[-1].parent if found else Path(str(on_path)).parent


def _unprivileged() -> str:
    """PostgreSQL refuses to run as root."""
    known = {one.pw_name for one in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return name
    raise NotInstalled("PostgreSQL does not run as root, and there is no other user")
