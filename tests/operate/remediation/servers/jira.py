"""Jira Cloud: issues that can be created, searched and moved on.

Fields are those of developer.atlassian.com/cloud/jira/platform/rest/v3, November 2026; of JQL it reads what is asked.
"""

import re
from base64 import b64encode
from typing import Any

from tests.operate.remediation.servers.strict import Asked, Route, StrictServer, words

USER, TOKEN = "outlay@example.com", "jira-t0ken-77f"
ISSUE = "/rest/api/3/issue"
JQL = re.compile(r'^project = "(\w+)" AND labels = "([\w-]+)" AND statusCategory != Done$')
ISSUE_FIELDS = words("project issuetype summary description labels priority assignee duedate components parent")
TYPES = frozenset({"Task", "Story"})
WAYS = (("11", "In Progress", "indeterminate"), ("31", "Done", "done"), ("41", "Won't Do", "done"))


class JiraServer(StrictServer):
    def __init__(self) -> None:
        pair = b64encode(f"{USER}:{TOKEN}".encode()).decode()
        super().__init__(("Authorization", f"Basic {pair}"))
        self.projects: dict[str, bool] = {}
        """Whether the account may create issues there."""
        self.issues: dict[str, dict[str, Any]] = {}

    def routes(self) -> tuple[Route, ...]:
        search = words("jql fields maxResults nextPageToken expand")
        return (
            Route("GET /rest/api/3/mypermissions", self.permissions, query=words("projectKey permissions")),
            Route("GET /rest/api/3/search/jql", self.search, query=search, required=frozenset({"jql"})),
            Route(f"POST {ISSUE}", self.create, words("fields update transition properties"), frozenset({"fields"})),
            Route(f"POST {ISSUE}/{{key}}/transitions", self.move, words("transition update fields")),
        )

    def permissions(self, asked: Asked) -> tuple[int, Any]:
        project = asked.query["projectKey"]
        if project not in self.projects:
            return 404, {"errorMessages": [f"No project could be found with key '{project}'."]}
        name = asked.query["permissions"]
        return 200, {"permissions": {name: {"key": name, "havePermission": self.projects[project]}}}

    def search(self, asked: Asked) -> tuple[int, Any]:
        found = JQL.match(asked.query["jql"])
        if found is None:
            return 400, {"errorMessages": ["Error in the JQL Query"]}
        project, label = found.groups()
        wanted = asked.query["fields"].split(",")
        ways = [{"id": way, "to": {"name": name, "statusCategory": {"key": kind}}} for way, name, kind in WAYS]
        more = {"transitions": ways} if asked.query.get("expand") == "transitions" else {}
        issues = [
            {"key": key, "fields": {name: one[name] for name in wanted}, **more}
            for key, one in self.issues.items()
            if one["project"] == {"key": project} and label in one["labels"] and one["status"] != "done"
        ]
        return 200, {"issues": issues, "isLast": True}

    def create(self, asked: Asked) -> tuple[int, Any]:
        fields = asked.body["fields"]
        wrong = sorted(fields.keys() - ISSUE_FIELDS)
        if wrong or fields["issuetype"]["name"] not in TYPES or fields["description"]["type"] != "doc":
            return 400, {
                "errorMessages": [],
                "errors": dict.fromkeys(wrong, "cannot be set") or {"issuetype": "valid?"},
            }
        if any(" " in label for label in fields["labels"]):
            return 400, {"errors": {"labels": "a label holds no spaces"}}
        key = f"{fields['project']['key']}-{len(self.issues) + 1}"
        self.issues[key] = {**fields, "status": "new", "comments": []}
        return 201, {"id": str(10_000 + len(self.issues)), "key": key}

    def move(self, asked: Asked) -> tuple[int, Any]:
        issue = self.issues.get(asked.parts["key"])
        if issue is None:
            return 404, {"errorMessages": ["Issue does not exist"]}
        issue["status"] = {way: kind for way, _, kind in WAYS}[asked.body["transition"]["id"]]
        issue["comments"] += [one["add"]["body"] for one in asked.body["update"]["comment"]]
        return 204, None
