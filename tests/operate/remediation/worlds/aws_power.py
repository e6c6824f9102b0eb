"""What the worlds of stopping, starting and resizing have in common: instances that must be left alone."""

from typing import Any

from moto.ec2 import ec2_backends

from tests.operate.remediation.worlds import Unfit
from tests.operate.remediation.worlds.aws import ACCOUNT, IMAGE, REGION
from tools.domain.remediation import TargetRef

HERE = {"region": REGION}
NOT_RESTORED = {
    "^instance .*Public(Ip|DnsName|IpAddress)$": "a public address that is no Elastic IP is another after a start",
}


def ref(instance: str) -> TargetRef:
    return TargetRef(id=instance, place=HERE)


def run(ec2: Any, count: int, instance_type: str = "g5.xlarge") -> list[str]:
    """Ids of new running instances."""
    ran = ec2.run_instances(ImageId=IMAGE, MinCount=count, MaxCount=count, InstanceType=instance_type)
    return [one["InstanceId"] for one in ran["Instances"]]


def spot(ec2: Any, kind: str) -> str:
    """The id of a new spot instance by a request of this type, persistent or one-time."""
    what = {"ImageId": IMAGE, "InstanceType": "g5.xlarge"}
    asked = ec2.request_spot_instances(InstanceCount=1, Type=kind, SpotPrice="1", LaunchSpecification=what)
    return str(asked["SpotInstanceRequests"][0]["InstanceId"])


def grouped(autoscaling: Any, ec2: Any) -> str:
    """The id of an instance that an Auto Scaling group launched."""
    autoscaling.create_launch_configuration(LaunchConfigurationName="lc-1", ImageId=IMAGE, InstanceType="g5.xlarge")
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="workers",
        MinSize=1,
        MaxSize=1,
        LaunchConfigurationName="lc-1",
        AvailabilityZones=[f"{REGION}a"],
    )
    of_group = [{"Name": "tag:aws:autoscaling:groupName", "Values": ["workers"]}]
    return str(ec2.describe_instances(Filters=of_group)["Reservations"][0]["Instances"][0]["InstanceId"])


def put_on_instance_store(instance: str) -> None:
    """As an instance of such an image has it; moto's have none."""
    ec2_backends[ACCOUNT][REGION].get_instance(instance).root_device_type = "instance-store"


def left_alone(ec2: Any, autoscaling: Any, in_state: str) -> tuple[Unfit, ...]:
    """One instance of each kind whose power is not ours to switch, and one that there is not."""
    (on_store,) = run(ec2, 1)
    once = spot(ec2, "one-time")
    if in_state == "stopped":
        ec2.stop_instances(InstanceIds=[on_store, once])
    put_on_instance_store(on_store)
    return (
        Unfit(ref(grouped(autoscaling, ec2)), "asg_capacity"),
        Unfit(ref(on_store), "only EBS-backed ones can"),
        Unfit(ref(once), "only those of a persistent spot request"),
        Unfit(ref("i-0123456789abcdef0"), f"no such instance in {REGION}"),
        Unfit(TargetRef(id="i-0123456789abcdef0"), "its region is not known"),
    )
