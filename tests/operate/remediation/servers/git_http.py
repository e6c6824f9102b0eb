"""git's own server (`git http-backend`) over real bare repositories, for whoever has the password."""

import os
import subprocess
from atexit import register
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from urllib.parse import urlsplit

from tests.operate.remediation.servers.strict import Raw

PREFIX = "/git/"


def git(where: Path, *arguments: str, stdin: bytes | None = None) -> str:
    """git in a folder, with no configuration but its own; past any server."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(where),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ben",
        "GIT_AUTHOR_EMAIL": "ben@example.com",
        "GIT_COMMITTER_NAME": "Ben",
        "GIT_COMMITTER_EMAIL": "ben@example.com",
        "GIT_AUTHOR_DATE": "2026-11-01T00:00:00Z",
        "GIT_COMMITTER_DATE": "2026-11-01T00:00:00Z",
    }
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=where, env=environment, input=stdin, capture_output=True, check=True
    ).stdout.decode()


def seeded(root: Path, name: str, files: Mapping[str, str], links: Mapping[str, str]) -> Path:
    """A bare repository with one commit on main."""
    bare = root / f"{name}.git"
    copytree(_template(tuple(files.items()), tuple(links.items())), bare)
    return bare


@cache
def _template(files: tuple[tuple[str, str], ...], links: tuple[tuple[str, str], ...]) -> Path:
    work = Path(mkdtemp(prefix="outlay-tests-"))
    register(rmtree, work, ignore_errors=True)
    git(work, "init", "--quiet", "--initial-branch=main")
    for path, text in files:
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_bytes(text.encode("utf-8", "surrogateescape"))
    for path, leads_to in links:
        (work / path).symlink_to(leads_to)
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "-m", "All there is")
    git(work, "config", "core.bare", "true")
    return work / ".git"


def served(
    root: Path, password: tuple[str, str], method: str, path: str, headers: Mapping[str, str], body: bytes
) -> Raw:
    """A request to /git/… answered by git http-backend."""
    wanted = f"Basic {b64encode(':'.join(password).encode()).decode()}"
    if headers.get("authorization") != wanted:
        return Raw(401, b"who are you?", {"WWW-Authenticate": 'Basic realm="git"'})
    parts = urlsplit(path)
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": parts.path.removeprefix(PREFIX.rstrip("/")),
        "QUERY_STRING": parts.query,
        "REQUEST_METHOD": method,
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
        "GIT_PROTOCOL": headers.get("git-protocol", ""),
        "REMOTE_USER": password[0],
    }
    out = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True, check=True).stdout
    head, _, rest = out.partition(b"\r\n\r\n")
    told = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    return Raw(int(told.pop("Status", "200").split(" ")[0]), rest, told)


def service(method: str, path: str) -> str | None:
    """git's name of the permission that a request takes: a fetch as it asks what there is, a push as it sends."""
    if method == "GET":
        return "git-upload-pack" if path.endswith("/info/refs?service=git-upload-pack") else None
    return "git-receive-pack" if path.endswith("/git-receive-pack") else None
