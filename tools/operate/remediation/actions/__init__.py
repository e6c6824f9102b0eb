"""Every action that a plan can be made of, one file each, by the system it changes."""

from tools.operate.remediation.action import Action
from tools.operate.remediation.actions.aws.ec2_stop import Ec2Stop

ACTIONS: tuple[type[Action], ...] = (Ec2Stop,)
