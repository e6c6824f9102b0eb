"""jira_ticket: open a Jira issue.

Facts: developer.atlassian.com/cloud/jira/platform/rest/v3 (issues, issue search, permissions). A new issue shows in
/search/jql a little later, so one whose creation is in doubt is not called absent at once.
"""

import re
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue, SecretStr

from tools.domain.remediation import State, TargetRef
from tools.operate.remediation.action import CallRefused, NotApplicable
from tools.operate.remediation.actions.http_access import Call, Endpoint, HttpAccess, basic
from tools.operate.remediation.actions.tickets.ticket import (
    Ticket,
    TicketAction,
    labels_of,
    marks_in,
    place_of,
    subject_of,
)

if TYPE_CHECKING:
    from tools.operate.remediation.doors import Connect

ISSUE, SEARCH, MAY = "/rest/api/3/issue", "/rest/api/3/search/jql", "/rest/api/3/mypermissions"
TRANSITIONS = "/rest/api/3/issue/{key}/transitions"
PROJECT = re.compile(r"^[A-Z][A-Z0-9_]{1,30}$")
ABSENT = frozenset({404})
WITHDRAWN = "Outlay takes this back: the change that it asked for is rolled back."
PREFERRED = ("won't do", "cancelled", "canceled", "rejected", "closed", "done")
"""Of several ways to be done, the first of these; else the first that there is."""


def connect_jira(base_url: str, user: str, token: SecretStr) -> "Connect":
    """Jira Cloud, by an account's e-mail address and API token."""
    endpoint = Endpoint(base_url, basic(user, token), (token,))
    return lambda permissions: HttpAccess([endpoint], permissions)


class JiraTicket(TicketAction):
    """Place: `api` (https://acme.atlassian.net), `project` (its key), and `issue_type` where it is not Task."""

    name = "jira_ticket"
    title = "Open a Jira issue"
    system = "jira"
    opens, closes = f"POST {ISSUE}", f"POST {TRANSITIONS}"
    reads = frozenset({f"GET {MAY}", f"GET {SEARCH}"})
    writes = frozenset({opens})
    undoes = frozenset({closes})

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused: the account may not create issues there."""
        if not self._may_create(target):
            raise CallRefused(f"the account may not create issues in {target.place['project']}")

    def open_tickets(self, target: TargetRef) -> tuple[Ticket, ...]:
        self._may_create(target)
        api, project = place_of(target, "api", "project")
        jql = f'project = "{project}" AND labels = "outlay-{subject_of(target)}" AND statusCategory != Done'
        query = {"jql": jql, "fields": "summary,description,labels", "expand": "transitions", "maxResults": "50"}
        found: Any = self.access.read(api, Call("GET", SEARCH, query=query)) or {}
        return tuple(_ticket(one) for one in found["issues"])

    def open_ticket(self, target: TargetRef, title: str, text: str, mark: str) -> None:
        api, project = place_of(target, "api", "project")
        fields: dict[str, JsonValue] = {
            "project": {"key": project},
            "issuetype": {"name": target.place.get("issue_type", "Task")},
            "summary": title,
            "description": document(text),
            "labels": [*labels_of(target, mark)],
        }
        self.access.change(api, Call("POST", ISSUE, body={"fields": fields}))

    def close_ticket(self, target: TargetRef, ticket: Ticket) -> None:
        (api,) = place_of(target, "api")
        comment: JsonValue = {"comment": [{"add": {"body": document(WITHDRAWN)}}]}
        if ticket.way_to_close is None:
            raise CallRefused(f"{ticket.number} has no way to be done from where it stands; nothing was sent")
        body: dict[str, JsonValue] = {"transition": {"id": ticket.way_to_close}, "update": comment}
        self.access.change(api, Call("POST", TRANSITIONS, {"key": ticket.number}, body=body))

    def _may_create(self, target: TargetRef) -> bool:
        api, project = place_of(target, "api", "project")
        if not PROJECT.match(project):
            raise NotApplicable(f"{project!r} is no key of a Jira project; one looks like OPS")
        query = {"projectKey": project, "permissions": "CREATE_ISSUES"}
        found: Any = self.access.read(api, Call("GET", MAY, query=query), ABSENT)
        if found is None:
            raise NotApplicable(f"there is no project {project} in {api}, or the account may not see it")
        return bool(found["permissions"]["CREATE_ISSUES"]["havePermission"])


def document(text: str) -> dict[str, JsonValue]:
    """Plain text in Atlassian Document Format, a paragraph a line."""
    lines: list[JsonValue] = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []} for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": lines}


def plain(node: Any) -> str:
    """The text of an Atlassian document."""
    if not node:
        return ""
    if node.get("type") == "doc":
        return "\n".join(plain(one) for one in node.get("content", ()))
    return str(node.get("text", "")) + "".join(plain(one) for one in node.get("content", ()))


def _ticket(issue: Any) -> Ticket:
    fields = issue["fields"]
    text, marks = plain(fields.get("description")), marks_in(fields.get("labels") or [])
    return Ticket(str(issue["key"]), fields["summary"], text, marks, _way_to_done(issue.get("transitions") or []))


def _way_to_done(transitions: list[Any]) -> str | None:
    done = [one for one in transitions if one["to"]["statusCategory"]["key"] == "done"]
    names = [str(one["to"].get("name", "")).casefold() for one in done]
    ranks = [PREFERRED.index(name) if name in PREFERRED else len(PREFERRED) for name in names]
    return str(done[ranks.index(min(ranks))]["id"]) if done else None
