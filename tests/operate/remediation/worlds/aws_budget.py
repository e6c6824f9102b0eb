"""An account with one budget, and room for more.

moto has no DescribeSubscribersForNotification, though it keeps the subscribers: this adds it by the API's reference.
"""

import json
from collections.abc import Iterator

from moto.budgets.responses import BudgetsResponse
from pydantic import JsonValue

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import ACCOUNT, AwsWorld
from tools.domain.remediation import TargetRef

HERE = {"account": ACCOUNT}


def _describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    wanted = self._get_param("Notification")
    found = [one.subscribers for one in budget.notifications if one.details == wanted]
    return json.dumps({"Subscribers": found[0] if found else []})


BudgetsResponse.describe_subscribers_for_notification = _describe_subscribers_for_notification


class TheWorld(AwsWorld):
    scenarios = ("whole account", "one team")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        self.admin("budgets").create_budget(
            AccountId=ACCOUNT,
            Budget={
                "BudgetName": "everything",
                "BudgetType": "COST",
                "BudgetLimit": {"Amount": "9000.0", "Unit": "USD"},
                "TimeUnit": "MONTHLY",
            },
        )
        whole = {"amount": "5000.00", "subscribers": ["ada@example.org"]}
        team = {
            "amount": "1250.5",
            "time_unit": "QUARTERLY",
            "cost_filters": {"TagKeyValue": ["user:team$search"]},
            "alert_at_percent": [50, 100],
            "forecast_at_percent": [100],
            "subscribers": ["cyd@example.org", "ben@example.org", f"arn:aws:sns:us-east-1:{ACCOUNT}:costs"],
        }
        return Scene(
            targets=tuple(TargetRef(id=name, place=HERE) for name in ("gpu", "llm", "search")),
            unfit=(
                Unfit(TargetRef(id="everything", place=HERE), "another name would create one beside it"),
                Unfit(TargetRef(id="gpu"), "12-digit account"),
            ),
            parameters=whole if scenario == "whole account" else team,
        )

    def things(self) -> Iterator[tuple[str, JsonValue]]:
        budgets = self.admin("budgets")
        for one in budgets.describe_budgets(AccountId=ACCOUNT)["Budgets"]:
            where = {"AccountId": ACCOUNT, "BudgetName": one["BudgetName"]}
            alerts = budgets.describe_notifications_for_budget(**where)["Notifications"]
            told = [budgets.describe_subscribers_for_notification(**where, Notification=each) for each in alerts]
            subscribers = [each["Subscribers"] for each in told]
            yield f"budget {one['BudgetName']}", {**one, "Notifications": alerts, "Subscribers": subscribers}
