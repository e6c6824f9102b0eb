"""GitHub and GitLab: pull and merge requests, and issues, over real git repositories.

Fields are those of docs.github.com/en/rest (2022-11-28) and docs.gitlab.com/api, November 2026.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.operate.remediation.servers.git_http import PREFIX, git, served
from tests.operate.remediation.servers.strict import Asked, Raw, Route, StrictServer, words

TOKEN = "ghp-t0ken-51c"
REPO = "/api/repos/{owner}/{repo}"
PROJECT = "/api/projects/{id}"


class ForgeServer(StrictServer):
    """API under /api, git under /git. Numbers start anew with `emptied`."""

    user = ""

    def __init__(self, root: Path, auth: tuple[str, str]) -> None:
        super().__init__(auth)
        self.root = root
        self.repositories: dict[str, dict[str, Any]] = {}
        """By owner/name: what the account may do, and whether it is archived."""
        self.requests: dict[tuple[str, int], dict[str, Any]] = {}
        self.issues: dict[tuple[str, int], dict[str, Any]] = {}

    def raw(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Raw | None:
        if not path.startswith(PREFIX):
            return None
        return served(self.root, (self.user, TOKEN), method, path, headers, body)

    def call_name(self, method: str, path: str) -> str | None:
        name = super().call_name(method, path)
        return name and name.replace(" /api/", " /", 1)

    def branches(self, repository: str) -> dict[str, str]:
        lines = git(self.root / f"{repository}.git", "for-each-ref", "--format=%(refname:short) %(objectname)").split(
            "\n"
        )
        return dict(line.split(" ") for line in lines if line)

    def _next(self) -> int:
        return 1 + len(self.requests) + len(self.issues)


class GithubServer(ForgeServer):
    user = "x-access-token"

    def __init__(self, root: Path) -> None:
        super().__init__(root, ("Authorization", f"Bearer {TOKEN}"))

    def routes(self) -> tuple[Route, ...]:
        new = words("title head head_repo base body maintainer_can_modify draft issue")
        change = words("title body state base maintainer_can_modify")
        filters = words("state head base sort direction per_page page")
        issue = words("title body assignee milestone labels assignees type")
        issues = words("milestone state assignee type creator mentioned labels sort direction since per_page page")
        return (
            Route(f"GET {REPO}", self.repository),
            Route(f"GET {REPO}/pulls", self.pulls, query=filters),
            Route(f"POST {REPO}/pulls", self.new_pull, new, frozenset({"head", "base"})),
            Route(f"PATCH {REPO}/pulls/{{number}}", self.change_pull, change),
            Route(f"GET {REPO}/issues", self.list_issues, query=issues),
            Route(f"POST {REPO}/issues", self.new_issue, issue, frozenset({"title"})),
            Route(f"PATCH {REPO}/issues/{{number}}", self.change_issue, issue | {"state", "state_reason"}),
        )

    def repository(self, asked: Asked) -> tuple[int, Any]:
        found = self.repositories.get(_name(asked))
        if found is None:
            return 404, {"message": "Not Found"}
        rights = {"push": found.get("push", True), "pull": True}
        return 200, {"full_name": _name(asked), "archived": found.get("archived", False), "permissions": rights}

    def pulls(self, asked: Asked) -> tuple[int, Any]:
        owner, _, branch = asked.query["head"].partition(":")
        state = asked.query.get("state", "open")
        return 200, [
            one
            for (repository, _), one in self.requests.items()
            if repository == _name(asked) and one["head"] == {"ref": branch, "user": owner}
            if state in ("all", one["state"])
        ]

    def new_pull(self, asked: Asked) -> tuple[int, Any]:
        repository, head = _name(asked), asked.body["head"]
        if {head, asked.body["base"]} - self.branches(repository).keys():
            return 422, {"message": "Validation Failed", "errors": [{"field": "head", "code": "invalid"}]}
        if any(one["head"]["ref"] == head and one["state"] == "open" for one in self.requests.values()):
            return 422, {"message": f"A pull request already exists for {repository.split('/')[0]}:{head}."}
        number = self._next()
        self.requests[repository, number] = {
            "number": number,
            "state": "open",
            "merged_at": None,
            "title": asked.body["title"],
            "body": asked.body.get("body"),
            "head": {"ref": head, "user": repository.split("/")[0]},
            "base": {"ref": asked.body["base"]},
        }
        return 201, self.requests[repository, number]

    def change_pull(self, asked: Asked) -> tuple[int, Any]:
        found = self.requests.get((_name(asked), int(asked.parts["number"])))
        if found is None:
            return 404, {"message": "Not Found"}
        found.update(asked.body)
        return 200, found

    def list_issues(self, asked: Asked) -> tuple[int, Any]:
        wanted = set(asked.query.get("labels", "").split(",")) - {""}
        state = asked.query.get("state", "open")
        return 200, [
            one
            for (repository, _), one in self.issues.items()
            if repository == _name(asked) and wanted <= {label["name"] for label in one["labels"]}
            if state in ("all", one["state"])
        ]

    def new_issue(self, asked: Asked) -> tuple[int, Any]:
        number = self._next()
        self.issues[_name(asked), number] = {
            "number": number,
            "state": "open",
            "state_reason": None,
            "title": asked.body["title"],
            "body": asked.body.get("body"),
            "labels": [{"name": one} for one in asked.body.get("labels", [])],
        }
        return 201, self.issues[_name(asked), number]

    def change_issue(self, asked: Asked) -> tuple[int, Any]:
        found = self.issues.get((_name(asked), int(asked.parts["number"])))
        if found is None:
            return 404, {"message": "Not Found"}
        found.update(asked.body)
        return 200, found


class GitlabServer(ForgeServer):
    user = "oauth2"

    def __init__(self, root: Path) -> None:
        super().__init__(root, ("PRIVATE-TOKEN", TOKEN))

    def routes(self) -> tuple[Route, ...]:
        new = words("source_branch target_branch title description remove_source_branch squash labels")
        change = words("title description state_event target_branch labels")
        needed = frozenset({"source_branch", "target_branch", "title"})
        return (
            Route(f"GET {PROJECT}", self.project),
            Route(f"GET {PROJECT}/merge_requests", self.list_requests, query=frozenset({"source_branch", "state"})),
            Route(f"POST {PROJECT}/merge_requests", self.new_request, new, needed),
            Route(f"PUT {PROJECT}/merge_requests/{{iid}}", self.change_request, change),
        )

    def project(self, asked: Asked) -> tuple[int, Any]:
        found = self.repositories.get(asked.parts["id"])
        if found is None:
            return 404, {"message": "404 Project Not Found"}
        level = 30 if found.get("push", True) else 20
        rights = {"project_access": None, "group_access": {"access_level": level}}
        return 200, {"archived": found.get("archived", False), "permissions": rights}

    def list_requests(self, asked: Asked) -> tuple[int, Any]:
        return 200, [
            one
            for (project, _), one in self.requests.items()
            if project == asked.parts["id"] and one["source_branch"] == asked.query["source_branch"]
        ]

    def new_request(self, asked: Asked) -> tuple[int, Any]:
        project, body = asked.parts["id"], asked.body
        if {body["source_branch"], body["target_branch"]} - self.branches(project).keys():
            return 400, {"message": "branch does not exist"}
        if any(
            one["source_branch"] == body["source_branch"] and one["state"] == "opened" for one in self.requests.values()
        ):
            return 409, {"message": ["Another open merge request already exists for this source branch: !1"]}
        number = self._next()
        self.requests[project, number] = {"iid": number, "state": "opened", **body}
        return 201, self.requests[project, number]

    def change_request(self, asked: Asked) -> tuple[int, Any]:
        found = self.requests.get((asked.parts["id"], int(asked.parts["iid"])))
        if found is None:
            return 404, {"message": "404 Not found"}
        event = asked.body.pop("state_event", None)
        found.update(asked.body)
        if event == "close":
            found["state"] = "closed"
        return 200, found


def _name(asked: Asked) -> str:
    return f"{asked.parts['owner']}/{asked.parts['repo']}"
