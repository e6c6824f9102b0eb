"""asg_schedule: scale Auto Scaling groups to zero in the off-hours, by scheduled actions that AWS carries out."""

from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, JsonValue, model_validator

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change, read_or_none
from tools.operate.remediation.actions.aws.groups import DESCRIBE, group, seen_group
from tools.operate.remediation.actions.aws.instances import region_of

SCHEDULES = "autoscaling:DescribeScheduledActions"
PUT, DELETE = "autoscaling:PutScheduledUpdateGroupAction", "autoscaling:DeleteScheduledAction"
OURS = "outlay-"
"""Names of scheduled actions begin so; others of the group are neither looked at nor touched."""
FIELDS = ("Recurrence", "TimeZone", "MinSize", "MaxSize", "DesiredCapacity")
CRON_FIELD = r"(\*|[0-9A-Za-z,/-]+)"


def _known(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError(f"{zone!r} is no time zone; use an IANA name such as Europe/Berlin or UTC")
    return zone


Cron = Annotated[str, Field(pattern=rf"^{CRON_FIELD}( {CRON_FIELD}){{4}}$")]
"""Five fields as the API has them: minute, hour, day of the month, month, day of the week: "0 20 * * 1-5"."""


class ScheduleParameters(Parameters):
    """`set`: down to zero at `down_at`, up again at `up_at`; `remove`: no schedule of this name any more."""

    verb: Literal["set", "remove"] = "set"
    schedule: str = Field(default="off-hours", pattern=r"^[a-z0-9-]{1,100}$")
    down_at: Cron | None = None
    up_at: Cron | None = None
    time_zone: Annotated[str, AfterValidator(_known)] = "UTC"
    up_min_size: int = Field(default=0, ge=0)
    up_desired_capacity: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.verb == "set" and None in (self.down_at, self.up_at, self.up_desired_capacity):
            raise ValueError("to set a schedule, give down_at, up_at and up_desired_capacity")
        if self.verb == "set" and self.down_at == self.up_at:
            raise ValueError("down_at and up_at are the same time; give two")
        return self


class AsgSchedule(Action):
    """One call for each scheduled action. A put overwrites one of the same name, and takes no client token."""

    name = "asg_schedule"
    title = "Scale Auto Scaling groups to zero in the off-hours"
    system = "aws"
    parameters_type = ScheduleParameters
    reads = frozenset({DESCRIBE, SCHEDULES})
    writes = frozenset({PUT, DELETE})
    undoes = frozenset({PUT, DELETE})
    idempotency = "none"
    most_targets = 20
    risk = "medium"
    rollback = (
        "the schedules are deleted, or put back as they were; the groups keep the capacity that they have by then"
    )
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such group."""
        described = group(self.access, target)
        client = self.access.client("autoscaling", region_of(target))
        pages = client.get_paginator("describe_scheduled_actions")
        found: list[dict[str, Any]] = (
            read_or_none(
                lambda: [
                    one
                    for page in pages.paginate(AutoScalingGroupName=target.id)
                    for one in page["ScheduledUpdateGroupActions"]
                ]
            )
            or []
        )
        ours: JsonValue = {
            one["ScheduledActionName"]: {name: one[name] for name in FIELDS if one.get(name) is not None}
            for one in found
            if one["ScheduledActionName"].startswith(OURS)
        }
        return seen_group(described, {"ScheduledActions": ours})

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: the schedule is so already, or is not there to remove."""
        assert isinstance(parameters, ScheduleParameters)
        now, mine = _schedules(seen.state), _wanted(parameters)
        if parameters.verb == "remove" and not now.keys() & mine.keys():
            known = ", ".join(sorted(now)) or "none"
            raise NotApplicable(f"it has no schedule {parameters.schedule} of Outlay's; there are: {known}")
        kept = {name: one for name, one in now.items() if name not in mine}
        after: State = {"ScheduledActions": {**kept, **(mine if parameters.verb == "set" else {})}}
        if after == dict(seen.state):
            raise NotApplicable(
                f"it has exactly this schedule already; other times or sizes would change {', '.join(mine)}"
            )
        return after

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused: it would come up larger than the group may be."""
        most = group(self.access, target)["MaxSize"]
        for name, one in _schedules(after).items():
            if int(str(one.get("DesiredCapacity", 0))) > most:
                raise CallRefused(
                    f"{target.id}: {name} wants {one['DesiredCapacity']} instances, its MaxSize is {most}"
                )

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        found: list[Step] = []
        now, end = _schedules(before), _schedules(after)
        for name in sorted(now.keys() | end.keys()):
            if now.get(name) == end.get(name):
                continue
            then = {**now, name: end[name]} if name in end else {key: one for key, one in now.items() if key != name}
            call = PUT if name in end else DELETE
            found.append(Step(call=call, expects={"ScheduledActions": {**now}}, leaves={"ScheduledActions": {**then}}))
            now = then
        return tuple(found)

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        client = self.access.client("autoscaling", region_of(target))
        now, then = _schedules(step.expects), _schedules(step.leaves)
        (name,) = (one for one in now.keys() | then.keys() if now.get(one) != then.get(one))
        named = {"AutoScalingGroupName": target.id, "ScheduledActionName": name}
        if step.call == DELETE:
            change(lambda: client.delete_scheduled_action(**named))
        else:
            change(lambda: client.put_scheduled_update_group_action(**named, **then[name]))


def _schedules(state: State) -> dict[str, dict[str, JsonValue]]:
    found = state["ScheduledActions"]
    assert isinstance(found, dict)
    return {name: dict(one) for name, one in found.items() if isinstance(one, dict)}


def _wanted(parameters: ScheduleParameters) -> dict[str, dict[str, JsonValue]]:
    """Down sets the minimum and the desired capacity to zero; both leave the maximum as it is."""
    zone: dict[str, JsonValue] = {"TimeZone": parameters.time_zone}
    down: dict[str, JsonValue] = {"Recurrence": parameters.down_at, **zone, "MinSize": 0, "DesiredCapacity": 0}
    up: dict[str, JsonValue] = {
        "Recurrence": parameters.up_at,
        **zone,
        "MinSize": parameters.up_min_size,
        "DesiredCapacity": parameters.up_desired_capacity,
    }
    name = f"{OURS}{parameters.schedule}"
    return {f"{name}-down": down, f"{name}-up": up}
