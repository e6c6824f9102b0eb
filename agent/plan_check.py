"""What a check of plans is built from: the home's data and policies, where there are any."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from agent.settings import Settings

if TYPE_CHECKING:
    from tools.operate.check.options import CheckOptions
    from tools.operate.check.report import CheckReport
    from tools.operate.policies.policy_file import PolicyFile


def check_home(
    settings: Settings, paths: Sequence[str], policy_path: Path | None, options: "CheckOptions", as_of: date
) -> "tuple[CheckReport, PolicyFile]":
    """The plans, priced and judged as of a day. A home without data gives list prices.

    Raises:
        BadInput: a plan or the policies can't be used, or a policy file that was named is not there.
        NotPermitted: this user may see nothing of the home.
    """
    from agent.app import open_store, tool_context
    from tools.domain.errors import BadInput
    from tools.operate.check.report import check_plans
    from tools.operate.check.source import read_source
    from tools.operate.policies.policy_file import load_policies

    if policy_path is not None and not policy_path.exists():
        raise BadInput(f"there is no {policy_path}; outlay policies example prints one to begin with")
    sources = [read_source(one) for one in paths]
    policies = load_policies(policy_path or settings.policies_path)
    context = tool_context(settings, open_store(settings), as_of)
    has_data = context.store.loaded_through is not None
    return check_plans(sources, policies, context if has_data else None, options), policies
