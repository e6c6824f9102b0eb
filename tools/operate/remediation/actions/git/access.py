"""A forge: its API, and git over the same account. git's two services are permissions of their own:
`git-upload-pack` is what a fetch takes, `git-receive-pack` what a push takes."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from tools.operate.remediation.action import CallRefused, NotApplicable
from tools.operate.remediation.actions.git.command import Ran, git, must, told
from tools.operate.remediation.actions.git.scratch import Scratch, pushed
from tools.operate.remediation.actions.http_access import READ_SECONDS, Endpoint, HttpAccess, plain_url

FETCH, PUSH = "git-upload-pack", "git-receive-pack"
REPOSITORY = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)+$")


class ForgeAccess(HttpAccess):
    """`git_url`/`repository`.git is where a repository is fetched from and pushed to."""

    def __init__(
        self,
        endpoint: Endpoint,
        permissions: Iterable[str],
        git_url: str,
        user: str,
        token: SecretStr,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        pair = SecretStr(b64encode(f"{user}:{token.get_secret_value()}".encode()).decode())
        with_git = Endpoint(endpoint.base_url, endpoint.headers, (*endpoint.hidden, token, pair))
        super().__init__([with_git], permissions, read_seconds)
        self._git_url, self._pair, self._api = plain_url(git_url), pair, with_git

    @contextmanager
    def fetched(self, repository: str, refs: Mapping[str, str]) -> Iterator[Scratch]:
        """A scratch with the refs (theirs → ours, a * stands for any end) and the commits right before them.

        Raises:
            NotApplicable: the branch is not there.
            OSError: they can't be fetched.
        """
        with TemporaryDirectory(prefix="outlay-git-") as folder:
            where = Path(folder)
            must(git(where, "init", "--quiet", "--bare"))
            self.admit(FETCH)
            specs = [f"+{theirs}:{ours}" for theirs, ours in refs.items()]
            ran = self._git(where, "fetch", "--quiet", "--no-tags", "--depth=2", "--", self._url(repository), *specs)
            if ran.code != 0 and "couldn't find remote ref" in ran.err:
                raise NotApplicable(f"{repository}: {told(ran.err)}; name a branch that is there")
            if ran.code != 0:
                raise OSError(f"git fetch of {repository}: {told(self._api.without_secrets(ran.err))}")
            yield Scratch(where)

    def push(self, scratch: Scratch, repository: str, branch: str, was: str, commit: str) -> None:
        """Point a branch to a commit, if it is at `was` now; "": it must not be there, and "" as commit takes it away.

        Raises:
            CallRefused: the branch was certainly not changed.
            Surprise: nobody knows.
        """
        ref, url = f"refs/heads/{branch}", self._url(repository)
        self.admit(PUSH)
        lease = f"--force-with-lease={ref}:{was}"
        ran = self._git(scratch.where, "push", "--porcelain", "--no-verify", lease, "--", url, f"{commit}:{ref}")
        pushed(ran, self._api.without_secrets(ran.err))

    def _url(self, repository: str) -> str:
        if not REPOSITORY.match(repository):
            raise NotApplicable(f"{repository!r} is no repository; one is written as owner/name")
        return f"{self._git_url}/{repository}.git"

    def _git(self, where: Path, *arguments: str) -> Ran:
        header = f"Authorization: Basic {self._pair.get_secret_value()}"
        return git(where, *arguments, config=[(f"http.{self._git_url}/.extraHeader", header)])


def nothing_sent(fault: OSError) -> CallRefused:
    """A change that could not even be prepared."""
    return CallRefused(f"nothing was sent: {fault}")
