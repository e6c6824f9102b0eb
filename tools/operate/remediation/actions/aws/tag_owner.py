"""tag_owner: say on EC2 instances, volumes and snapshots who owns them."""

from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change, read_or_none, rehearse
from tools.operate.remediation.actions.aws.instances import GONE, region_of, seen_with_tags, tags_of

CREATE, DELETE = "ec2:CreateTags", "ec2:DeleteTags"
TagValue = Annotated[str, Field(min_length=1, max_length=256)]


class OwnerParameters(Parameters):
    """The tags to set; one left out stays as it is."""

    owner: TagValue | None = None
    team: TagValue | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.owner is None and self.team is None:
            raise ValueError("give owner, team or both")
        return self


class TagOwner(Action):
    """One call sets the tags, one deletes those that were not there. Neither takes a client token; a tag that is set
    again to the same value, or deleted again, stays as it is."""

    name = "tag_owner"
    title = "Tag EC2 resources with their owner"
    system = "aws"
    parameters_type = OwnerParameters
    reads = frozenset({"ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:DescribeSnapshots", f"dry-run:{CREATE}"})
    writes = frozenset({CREATE})
    undoes = frozenset({CREATE, DELETE})
    idempotency = "none"
    most_targets = 100
    risk = "low"
    rollback = "the tags get their former values back, and those that were not there are deleted"
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such resource, or one of another kind."""
        tags = tags_of(self._described(target))
        own = {key: value for key, value in tags.items() if not key.startswith("aws:")}
        return seen_with_tags({"Tags": {**own}}, tags)

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it has these tags already."""
        assert isinstance(parameters, OwnerParameters)
        now = _tags(seen.state)
        asked = {"owner": parameters.owner, "team": parameters.team}
        wanted = {_as_spelled(key, now): value for key, value in asked.items() if value is not None}
        if now.items() >= wanted.items():
            told = ", ".join(f"{key}={value}" for key, value in sorted(wanted.items()))
            raise NotApplicable(f"it has {told} already; another owner or team would change it")
        return {"Tags": {**now, **wanted}}

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        client, tags = self.access.client("ec2", region_of(target)), _listed(_new(before, after))
        rehearse(lambda: client.create_tags(Resources=[target.id], Tags=tags, DryRun=True))

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        now, end, found = _tags(before), _tags(after), []
        between = {**now, **end}
        if between != now:
            found.append(Step(call=CREATE, expects={"Tags": {**now}}, leaves={"Tags": {**between}}))
        if end != between:
            found.append(Step(call=DELETE, expects={"Tags": {**between}}, leaves={"Tags": {**end}}))
        return tuple(found)

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        client = self.access.client("ec2", region_of(target))
        if step.call == CREATE:
            tags = _listed(_new(step.expects, step.leaves))
            change(lambda: client.create_tags(Resources=[target.id], Tags=tags))
        else:
            tags = _listed(_new(step.leaves, step.expects))  # with the value: EC2 keeps a tag that has another by now
            change(lambda: client.delete_tags(Resources=[target.id], Tags=tags))

    def _described(self, target: TargetRef) -> dict[str, Any]:
        client = self.access.client("ec2", region_of(target))
        kinds: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "i": lambda: [
                one
                for part in client.describe_instances(InstanceIds=[target.id])["Reservations"]
                for one in part["Instances"]
                if one["State"]["Name"] != "terminated"
            ],
            "vol": lambda: list(client.describe_volumes(VolumeIds=[target.id])["Volumes"]),
            "snap": lambda: list(client.describe_snapshots(SnapshotIds=[target.id])["Snapshots"]),
        }
        kind = kinds.get(target.id.partition("-")[0])
        if kind is None:
            raise NotApplicable(f"{target.id}: only instances (i-…), volumes (vol-…) and snapshots (snap-…) are tagged")
        found = read_or_none(kind, *GONE)
        if not found:
            raise NotApplicable(f"{target.id}: there is no such resource in {region_of(target)}")
        return dict(found[0])


def _as_spelled(key: str, tags: dict[str, str]) -> str:
    """The key as the resource has it already, such as "Owner": keys that differ in case only would be two tags."""
    return next((one for one in sorted(tags) if one.casefold() == key), key)


def _new(before: State, after: State) -> dict[str, str]:
    """The tags of `after` that `before` has not, or with another value."""
    was = _tags(before)
    return {key: value for key, value in _tags(after).items() if was.get(key) != value}


def _listed(tags: dict[str, str]) -> list[Any]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def _tags(state: State) -> dict[str, str]:
    tags = state["Tags"]
    assert isinstance(tags, dict)
    return {key: str(value) for key, value in tags.items()}
