"""config_merge_request: ask for a change of a file by a merge request on GitLab.

Facts: docs.gitlab.com/api/merge_requests and /api/projects. The token needs the scopes api and write_repository, and
the role Developer (access level 30) or higher.
"""

from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.git.access import FETCH, PUSH, ForgeAccess
from tools.operate.remediation.actions.git.config_file import place_of
from tools.operate.remediation.actions.git.pull_request import FileRequest, Stand
from tools.operate.remediation.actions.http_access import Call, Endpoint

if TYPE_CHECKING:
    from tools.operate.remediation.doors import Connect

PROJECT, REQUESTS, REQUEST = "/projects/{id}", "/projects/{id}/merge_requests", "/projects/{id}/merge_requests/{iid}"
DEVELOPER = 30
ABSENT = frozenset({404})
STANDS: dict[str, Stand] = {"opened": "open", "merged": "merged"}


def connect_gitlab(
    token: SecretStr, api_url: str = "https://gitlab.com/api/v4", git_url: str = "https://gitlab.com"
) -> "Connect":
    """gitlab.com, or a GitLab of one's own by its addresses."""
    endpoint = Endpoint(api_url, {"PRIVATE-TOKEN": token})
    return lambda permissions: ForgeAccess(endpoint, permissions, git_url, "oauth2", token)


class ConfigMergeRequest(FileRequest):
    """Target: a file's path; place: `api`, `repository` (group/project) and the `branch` to merge into."""

    name = "config_merge_request"
    title = "Ask for a change of configuration by merge request"
    system = "gitlab"
    opens, closes = f"POST {REQUESTS}", f"PUT {REQUEST}"
    reads = frozenset({f"GET {PROJECT}", FETCH, f"GET {REQUESTS}"})
    writes = frozenset({PUSH, opens})
    undoes = frozenset({closes, PUSH})
    rollback = "the merge request is closed and its branch deleted; one that was merged is not undone"

    def may_push(self, target: TargetRef) -> bool:
        api, repository, _ = place_of(target)
        found = self.access.read(api, _call("GET", PROJECT, repository), ABSENT)
        if found is None:
            raise NotApplicable(f"there is no project {repository}, or the account may not see it")
        if found.get("archived"):
            raise NotApplicable(f"{repository} is archived; only one that is not can be changed")
        roles = [one for one in (found.get("permissions") or {}).values() if one]
        return any(int(one.get("access_level") or 0) >= DEVELOPER for one in roles)

    def request(self, target: TargetRef, branch: str) -> tuple[Stand, str] | None:
        api, repository, _ = place_of(target)
        query = {"source_branch": branch, "state": "all"}
        found = self.access.read(api, _call("GET", REQUESTS, repository, query=query))
        return next(((STANDS[one["state"]], str(one["iid"])) for one in found or () if one["state"] in STANDS), None)

    def open_request(self, target: TargetRef, branch: str, title: str, body: str) -> None:
        api, repository, base = place_of(target)
        fields = {"title": title, "description": body, "source_branch": branch, "target_branch": base}
        self.access.change(api, _call("POST", REQUESTS, repository, body=fields))

    def close_request(self, target: TargetRef, number: str) -> None:
        api, repository, _ = place_of(target)
        self.access.change(api, _call("PUT", REQUEST, repository, number, body={"state_event": "close"}))


def _call(method: str, template: str, project: str, number: str = "", query: Any = None, body: Any = None) -> Call:
    return Call(method, template, {"id": project, "iid": number}, query or {}, body)
