"""What the product measures in a home of the story; in the twin's, the same arithmetic on a plan that was rejected."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from agent.app import open_store, remediations, tool_context
from agent.settings import load_settings
from tools.domain.remediation import AppliedChange, ProposalView
from tools.operate.proof.measure import measure
from tools.operate.proof.realised import LEVEL, Measured
from tools.operate.proof.target_costs import read_target_costs
from tools.operate.proof.tool import applied_change


@dataclass(frozen=True)
class Proven:
    """Amounts in the bill's currency."""

    days: int
    estimated: Decimal
    realised: Decimal
    low: Decimal
    high: Decimal


def view_of(home: Path, proposal: str) -> ProposalView:
    return remediations(load_settings(home)).view(proposal)


def proven(home: Path, proposal: str, as_of: date) -> Proven:
    """Of a plan that was applied."""
    change = applied_change(view_of(home, proposal), as_of)
    if change is None:
        raise AssertionError(f"{proposal} was not applied")
    return _measured(home, change, as_of)


def proven_of_twin(home: Path, proposal: str, as_of: date) -> Proven:
    """What would be measured of a rejected plan if it were taken for applied: nothing, as its targets ran on."""
    view = view_of(home, proposal)
    if applied_change(view, as_of) is not None:
        raise AssertionError(f"{proposal} was applied")
    plan = view.proposal.plan
    return _measured(home, AppliedChange(proposal, plan, plan.made_at), as_of)


def _measured(home: Path, change: AppliedChange, as_of: date) -> Proven:
    settings = load_settings(home)
    context = tool_context(settings, open_store(settings), as_of)
    costs = read_target_costs(context, [one.target.id for one in change.changed])
    found = measure(change, costs.of).measured
    if found is None:
        raise AssertionError(f"nothing is measured of {change.proposal}")
    return _told(found)


def _told(found: Measured) -> Proven:
    low, high = found.limits[LEVEL]
    return Proven(found.days.days, found.estimated or Decimal(0), found.realised, low, high)
