"""aws_budget: create a budget in AWS Budgets, with alerts to the people who have to know."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue, model_validator

from tools.domain.remediation import Seen, State, TargetRef, canonical
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change, read_or_none
from tools.operate.remediation.place import refuse_other_fields

VIEW, MODIFY = "budgets:ViewBudget", "budgets:ModifyBudget"
REGION = "us-east-1"
"""Budgets is one service for all regions; it is signed for this one."""
NONE: State = {"Budget": None, "Notifications": []}
MOST_ALERTS = 5
Percent = Annotated[int, Field(gt=0, le=1000)]


class BudgetParameters(Parameters):
    """A budget of costs, and who is told when what share of it is spent."""

    amount: Decimal = Field(gt=0, max_digits=20, decimal_places=2)
    unit: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    time_unit: Literal["MONTHLY", "QUARTERLY", "ANNUALLY"] = "MONTHLY"
    cost_filters: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """As the API has them: {"TagKeyValue": ["user:team$research"]}; none: the whole account."""
    alert_at_percent: tuple[Percent, ...] = (80, 100)
    forecast_at_percent: tuple[Percent, ...] = ()
    """Told already when AWS forecasts it."""
    subscribers: tuple[Annotated[str, Field(min_length=3, max_length=200)], ...] = Field(min_length=1, max_length=10)
    """E-mail addresses, and at most one SNS topic's ARN."""

    @model_validator(mode="after")
    def _within_the_service(self) -> Self:
        alerts = len(self.alert_at_percent) + len(self.forecast_at_percent)
        if not 1 <= alerts <= MOST_ALERTS:
            raise ValueError(f"{alerts} alerts; AWS Budgets takes 1 to {MOST_ALERTS} for a budget")
        strange = [one for one in self.subscribers if "@" not in one and not one.startswith("arn:")]
        if strange or sum(one.startswith("arn:") for one in self.subscribers) > 1:
            raise ValueError("subscribers are e-mail addresses and at most one SNS topic's ARN")
        return self


class AwsBudget(Action):
    """A budget that is not there yet → the budget; its name is the target's id, and `place` has the account.

    IAM has one permission for creating and deleting, ModifyBudget. Creating one that is there is refused, and so is
    deleting one that is gone, so neither happens twice.
    """

    name = "aws_budget"
    title = "Create budgets with alerts in AWS Budgets"
    system = "aws"
    parameters_type = BudgetParameters
    reads = frozenset({VIEW})
    writes = frozenset({MODIFY})
    undoes = frozenset({MODIFY})
    idempotency = "precondition"
    most_targets = 20
    risk = "low"
    rollback = "the budgets are deleted, with their alerts"
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """A budget that is not there is a state: it is what creating starts from. Raises NotApplicable: no account."""
        where = {"AccountId": _account(target), "BudgetName": target.id}
        found = read_or_none(lambda: self._client().describe_budget(**where), "NotFoundException")
        if found is None:
            return Seen(state=NONE, name=target.id)
        return Seen(
            state={"Budget": _budget(found["Budget"]), "Notifications": self._notifications(where)}, name=target.id
        )

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: there is a budget of that name."""
        assert isinstance(parameters, BudgetParameters)
        if dict(seen.state) != NONE:
            raise NotApplicable(f"there is a budget {seen.name} already; another name would create one beside it")
        return {"Budget": _wanted(parameters), "Notifications": _alerts(parameters)}

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=MODIFY, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        client, account = self._client(), _account(target)
        budget, alerts = step.leaves["Budget"], step.leaves["Notifications"]
        if budget is None:
            change(lambda: client.delete_budget(AccountId=account, BudgetName=target.id))
            return
        assert isinstance(budget, dict)
        named = {"BudgetName": target.id, "BudgetType": "COST", **budget}
        change(lambda: client.create_budget(AccountId=account, Budget=named, NotificationsWithSubscribers=alerts))

    def _client(self) -> Any:
        return self.access.client("budgets", REGION)

    def _notifications(self, where: dict[str, str]) -> list[JsonValue]:
        client = self._client()
        pages = client.get_paginator("describe_notifications_for_budget")
        found = read_or_none(lambda: [one for page in pages.paginate(**where) for one in page["Notifications"]])
        return _sorted([self._subscribed(where, one) for one in found or ()])

    def _subscribed(self, where: dict[str, str], notification: dict[str, Any]) -> JsonValue:
        pages = self._client().get_paginator("describe_subscribers_for_notification")
        found = read_or_none(
            lambda: [one for page in pages.paginate(**where, Notification=notification) for one in page["Subscribers"]]
        )
        return _alert(notification, [dict(one) for one in found or ()])


def _account(target: TargetRef) -> str:
    """Raises NotApplicable for a target without its account."""
    refuse_other_fields(target, "account")
    if "account" not in target.place:
        raise NotApplicable(f"{target.id}: its account is not known; the place of a budget is its 12-digit account")
    return target.place["account"]


def _budget(found: dict[str, Any]) -> JsonValue:
    """What this action sets of a budget, written as it writes it: AWS tells 5000 as "5000.0"."""
    limit = found.get("BudgetLimit", {})
    return {
        "BudgetLimit": {"Amount": _plain(Decimal(limit.get("Amount", 0))), "Unit": limit.get("Unit")},
        "TimeUnit": found.get("TimeUnit"),
        "CostFilters": {key: list(values) for key, values in found.get("CostFilters", {}).items()},
    }


def _wanted(parameters: BudgetParameters) -> JsonValue:
    return {
        "BudgetLimit": {"Amount": _plain(parameters.amount), "Unit": parameters.unit},
        "TimeUnit": parameters.time_unit,
        "CostFilters": {key: list(values) for key, values in parameters.cost_filters.items()},
    }


def _alerts(parameters: BudgetParameters) -> list[JsonValue]:
    kinds = (("ACTUAL", parameters.alert_at_percent), ("FORECASTED", parameters.forecast_at_percent))
    subscribers = [
        {"SubscriptionType": "SNS" if one.startswith("arn:") else "EMAIL", "Address": one}
        for one in parameters.subscribers
    ]
    return _sorted(
        [
            _alert({"NotificationType": kind, "ComparisonOperator": "GREATER_THAN", "Threshold": percent}, subscribers)
            for kind, percents in kinds
            for percent in percents
        ]
    )


def _alert(notification: dict[str, Any], subscribers: list[dict[str, str]]) -> JsonValue:
    return {
        "Notification": {
            "NotificationType": notification["NotificationType"],
            "ComparisonOperator": notification["ComparisonOperator"],
            "Threshold": float(notification["Threshold"]),
            "ThresholdType": notification.get("ThresholdType", "PERCENTAGE"),
        },
        "Subscribers": _sorted([{**one} for one in subscribers]),
    }


def _sorted(values: list[JsonValue]) -> list[JsonValue]:
    """In one order: AWS promises none."""
    return sorted(values, key=canonical)


def _plain(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
