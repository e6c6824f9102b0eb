"""git as a program: arguments are a list, nothing of the machine's or a person's configuration counts, no hook runs,
nobody is asked for a password, and only the address that it is given is talked to.

Secrets go in by the environment, which other users can't see, never by an argument, which they can.
"""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KEPT = (
    "PATH",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "GIT_SSL_CAINFO",
)
CONFIG = (
    ("user.name", "Outlay"),
    ("user.email", "outlay@localhost"),
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("credential.helper", ""),
    ("commit.gpgSign", "false"),
    ("push.gpgSign", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("transfer.fsckObjects", "true"),
    ("http.followRedirects", "false"),
    ("http.version", "HTTP/1.1"),
    ("http.extraHeader", "Connection: close"),
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "30"),
    ("protocol.allow", "never"),
    ("protocol.http.allow", "always"),
    ("protocol.https.allow", "always"),
)
"""A connection serves one request: on one that was used before, curl repeats a request whose answer got lost."""
SECONDS = 120.0


@dataclass(frozen=True)
class Ran:
    """What came of a command; `code` None: it was ended for taking too long."""

    code: int | None
    out: str
    err: str


def git(where: Path, *arguments: str, config: Sequence[tuple[str, str]] = (), stdin: str | None = None) -> Ran:
    """Run git in a folder. Raises OSError when there is no git."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=where,
            env=_environment(where, (*CONFIG, *config)),
            input=None if stdin is None else stdin.encode(),
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ran(None, "", f"git {arguments[0]} took more than {SECONDS:.0f} seconds")
    return Ran(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "replace"))


def must(ran: Ran) -> str:
    """What the command wrote. Raises OSError when it failed."""
    if ran.code != 0:
        raise OSError(f"git: {told(ran.err)}")
    return ran.out


def told(text: str) -> str:
    """What git says went wrong, in one line."""
    lines = [one.strip() for one in text.splitlines() if one.strip()]
    faults = [one for one in lines if one.startswith(("error:", "fatal:", "remote:"))] or lines
    return "; ".join(faults)[:300] or "it failed without a word"


def _environment(where: Path, config: Sequence[tuple[str, str]]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for at, (key, value) in enumerate(config):
        settings |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "HOME": str(where),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": str(len(config)),
        **settings,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_CEILING_DIRECTORIES": str(where.parent),
        "GIT_INDEX_FILE": str(where / "outlay-index"),
    }
