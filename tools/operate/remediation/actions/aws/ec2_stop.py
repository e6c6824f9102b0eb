"""ec2_stop: stop EC2 instances. The disk stays and is billed; the memory's content is gone."""

from tools.operate.remediation.actions.aws.instances import READS
from tools.operate.remediation.actions.aws.power import RUNNING, STOPPED, PowerSwitch


class Ec2Stop(PowerSwitch):
    """Running → stopped, and back by a start."""

    name = "ec2_stop"
    title = "Stop EC2 instances"
    start, end = RUNNING, STOPPED
    reads = READS | {"dry-run:ec2:StopInstances"}
    writes = frozenset({"ec2:StopInstances"})
    undoes = frozenset({"ec2:StartInstances"})
    risk = "medium"
    rollback = (
        "the instances are started again, if the zone has capacity; what was only in memory or on instance store is "
        "lost, and a public address that is no Elastic IP is another"
    )
