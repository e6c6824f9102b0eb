"""Groups that serve by day only. They are in three regions, as moto has one scheduled action of a name in a region."""

from typing import Any

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws_groups import GroupsWorld
from tools.domain.remediation import TargetRef

REGIONS = ("eu-central-1", "us-east-1", "us-west-2")
WEEKDAYS: dict[str, Any] = {
    "down_at": "0 20 * * 1-5",
    "up_at": "0 7 * * 1-5",
    "time_zone": "Europe/Berlin",
    "up_min_size": 1,
    "up_desired_capacity": 2,
}


class TheWorld(GroupsWorld):
    scenarios = ("set", "set anew", "remove")
    regions = (*REGIONS, "eu-west-1")
    with_instances = False  # a schedule launches none before its time

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        good = tuple(self.group(region, "serving", 0, 0, 4) for region in REGIONS)
        for target in good:
            self._put(target, "month-end", "0 0 28 * *", 4)
            if scenario != "set":
                self._put(target, "outlay-off-hours-down", "0 22 * * *", 0)
                self._put(target, "outlay-off-hours-up", "0 6 * * *", 3)
        full = self.group("eu-west-1", "serving", 0, 0, 4)
        gone = Unfit(TargetRef(id="no-group", place={"region": REGIONS[0]}), "no such Auto Scaling group")
        if scenario == "remove":
            return Scene(good, (Unfit(full, "no schedule off-hours of Outlay's"), gone), {"verb": "remove"})
        self._put(full, "outlay-off-hours-down", WEEKDAYS["down_at"], 0, MinSize=0, TimeZone="Europe/Berlin")
        self._put(full, "outlay-off-hours-up", WEEKDAYS["up_at"], 2, MinSize=1, TimeZone="Europe/Berlin")
        return Scene(good, (Unfit(full, "exactly this schedule already"), gone), WEEKDAYS)

    def _put(self, target: TargetRef, name: str, recurrence: str, desired: int, **more: Any) -> None:
        self.admin("autoscaling", target.place["region"]).put_scheduled_update_group_action(
            AutoScalingGroupName=target.id,
            ScheduledActionName=name,
            Recurrence=recurrence,
            DesiredCapacity=desired,
            **more,
        )
