"""A repository of one's own for a moment: what is fetched is looked at and built upon in it, and then it is gone.

It has no working tree, so that no link in the repository leads anywhere, and no filter of it runs.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tools.operate.remediation.action import CallRefused, NotApplicable, Surprise
from tools.operate.remediation.actions.git.command import Ran, git, must, told

MOST_BYTES = 64 * 1024
FILE_MODES = frozenset({"100644", "100755"})
HTTP_REFUSAL = re.compile(r"(?:returned error: |HTTP )4(?!08)\d\d|Authentication failed|terminal prompts disabled")
"""How git tells that the server refused the call over HTTP: 4xx, but 408."""
REFUSED = ("[rejected]", "[remote rejected]")
"""How `git push --porcelain` tells that a ref was certainly not changed."""
MAY_BE_OURS = re.compile(r"already exists|lock|old value|failed to update")
"""A branch that is in the way on the server: it may be there by this very push, on its way twice."""


@dataclass(frozen=True)
class Scratch:
    """A bare repository that is thrown away."""

    where: Path

    def hashes(self, prefix: str) -> dict[str, str]:
        """Commits by the ends of their refs' names, of the refs under `prefix`."""
        listed = must(git(self.where, "for-each-ref", "--format=%(objectname) %(refname)", prefix))
        pairs = (line.split(" ", 1) for line in listed.splitlines())
        return {name.removeprefix(prefix): commit for commit, name in pairs}

    def text(self, commit: str, path: str) -> str:
        """The file's text. Raises NotApplicable: there is none, it is no plain file, too large, or no text."""
        _, blob = self.entry(commit, path)
        size = int(must(git(self.where, "cat-file", "-s", blob)))
        if size > MOST_BYTES:
            raise NotApplicable(f"{path} has {size} bytes; files up to {MOST_BYTES} are changed")
        try:
            text = must(git(self.where, "cat-file", "blob", blob)).encode("utf-8", "surrogateescape").decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise NotApplicable(f"{path} is no text; only UTF-8 text is changed")
        return text

    def entry(self, commit: str, path: str) -> tuple[str, str]:
        """Mode and blob of a plain file. Raises NotApplicable for anything else."""
        listed = must(git(self.where, "--literal-pathspecs", "ls-tree", "-z", commit, "--", path)).strip("\0")
        if not listed:
            raise NotApplicable(f"there is no file {path}")
        mode, _, blob = listed.partition("\t")[0].split(" ")
        if mode not in FILE_MODES:
            kind = {"120000": "a link", "160000": "another repository"}.get(mode, "a folder")
            raise NotApplicable(f"{path} is {kind}; only plain files are changed")
        return mode, blob

    def changed(self, commit: str) -> tuple[str, ...]:
        """Paths that differ between a commit and its parent; () where it has none, or several."""
        ran = git(self.where, "diff-tree", "--no-commit-id", "--name-only", "-r", "-z", f"{commit}^", commit)
        return tuple(ran.out.strip("\0").split("\0")) if ran.code == 0 else ()

    def message(self, commit: str) -> str:
        return must(git(self.where, "log", "-1", "--format=%B", commit)).strip("\n")

    def check(self, base: str, diff: str) -> None:
        """git's own word that the diff applies. Raises CallRefused."""
        must(git(self.where, "read-tree", base))
        ran = git(self.where, "apply", "--cached", "--check", "--whitespace=nowarn", "-", stdin=diff)
        if ran.code != 0:
            raise CallRefused(f"git would not apply it: {told(ran.err)}")

    def commit(self, base: str, path: str, text: str, message: str) -> str:
        """A commit on top of `base` in which only that file's contents differ."""
        mode, _ = self.entry(base, path)
        blob = must(git(self.where, "hash-object", "-w", "--stdin", stdin=text)).strip()
        must(git(self.where, "read-tree", base))
        must(git(self.where, "update-index", "--cacheinfo", f"{mode},{blob},{path}"))
        tree = must(git(self.where, "write-tree")).strip()
        return must(git(self.where, "commit-tree", tree, "-p", base, "-F", "-", stdin=message)).strip()


def pushed(ran: Ran, error: str) -> None:
    """What a push came to; `error`: what it wrote, without secrets.

    Raises:
        CallRefused: the branch was certainly not changed.
        Surprise: nobody knows.
    """
    if ran.code == 0:
        return
    refusals = [line for line in ran.out.splitlines() if line.startswith("!") and any(one in line for one in REFUSED)]
    if refusals and not any(MAY_BE_OURS.search(line) for line in refusals):
        raise CallRefused(f"git push: {refusals[0].split(chr(9))[-1]}")
    if ran.code is not None and HTTP_REFUSAL.search(ran.err):
        raise CallRefused(f"git push: {told(error)}")
    raise Surprise(f"git push: {'; '.join((*refusals, told(error)))}")
