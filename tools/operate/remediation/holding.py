"""Holding a proposal and all its targets, so that one process at a time works on them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tools.domain.remediation import RemediationPlan
from tools.operate.remediation.journal import Busy, Journal


@contextmanager
def held(journal: Journal, proposal: str) -> Iterator[RemediationPlan]:
    """The proposal's plan, while it and its targets are held. Nobody waits, so nobody waits for each other.

    Raises:
        Busy: another process holds one of them.
    """
    with ExitStack() as stack:
        stack.enter_context(journal.held(proposal))
        plan = journal.proposal(proposal).plan
        for key in sorted(_keys(plan)):
            stack.enter_context(journal.held(f"target {key}"))
        yield plan


def refuse_unsettled(journal: Journal, proposal: str, plan: RemediationPlan) -> None:
    """Raises Busy where an execution that died half-way has one of these targets: settled after another change, reading
    would take the one for the other."""
    for one in journal.unfinished():
        if one.ending is None and one.proposal != proposal:
            common = _keys(plan) & _keys(journal.proposal(one.proposal).plan)
            if common:
                raise Busy(f"{one.proposal} was cut short with {', '.join(sorted(common))}; settle it first")


def _keys(plan: RemediationPlan) -> set[str]:
    return {change.target.key for change in plan.changes}
