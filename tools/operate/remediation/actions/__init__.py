"""Every action that a plan can be made of, one file each, by the system it changes."""

from tools.operate.remediation.action import Action
from tools.operate.remediation.actions.aws.ec2_stop import Ec2Stop
from tools.operate.remediation.actions.git.github import ConfigPullRequest
from tools.operate.remediation.actions.git.gitlab import ConfigMergeRequest
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
    Ec2Stop,
    ConfigMergeRequest,
    ConfigPullRequest,
    GithubIssue,
    JiraTicket,
    LitellmCache,
    LitellmKeyAlias,
    LitellmKeyBudget,
    LitellmModelAlias,
    LitellmModelBudget,
    LitellmSharedBudget,
    LitellmTeamBudget,
    WebhookTicket,
)
