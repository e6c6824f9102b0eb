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
from tools.operate.remediation.actions.git.github import ConfigPullRequest
from tools.operate.remediation.actions.git.gitlab import ConfigMergeRequest
from tools.operate.remediation.actions.kubernetes.k8s_gpu_quota import K8sGpuQuota
from tools.operate.remediation.actions.kubernetes.k8s_node_limit import K8sNodeLimit
from tools.operate.remediation.actions.kubernetes.k8s_node_pool import K8sNodePool
from tools.operate.remediation.actions.kubernetes.k8s_resources import K8sResources
from tools.operate.remediation.actions.kubernetes.k8s_scale import K8sScale
from tools.operate.remediation.actions.kubernetes.k8s_suspend_job import K8sSuspendJob
from tools.operate.remediation.actions.litellm.cache import LitellmCache
from tools.operate.remediation.actions.litellm.key_alias import LitellmKeyAlias
from tools.operate.remediation.actions.litellm.key_budget import LitellmKeyBudget
from tools.operate.remediation.actions.litellm.model_alias import LitellmModelAlias
from tools.operate.remediation.actions.litellm.model_budget import LitellmModelBudget
from tools.operate.remediation.actions.litellm.shared_budget import LitellmSharedBudget
from tools.operate.remediation.actions.litellm.team_budget import LitellmTeamBudget
from tools.operate.remediation.actions.tickets.github_issue import GithubIssue
from tools.operate.remediation.actions.tickets.jira import JiraTicket
from tools.operate.remediation.actions.tickets.webhook import WebhookTicket

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
    ConfigPullRequest,
    ConfigMergeRequest,
    K8sGpuQuota,
    K8sNodeLimit,
    K8sNodePool,
    K8sResources,
    K8sScale,
    K8sSuspendJob,
    LitellmCache,
    LitellmKeyAlias,
    LitellmKeyBudget,
    LitellmModelAlias,
    LitellmModelBudget,
    LitellmSharedBudget,
    LitellmTeamBudget,
    GithubIssue,
    JiraTicket,
    WebhookTicket,
)
