"""Every action that a plan can be made of, one file each, by the system it changes."""

from tools.operate.remediation.action import Action
from tools.operate.remediation.actions.aws.ec2_stop import Ec2Stop
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

ACTIONS: tuple[type[Action], ...] = (
    Ec2Stop,
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
)
