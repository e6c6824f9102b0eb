"""The judge: whether the records of a proposal are what its systems say happened. It asks them, not the executor."""

from collections import Counter
from typing import Any

from evals.campaigns.remediation.gateway import Gateway
from tools.domain.remediation import State
from tools.operate.remediation.journal import StepRecord


def faults(desk: Any, proposal: str, gateway: Gateway, states: dict[str, State]) -> list[str]:
    """What does not hold of a proposal that was recovered; `states` is what its targets are now."""
    ran = desk.executions(proposal)
    found = [f"execution {one.id} is left unfinished" for one in ran if one.ending is None]
    records = [record for one in ran for record in desk.steps(one.id)]
    plan = desk.proposal(proposal).plan
    for change in plan.changes:
        mine = [one for one in records if one.target == change.target.key]
        found += _counts(mine, change.target.id, gateway)
        found += _state(mine, change.before, states[change.target.id], change.target.id)
    return found


def outcome(desk: Any, proposal: str) -> str:
    """Where it stands, and how each step of its last execution ended: "stopped: 1 done, 1 not_done"."""
    ran = desk.executions(proposal)
    if not ran:
        return "never begun"
    told = Counter(one.outcome for one in desk.steps(ran[-1].id))
    steps = ", ".join(f"{'some' if name == 'done' else told[name]} {name}" for name in sorted(told))
    return f"{ran[-1].ending}: {steps or 'no step begun'}"


def _counts(records: list[StepRecord], target: str, gateway: Gateway) -> list[str]:
    """Each step that is on record as done happened, once; each other did not."""
    found = [f"step {one.number} of {target} is only intended" for one in records if one.outcome == "intended"]
    calls = {one.call for one in records} | {call for what, call in gateway.effects if what == target}
    for call in calls:
        told = Counter(one.outcome for one in records if one.call == call)
        happened = gateway.effects[target, call]
        if not told["done"] <= happened <= told["done"] + told["unknown"]:
            found.append(f"{call} on {target} happened {happened} times, on record is {dict(told)}")
    return found


def _state(records: list[StepRecord], before: State, now: State, target: str) -> list[str]:
    if any(one.outcome == "unknown" for one in records):
        return []
    done = [one for one in sorted(records, key=lambda one: (one.execution, one.number)) if one.outcome == "done"]
    meant = done[-1].leaves if done else before
    return [] if dict(meant) == dict(now) else [f"{target} is {dict(now)}, on record is {dict(meant)}"]
