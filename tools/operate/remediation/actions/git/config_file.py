"""A file in a repository as a target, and the change of it that is asked for."""

import hashlib
from typing import Self

from pydantic import Field, model_validator

from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import NotApplicable, Parameters
from tools.operate.remediation.actions.git.patch import diff_of, patched
from tools.operate.remediation.actions.git.value_edit import Scalar, with_value
from tools.operate.remediation.place import refuse_other_fields

PLACE = ("api", "repository", "branch")
ENVIRONMENTS = frozenset({"prod", "production", "staging", "stage", "test", "qa", "dev", "development", "sandbox"})
TRAILER = "\n\nOutlay-Mark: "


class FileChange(Parameters):
    """Either one value of a YAML or JSON file (`at`, `value`), or a unified diff (`patch`)."""

    title: str = Field(min_length=1, max_length=120, pattern=r"^[^\n\r]*\S[^\n\r]*$")
    """Of the pull request, and of the commit."""
    reason: str = Field(default="", max_length=4000)
    at: str | None = None
    """Where the value is, as a JSON pointer: /spec/replicas."""
    value: Scalar = None
    document: int = Field(default=0, ge=0)
    """Which document of a YAML file, from 0."""
    patch: str | None = Field(default=None, max_length=64 * 1024)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.at is None) == (self.patch is None):
            raise ValueError("give either at and value, or patch")
        return self

    @property
    def message(self) -> str:
        return f"{self.title.strip()}\n\n{self.reason.strip()}".strip()

    def diff(self, path: str, text: str) -> str:
        """What it changes in the file's text. Raises NotApplicable: nothing, or it can't be done."""
        if self.patch is not None:
            new = patched(path, text, self.patch)
        else:
            new = with_value(path, text, str(self.at), self.value, self.document)
        if new == text:
            raise NotApplicable(f"{path} is so already; nothing would change")
        return diff_of(path, text, new)


def place_of(target: TargetRef) -> tuple[str, str, str]:
    """API, repository and branch. Raises NotApplicable for a target without them, or a path that leads elsewhere."""
    refuse_other_fields(target, *PLACE)
    missing = [one for one in PLACE if not target.place.get(one)]
    if missing:
        raise NotApplicable(f"{target.id}: its {', '.join(missing)} is not known")
    branch = target.place["branch"]
    parts = target.id.split("/")
    if any(one in ("", ".", "..") or one.casefold() == ".git" for one in parts) or not _plain(target.id):
        raise NotApplicable(
            f"{target.id!r} leads out of its repository; give a path from its top, such as k8s/app.yaml"
        )
    if not _plain(branch) or branch.startswith(("-", "/", "refs/")) or ".." in branch or set(branch) & set("~^:?*[ "):
        raise NotApplicable(f"{branch!r} is no branch")
    return target.place["api"], target.place["repository"], branch


def _plain(text: str) -> bool:
    return text.isprintable() and "\\" not in text and '"' not in text


def branches_of(target: TargetRef) -> str:
    """What the names of all branches start with that change this file of this branch."""
    names = f"{target.place['branch']}\0{target.id}"
    return f"outlay/{hashlib.sha256(names.encode()).hexdigest()[:12]}/"


def environment_of(target: TargetRef) -> str | None:
    """A folder on the file's path that is called like an environment."""
    return next((one for one in target.id.split("/")[:-1] if one in ENVIRONMENTS), None)
