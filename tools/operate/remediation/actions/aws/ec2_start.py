"""ec2_start: start stopped EC2 instances; from then on their hours are billed."""

from tools.operate.remediation.actions.aws.instances import READS
from tools.operate.remediation.actions.aws.power import RUNNING, STOPPED, PowerSwitch


class Ec2Start(PowerSwitch):
    """Stopped → running, and back by a stop."""

    name = "ec2_start"
    title = "Start EC2 instances"
    start, end = STOPPED, RUNNING
    reads = READS | {"dry-run:ec2:StartInstances"}
    writes = frozenset({"ec2:StartInstances"})
    undoes = frozenset({"ec2:StopInstances"})
    risk = "low"
    rollback = "the instances are stopped again; what they held only in memory by then is lost"
