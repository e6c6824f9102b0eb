"""Every action that a plan can be made of, one file each, by the system it changes."""

from tools.operate.remediation.action import Action
from tools.operate.remediation.actions.aws.asg_capacity import AsgCapacity
from tools.operate.remediation.actions.aws.asg_schedule import AsgSchedule
from tools.operate.remediation.actions.aws.aws_budget import AwsBudget
from tools.operate.remediation.actions.aws.ec2_resize import Ec2Resize
from tools.operate.remediation.actions.aws.ec2_start import Ec2Start
from tools.operate.remediation.actions.aws.ec2_stop import Ec2Stop
from tools.operate.remediation.actions.aws.sagemaker_delete import SagemakerDelete
from tools.operate.remediation.actions.aws.sagemaker_scale import SagemakerScale
from tools.operate.remediation.actions.aws.tag_owner import TagOwner

ACTIONS: tuple[type[Action], ...] = (
    AsgCapacity,
    AsgSchedule,
    AwsBudget,
    Ec2Resize,
    Ec2Start,
    Ec2Stop,
    SagemakerDelete,
    SagemakerScale,
    TagOwner,
)
