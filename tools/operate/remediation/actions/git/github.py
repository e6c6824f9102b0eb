"""config_pull_request: ask for a change of a file by a pull request on GitHub.

Facts: docs.github.com/en/rest/pulls/pulls and /repos/repos, API version 2022-11-28. The token needs contents: write
and pull requests: write.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.git.access import FETCH, PUSH, ForgeAccess
from tools.operate.remediation.actions.git.config_file import place_of
from tools.operate.remediation.actions.git.pull_request import FileRequest, Stand
from tools.operate.remediation.actions.http_access import Call, Endpoint, bearer

if TYPE_CHECKING:
    from tools.operate.remediation.doors import Connect

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
REPOSITORY, PULLS, PULL = "/repos/{owner}/{repo}", "/repos/{owner}/{repo}/pulls", "/repos/{owner}/{repo}/pulls/{number}"
ABSENT = frozenset({404})


def connect_github(
    token: SecretStr, api_url: str = "https://api.github.com", git_url: str = "https://github.com"
) -> "Connect":
    """GitHub, or a GitHub Enterprise Server by its addresses."""
    endpoint = Endpoint(api_url, bearer(token))
    return lambda permissions: ForgeAccess(endpoint, permissions, git_url, "x-access-token", token)


def github_call(
    method: str, template: str, repository: str, number: str = "", query: Any = None, body: Any = None
) -> Call:
    """A call of GitHub's API on a repository. Raises NotApplicable for a name that is none."""
    owner, _, name = repository.partition("/")
    if not owner or not name or "/" in name:
        raise NotApplicable(f"{repository!r} is no repository; one is written as owner/name")
    parts = {"owner": owner, "repo": name, "number": number}
    return Call(method, template, parts, query or {}, body, HEADERS)


def github_repository(access: ForgeAccess, api: str, repository: str) -> Mapping[str, Any]:
    """Raises NotApplicable: there is no such repository for this account, or nothing can be changed in it."""
    found = access.read(api, github_call("GET", REPOSITORY, repository), ABSENT)
    if found is None:
        raise NotApplicable(f"there is no repository {repository}, or the account may not see it")
    if found.get("archived"):
        raise NotApplicable(f"{repository} is archived; only one that is not can be changed")
    return dict(found)


class ConfigPullRequest(FileRequest):
    """Target: a file's path; place: `api`, `repository` (owner/name) and the `branch` to merge into."""

    name = "config_pull_request"
    title = "Ask for a change of configuration by pull request"
    system = "github"
    opens, closes = f"POST {PULLS}", f"PATCH {PULL}"
    reads = frozenset({f"GET {REPOSITORY}", FETCH, f"GET {PULLS}"})
    writes = frozenset({PUSH, opens})
    undoes = frozenset({closes, PUSH})
    rollback = "the pull request is closed and its branch deleted; one that was merged is not undone"

    def may_push(self, target: TargetRef) -> bool:
        api, repository, _ = place_of(target)
        found = github_repository(self.access, api, repository)
        return bool((found.get("permissions") or {}).get("push"))

    def request(self, target: TargetRef, branch: str) -> tuple[Stand, str] | None:
        api, repository, _ = place_of(target)
        query = {"head": f"{repository.partition('/')[0]}:{branch}", "state": "all"}
        found = self.access.read(api, github_call("GET", PULLS, repository, query=query))
        stands: dict[str, Stand] = {"open": "open", "merged": "merged"}
        each = [("merged" if one.get("merged_at") else one["state"], str(one["number"])) for one in found or ()]
        return next(((stands[stand], number) for stand, number in each if stand in stands), None)

    def open_request(self, target: TargetRef, branch: str, title: str, body: str) -> None:
        api, repository, base = place_of(target)
        fields = {"title": title, "body": body, "head": branch, "base": base}
        self.access.change(api, github_call("POST", PULLS, repository, body=fields))

    def close_request(self, target: TargetRef, number: str) -> None:
        api, repository, _ = place_of(target)
        self.access.change(api, github_call("PATCH", PULL, repository, number, body={"state": "closed"}))
