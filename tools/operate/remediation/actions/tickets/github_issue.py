"""github_issue: open an issue on GitHub.

Facts: docs.github.com/en/rest/issues/issues, API version 2022-11-28. Labels that are new are made along the way, but
silently left out for an account without the right to triage, so that right is asked for first.
"""

from typing import Any

from tools.domain.remediation import State, TargetRef
from tools.operate.remediation.action import CallRefused, NotApplicable
from tools.operate.remediation.actions.git.access import ForgeAccess
from tools.operate.remediation.actions.git.github import REPOSITORY, github_call, github_repository
from tools.operate.remediation.actions.tickets.ticket import (
    Ticket,
    TicketAction,
    labels_of,
    marks_in,
    place_of,
    subject_of,
)

ISSUES, ISSUE = "/repos/{owner}/{repo}/issues", "/repos/{owner}/{repo}/issues/{number}"


class GithubIssue(TicketAction):
    """Place: `api` (https://api.github.com) and `repository` (owner/name)."""

    name = "github_issue"
    title = "Open an issue on GitHub"
    system = "github"
    opens, closes = f"POST {ISSUES}", f"PATCH {ISSUE}"
    reads = frozenset({f"GET {REPOSITORY}", f"GET {ISSUES}"})
    writes = frozenset({opens})
    undoes = frozenset({closes})
    access: ForgeAccess

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused: the account may not label issues there."""
        api, repository = place_of(target, "api", "repository")
        rights = github_repository(self.access, api, repository).get("permissions") or {}
        if not (rights.get("triage") or rights.get("push")):
            raise CallRefused(f"the account may not label issues of {repository}; it needs the right to triage")

    def open_tickets(self, target: TargetRef) -> tuple[Ticket, ...]:
        api, repository = place_of(target, "api", "repository")
        if not github_repository(self.access, api, repository).get("has_issues", True):
            raise NotApplicable(f"{repository} has its issues switched off")
        query = {"labels": f"outlay-{subject_of(target)}", "state": "open", "per_page": "100"}
        found: Any = self.access.read(api, github_call("GET", ISSUES, repository, query=query))
        return tuple(_ticket(one) for one in found if "pull_request" not in one)

    def open_ticket(self, target: TargetRef, title: str, text: str, mark: str) -> None:
        api, repository = place_of(target, "api", "repository")
        fields = {"title": title, "body": text, "labels": labels_of(target, mark)}
        self.access.change(api, github_call("POST", ISSUES, repository, body=fields))

    def close_ticket(self, target: TargetRef, ticket: Ticket) -> None:
        api, repository = place_of(target, "api", "repository")
        fields = {"state": "closed", "state_reason": "not_planned"}
        self.access.change(api, github_call("PATCH", ISSUE, repository, ticket.number, body=fields))


def _ticket(issue: Any) -> Ticket:
    marks = marks_in([str(one["name"]) for one in issue["labels"]])
    text = str(issue.get("body") or "").replace("\r\n", "\n")
    return Ticket(str(issue["number"]), str(issue["title"]), text, marks)
