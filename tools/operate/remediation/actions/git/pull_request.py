"""Asking for a change of a file: a branch is pushed, and a pull request opened. Its owners decide whether it is merged.

Every file may wait for one change of Outlay's at a time. The branch is named after the change's mark, so that it is
found again, and has to be new for the push to be taken; a forge takes one open pull request a branch.
"""

from abc import abstractmethod
from typing import Any, Literal

from pydantic import JsonValue

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Parameters, Step, Surprise
from tools.operate.remediation.actions.git.access import PUSH, ForgeAccess, nothing_sent
from tools.operate.remediation.actions.git.config_file import (
    TRAILER,
    FileChange,
    branches_of,
    environment_of,
    place_of,
)
from tools.operate.remediation.actions.git.patch import diff_of, patched
from tools.operate.remediation.actions.git.scratch import Scratch

BASE, OURS = "refs/outlay/base", "refs/outlay/ours/"
Stand = Literal["open", "merged"]
WAITING = "waiting"


class FileRequest(Action):
    """`branch`: the commit that waits on its branch, null: none; `pull_request`: open, merged, or null.

    The file's text and other changes that wait are among the tags, so that a plan whose file changed is out of date.
    """

    parameters_type = FileChange
    idempotency = "precondition"
    most_targets = 20
    risk = "low"
    access: ForgeAccess
    opens: str
    """Permission that opening the request takes."""
    closes: str

    @abstractmethod
    def may_push(self, target: TargetRef) -> bool:
        """Whether the account may. Raises NotApplicable: there is no such repository, or it is archived."""

    @abstractmethod
    def request(self, target: TargetRef, branch: str) -> tuple[Stand, str] | None:
        """The request of a branch that is open or merged, and its number."""

    @abstractmethod
    def open_request(self, target: TargetRef, branch: str, title: str, body: str) -> None: ...

    @abstractmethod
    def close_request(self, target: TargetRef, number: str) -> None: ...

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such repository, branch or file, or none that can be changed."""
        self.may_push(target)
        branch = branches_of(target) + mark
        with self._fetched(target) as scratch:
            ours = scratch.hashes(OURS)
            state = _commit(scratch, target.id, ours.get(mark), mark)
            text = _text(scratch, target.id, must_be_there=state is None)
        request = self.request(target, branch)
        others = ",".join(sorted(one for one in ours if one != mark))
        return Seen(
            state={"branch": state, "pull_request": None if request is None else request[0]},
            name=target.id,
            environment=environment_of(target),
            tags={"text": text, WAITING: others},
        )

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: nothing would change, it can't be done, or another change of the file waits."""
        assert isinstance(parameters, FileChange)
        if seen.tags[WAITING]:
            raise NotApplicable(f"another change of {seen.name} waits; have it merged or closed first")
        diff = parameters.diff(seen.name, seen.tags["text"])
        return {"branch": {"message": parameters.message, "diff": diff}, "pull_request": "open"}

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused: the account may not push, or git would not apply it."""
        if not self.may_push(target):
            raise CallRefused(f"the account may not push to {target.place['repository']}")
        wanted: Any = after["branch"]
        with self._fetched(target) as scratch:
            scratch.check(BASE, wanted["diff"])

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        """Push, then open; back: close, then take the branch away."""
        if before == after:
            return ()
        back = after["branch"] is None
        between: State = {"branch": (before if back else after)["branch"], "pull_request": None}
        calls = (self.closes, PUSH) if back else (PUSH, self.opens)
        ways = ((before, between), (between, after))
        return tuple(
            Step(call=call, expects=start, leaves=end)
            for call, (start, end) in zip(calls, ways, strict=True)
            if start != end
        )

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        branch = branches_of(target) + mark
        if step.call == self.opens:
            self._open(target, step, branch, mark)
        elif step.call == self.closes:
            self._close(target, branch)
        else:
            self._push(target, step, branch, mark)

    def _open(self, target: TargetRef, step: Step, branch: str, mark: str) -> None:
        commit: Any = step.leaves["branch"]
        title, _, body = commit["message"].partition("\n\n")
        try:
            self.open_request(target, branch, title, f"{body}{TRAILER}{mark}".strip())
        except CallRefused as refusal:
            if "already exists" in str(refusal):
                raise Surprise(str(refusal)) from None
            raise

    def _close(self, target: TargetRef, branch: str) -> None:
        try:
            found = self.request(target, branch)
        except OSError as fault:
            raise nothing_sent(fault) from None
        if found is None or found[0] != "open":
            raise CallRefused("it is not open any more; nothing was sent")
        self.close_request(target, found[1])

    def _push(self, target: TargetRef, step: Step, branch: str, mark: str) -> None:
        _, repository, _ = place_of(target)
        try:
            with self._fetched(target) as scratch:
                was = scratch.hashes(OURS).get(mark, "")
                if _commit(scratch, target.id, was or None, mark) != step.expects["branch"]:
                    raise CallRefused(f"{branch} is not what was planned any more; nothing was sent")
                commit = _built(scratch, target.id, step.leaves["branch"], mark)
                self.access.push(scratch, repository, branch, was, commit)
        except OSError as fault:
            raise nothing_sent(fault) from None

    def _fetched(self, target: TargetRef) -> Any:
        _, repository, branch = place_of(target)
        ours = f"refs/heads/{branches_of(target)}"
        return self.access.fetched(repository, {f"refs/heads/{branch}": BASE, f"{ours}*": f"{OURS}*"})


def _built(scratch: Scratch, path: str, wanted: Any, mark: str) -> str:
    """The commit to push; "" where the branch is to go."""
    if wanted is None:
        return ""
    try:
        text = patched(path, scratch.text(BASE, path), wanted["diff"])
    except NotApplicable as fault:
        raise CallRefused(f"nothing was sent: {fault}") from None
    return scratch.commit(BASE, path, text, f"{wanted['message']}{TRAILER}{mark}\n")


def _commit(scratch: Scratch, path: str, commit: str | None, mark: str) -> dict[str, JsonValue] | None:
    """What waits on our branch, as it would have been planned; anything else that is there shows as itself."""
    if commit is None:
        return None
    if scratch.changed(commit) != (path,):
        return {"commit": commit}
    diff = diff_of(path, scratch.text(f"{commit}^", path), scratch.text(commit, path))
    return {"message": scratch.message(commit).removesuffix(f"{TRAILER}{mark}"), "diff": diff}


def _text(scratch: Scratch, path: str, must_be_there: bool) -> str:
    try:
        return scratch.text(BASE, path)
    except NotApplicable:
        if must_be_there:
            raise
        return ""
